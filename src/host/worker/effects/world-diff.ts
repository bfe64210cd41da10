// What a run changed in MISP's database: the changes in their order, and per table each row before and after.
import type { RowDiff, RunWorldChange, WorldDiff } from '../../../contract/effects.ts'
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { mergeChanges } from '../../../engine/world/changes.ts'

/** Columns that name a row for a person. */
const naming = ['name', 'value', 'value1', 'info', 'email', 'event_info', 'uuid', 'event_uuid'] as const

function labelOf(row: JsonMap | null, id: string | null): string {
  const found = naming.map((column) => row?.[column]).find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found : id === null ? '' : `#${id}`
}

const idOf = (row: JsonMap): string | null =>
  row['id'] === undefined || row['id'] === '' ? null : plainText(row['id'])

function rowsOf(table: ReturnType<typeof mergeChanges>[string]): RowDiff[] {
  const rows: RowDiff[] = []
  for (const row of table.added ?? [])
    rows.push({ id: idOf(row), label: labelOf(row, idOf(row)), before: null, after: row })
  for (const row of table.removed ?? [])
    rows.push({ id: idOf(row), label: labelOf(row, idOf(row)), before: row, after: null })
  for (const { id, fields } of table.changed ?? []) {
    const side = (i: 0 | 1): { readonly [column: string]: Json } =>
      Object.fromEntries(Object.entries(fields).map(([column, values]) => [column, values[i]]))
    rows.push({ id, label: labelOf(side(1), id), before: side(0), after: side(1) })
  }
  return rows
}

export function worldDiffOf(changes: readonly RunWorldChange[], offset: number, limit: number): WorldDiff {
  const tables = Object.entries(mergeChanges(changes.map(({ change }) => change))).map(([table, difference]) => {
    const rows = rowsOf(difference)
    return { table, rows: rows.slice(0, limit), total: rows.length }
  })
  return { changes: changes.slice(offset, offset + limit), tables, total: changes.length }
}
