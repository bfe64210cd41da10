import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { createAdapter } from './adapter.ts'
import { comparableDatabase, comparableHttp, comparableMail, comparableQuery } from './comparable.ts'

interface Expected {
  readonly result?: JsonMap
  readonly exception?: string
  readonly after?: Json
  readonly view?: Json
  readonly http?: readonly JsonMap[]
  readonly zmq?: JsonMap
  readonly mail?: readonly JsonMap[]
  readonly queries?: readonly JsonMap[]
  readonly db?: JsonMap
}
interface Case extends JsonMap {
  readonly id: string
  readonly input_data: Json
}
interface File {
  readonly inputs: JsonMap
  readonly cases: readonly (Case & { readonly expected: Expected })[]
  readonly user_for_workflow: JsonMap
}
interface Got {
  readonly result?: JsonMap
  readonly exception?: { readonly class: string }
  readonly roaming_after: Json
  readonly roaming_getData: Json
  readonly http: readonly JsonMap[]
  readonly zmq: JsonMap
  readonly mail: readonly JsonMap[]
  readonly misp_modules_queries: readonly JsonMap[]
  readonly db_changes: JsonMap
}

const file = new URL('./fixtures/modules.json', import.meta.url)
const { inputs, cases, ...around } = JSON.parse(readFileSync(file, 'utf8')) as unknown as File

/** The fixture's stand-ins put back: "(input)", "(after)", "(user)". */
function filled(value: Json | undefined, standIns: JsonMap): Json {
  if (typeof value === 'string') return Object.hasOwn(standIns, value) ? (standIns[value] as Json) : value
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, standIns))
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item as Json, standIns)]))
}

describe('single modules, as MISP 2.5.1 executes them', () => {
  let execute: (input: JsonMap) => Got
  beforeAll(async () => {
    execute = (await createAdapter()).module as unknown as typeof execute
  })

  it.each(cases.map((c) => [c.id, c] as const))('%s', (_id, { expected, ...given }) => {
    const input = typeof given.input_data === 'string' ? (inputs[given.input_data] as Json) : given.input_data
    const standIns = { '(input)': input, '(user)': around.user_for_workflow, '(after)': expected.after ?? null }
    const want = (value: Json | undefined): Json => filled(filled(value, standIns), standIns)
    const got = execute({ ...given, input_data: input, ...around } as JsonMap)

    expect(got.exception?.class).toBe(expected.exception)
    expect(got.result).toEqual(expected.result)
    if (expected.after !== undefined) expect(got.roaming_after).toEqual(want(expected.after))
    if (expected.view !== undefined) expect(got.roaming_getData).toEqual(want(expected.view))
    expect(got.http.map(comparableHttp)).toEqual(want((expected.http ?? []) as Json))
    expect(got.zmq).toEqual(want(expected.zmq ?? {}))
    expect(got.mail.map(comparableMail)).toEqual(expected.mail ?? [])
    expect(got.misp_modules_queries.map(comparableQuery)).toEqual(want((expected.queries ?? []) as Json))
    expect(comparableDatabase(got.db_changes)).toEqual(expected.db ?? {})
  })
})
