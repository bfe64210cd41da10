// A mock as a form shows it, and back. What the form has no field for is edited as JSON.
import { mapOrNull, type Json, type JsonMap } from '../../../contract/json.ts'

export const failureKinds = ['refused', 'timeout', 'unresolved', 'reset'] as const
type FailureKind = (typeof failureKinds)[number]

export interface MockRow {
  /** Node id or module id. */
  readonly key: string
  readonly kind: 'answer' | 'failure' | 'json'
  readonly status: number
  readonly body: string
  readonly failure: FailureKind
  readonly message: string
  /** Milliseconds that the answer takes; longer than MISP waits is a timeout. */
  readonly delayMs: number
  readonly json: string
}

export const blankRow: MockRow = {
  key: '',
  kind: 'answer',
  status: 200,
  body: '',
  failure: 'timeout',
  message: '',
  delayMs: 0,
  json: '{"results": []}'
}

const only = (map: JsonMap, names: readonly string[]): boolean => Object.keys(map).every((name) => names.includes(name))

function rowOf(key: string, value: Json): MockRow {
  const map = mapOrNull(value)
  const raw: MockRow = { ...blankRow, key, kind: 'json', json: JSON.stringify(value, null, 2) }
  if (!map) return raw
  const { failure, message, status, body, delayMs } = map
  const delay = typeof delayMs === 'number' ? delayMs : 0
  const known = failureKinds.find((name) => name === failure)
  if (known && only(map, ['failure', 'message', 'delayMs']))
    return {
      ...blankRow,
      key,
      kind: 'failure',
      failure: known,
      message: typeof message === 'string' ? message : '',
      delayMs: delay
    }
  if (typeof status === 'number' && only(map, ['status', 'body', 'delayMs'])) {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body, null, 2)
    return { ...blankRow, key, kind: 'answer', status, body: text, delayMs: delay }
  }
  return raw
}

export const rowsOf = (mocks: { readonly [key: string]: Json }): readonly MockRow[] =>
  Object.entries(mocks).map(([key, value]) => rowOf(key, value))

function valueOf(row: MockRow): Json {
  const delay: JsonMap = row.delayMs > 0 ? { delayMs: row.delayMs } : {}
  if (row.kind === 'answer') return { status: row.status, body: row.body, ...delay }
  if (row.kind === 'failure')
    return { failure: row.failure, ...(row.message ? { message: row.message } : {}), ...delay }
  return JSON.parse(row.json) as Json
}

/** The mocks that the rows say; a text says what is wrong. */
export function mocksOf(rows: readonly MockRow[]): JsonMap | string {
  const entries: [string, Json][] = []
  for (const row of rows) {
    const key = row.key.trim()
    if (key === '') return 'Choose a node or module for each mock.'
    if (entries.some(([name]) => name === key))
      return `There are two mocks for ${key}; give several answers as a JSON list.`
    try {
      entries.push([key, valueOf(row)])
    } catch (error) {
      return `The mock for ${key}: ${error instanceof Error ? error.message : 'invalid JSON'}`
    }
  }
  return Object.fromEntries(entries)
}
