import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RawGraph } from '../../src/contract/workflow.ts'
import { graphReport } from '../../src/engine/check/report.ts'

interface Case {
  readonly id: string
  readonly graph: RawGraph
  readonly results: {
    readonly [name: string]: { readonly expected?: Json; readonly error?: { readonly class: string } }
  }
}
const file = new URL('./fixtures/graphs.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] }

describe('graphs, as MISP 2.5.1 judges them', () => {
  it.each(cases.map((c) => [c.id, c] as const))('%s', (_id, { graph, results }) => {
    const report = graphReport(graph)
    for (const [name, { expected, error }] of Object.entries(results)) {
      const got = report[name]
      if (error) expect((got as { error: JsonMap }).error.class, name).toBe(error.class)
      else expect(got, name).toEqual(expected)
    }
  })
})
