import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { createAdapter } from './adapter.ts'
import { comparableDatabase } from './comparable.ts'

type Post = readonly [path: string, query: string, bytes: number, sha256: string]

interface ExpectedJob {
  readonly command: string
  readonly node: number | null
  readonly posts: readonly Post[]
  readonly http: readonly string[]
  readonly jobs: readonly ExpectedJob[]
}
interface Expected {
  readonly posts: readonly Post[]
  readonly exception?: string
  readonly result?: JsonMap
  readonly blocking_errors?: readonly string[]
  readonly walk?: JsonMap
  readonly jobs: readonly ExpectedJob[]
  readonly http: readonly string[]
  readonly zmq?: JsonMap
  readonly db: JsonMap
  readonly log?: string
}
type Case = JsonMap & { readonly id: string; readonly description: string }
interface File {
  readonly shared: readonly Json[]
  readonly cases: readonly (Case & { readonly expected: Expected })[]
}
interface Sent {
  readonly path: string
  readonly query: string
  readonly body: JsonMap
}
interface Did {
  readonly requests: readonly Sent[]
  readonly other_http: readonly { readonly path: string }[]
  readonly jobs: readonly { readonly args: readonly Json[]; readonly result: Did }[]
}
interface Got extends Did {
  readonly exception?: { readonly class: string }
  readonly result?: JsonMap
  readonly blocking_errors: readonly string[]
  readonly walk: JsonMap | null
  readonly zmq: JsonMap
  readonly db_changes: JsonMap
  readonly workflow_execution_log: string
}

const fixture = new URL('./fixtures/runs.json', import.meta.url)
const { shared, cases, ...around } = JSON.parse(readFileSync(fixture, 'utf8')) as File

/** "(shared N)" put back. */
const filled = (value: Json): Json => {
  const found = typeof value === 'string' ? /^\(shared (\d+)\)$/.exec(value) : null
  return found ? (shared[Number(found[1])] as Json) : value
}

const bytesOf = ({ path, query, body }: Sent): Post => {
  const text = Buffer.from(JSON.stringify(body))
  return [path, query, text.length, createHash('sha256').update(text).digest('hex').slice(0, 16)]
}

const jobOf = ({ args, result }: Did['jobs'][number]): ExpectedJob => ({
  command: String(args[0]),
  node: args[0] === 'walkGraph' ? Number(args[2]) : null,
  ...{
    posts: result.requests.map(bytesOf),
    http: result.other_http.map(({ path }) => path),
    jobs: result.jobs.map(jobOf)
  }
})

const surroundings = { ...around, now: '2024-10-21T12:00:00+00:00' }

describe('runs, as MISP 2.5.1 runs them', () => {
  let run: (input: never) => unknown
  beforeAll(async () => {
    run = (await createAdapter()).run as (input: never) => unknown
  })
  it.each(cases.map((c) => [c.id, c.description, c] as const))(
    '%s: %s',
    (_id, _description, { expected, ...input }) => {
      const given = Object.fromEntries(Object.entries(input).map(([key, value]) => [key, filled(value as Json)]))
      const got = run({ ...given, ...surroundings } as never) as Got
      expect(got.requests.map(bytesOf)).toEqual(expected.posts)
      expect(got.exception?.class).toBe(expected.exception)
      if (expected.result) expect(got.result).toEqual(expected.result)
      if (expected.blocking_errors) expect(got.blocking_errors).toEqual(expected.blocking_errors)
      if (expected.walk) expect(got.walk).toEqual(expected.walk)
      if (expected.log !== undefined) expect(got.workflow_execution_log).toBe(expected.log)
      if (expected.zmq) expect(got.zmq).toEqual(expected.zmq)
      expect(got.jobs.map(jobOf)).toEqual(expected.jobs)
      expect(got.other_http.map(({ path }) => path)).toEqual(expected.http)
      expect(comparableDatabase(got.db_changes)).toEqual(expected.db)
    }
  )
})
