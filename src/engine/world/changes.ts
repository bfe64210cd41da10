// Folds the changes of a run into what a comparison of the database before and after it shows.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { WorldChange } from '../../contract/run.ts'

/** The difference of one table: rows added and removed, and columns `[before, after]` by row id. */
export interface TableDifference {
  readonly added?: readonly JsonMap[]
  readonly removed?: readonly JsonMap[]
  readonly changed?: readonly {
    readonly id: string
    readonly fields: { readonly [column: string]: readonly [Json, Json] }
  }[]
}

interface Folded {
  added: Map<string, JsonMap>
  removed: Map<string, JsonMap>
  changed: Map<string, Map<string, [Json, Json]>>
}

const keyOf = (row: JsonMap): string =>
  row.id === undefined || row.id === '' ? JSON.stringify(row) : plainText(row.id as string)

function foldFields(table: Folded, id: string, fields: { readonly [column: string]: readonly [Json, Json] }): void {
  const added = table.added.get(id)
  if (added !== undefined) {
    const after = Object.entries(fields).map(([column, [, value]]) => [column, value] as const)
    table.added.set(id, { ...added, ...Object.fromEntries(after) })
    return
  }
  const columns = table.changed.get(id) ?? new Map<string, [Json, Json]>()
  for (const [column, [before, after]] of Object.entries(fields)) {
    const first = columns.get(column)?.[0] ?? before
    if (first === after) columns.delete(column)
    else columns.set(column, [first, after])
  }
  if (columns.size === 0) table.changed.delete(id)
  else table.changed.set(id, columns)
}

function fold(table: Folded, change: WorldChange): void {
  switch (change.op) {
    case 'added':
      table.added.set(keyOf(change.row), change.row)
      return
    case 'removed': {
      const key = keyOf(change.row)
      if (!table.added.delete(key)) table.removed.set(key, change.row)
      table.changed.delete(key)
      return
    }
    case 'changed':
      foldFields(table, change.id, change.fields)
  }
}

function difference(table: Folded): TableDifference {
  const changed = [...table.changed].map(([id, columns]) => ({ id, fields: Object.fromEntries(columns) }))
  return {
    ...(table.added.size > 0 ? { added: [...table.added.values()] } : {}),
    ...(table.removed.size > 0 ? { removed: [...table.removed.values()] } : {}),
    ...(changed.length > 0 ? { changed } : {})
  }
}

/** By table; tables in which nothing remains changed are left out. */
export function mergeChanges(changes: readonly WorldChange[]): { readonly [table: string]: TableDifference } {
  const tables = new Map<string, Folded>()
  for (const change of changes) {
    const table = tables.get(change.table) ?? { added: new Map(), removed: new Map(), changed: new Map() }
    tables.set(change.table, table)
    fold(table, change)
  }
  const named = [...tables].map(([name, table]) => [name, difference(table)] as const)
  return Object.fromEntries(named.filter(([, table]) => Object.keys(table).length > 0))
}
