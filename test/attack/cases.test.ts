// Cases from anywhere: whatever stands in one, it is judged or told to be broken, and nothing else happens.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { CaseReader } from '../../src/host/cases/case-reader.ts'
import { testCase } from '../../src/host/cases/test-case.ts'
import { eventOf, guard } from '../unit/host/samples.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { repeat, seeded } from './scale.ts'

const folder = temporaryFolders()
const count = repeat(300, 20_000)

const full = {
  ...{
    format: 'retrace.case',
    version: 1,
    name: 'x',
    workflow: guard,
    input: eventOf(1, ['tlp:red']),
    profile: '2.5.1'
  },
  ...{ now: '2025-01-01T00:00:00Z', uuids: 'a', settings: { 'MISP.host_org_id': 1 }, secrets: ['Plugin.X_key'] },
  ...{ cascade: 1, lastId: 3, service: ['a', { name: 'b' }], world: { tags: [], users: [{ User: { id: '1' } }] } },
  ...{ found: { tags: [], last: { tags: 4 } }, mocks: { webhook: [{ status: 200 }] }, pins: { 3: { success: true } } },
  answers: [{ node: 4, request: { kind: 'http', url: 'x' }, answer: { status: 200, body: '' } }],
  expect: {
    ...{ outcome: 'blocked', message: 'too red', path: ['2 true', '3 failed'], effects: [{ kind: 'zmq', topic: 'a' }] },
    ...{
      changes: [{ node: 3, table: 'tags', op: 'added' }],
      values: [{ path: 'Event.Tag.{n}.name', is: ['x'], after: 2 }]
    }
  }
} as unknown as JsonMap

const odd: readonly Json[] = [
  ...[null, true, 0, -1, 1e308, '', '../../../etc/passwd', '{n', '[', '__proto__', '\u0000', [], {}, [[]]],
  ...[
    { toString: 1, valueOf: 1, length: -1 },
    { kind: 'http' },
    { kind: 'template', template: '{{' },
    'x'.repeat(100_000)
  ]
]

/** One place of it is another value, or is not there. */
function changed(value: Json, next: () => number): Json {
  if (typeof value !== 'object' || value === null || next() < 0.15) return odd[Math.floor(next() * odd.length)] ?? null
  const entries = Object.entries(value)
  if (entries.length === 0) return odd[Math.floor(next() * odd.length)] ?? null
  const at = Math.floor(next() * entries.length)
  const rest = next() < 0.1
  const made = entries.flatMap(([key, one], i) =>
    i !== at ? [[key, one]] : rest ? [] : [[key, changed(one as Json, next)]]
  )
  return Array.isArray(value) ? made.map(([, one]) => one as Json) : (Object.fromEntries(made) as Json)
}

describe('a case from elsewhere', () => {
  it('is judged or broken, whatever stands in it', () => {
    const path = join(folder(), 'x.case.json')
    const reader = new CaseReader()
    for (let seed = 1; seed <= count; seed++) {
      const next = seeded(seed)
      let value: Json = full
      for (let i = 0; i <= next() * 3; i++) value = changed(value, next)
      writeFileSync(path, JSON.stringify(value))
      try {
        const { result } = testCase(reader, { path, name: 'x.case.json' }, undefined)
        if (result.state !== 'passed') expect(result.differences.length + result.reasons.length).toBeGreaterThan(0)
        expect(JSON.stringify(result)).not.toContain('root:')
      } catch (error) {
        throw new Error(`seed ${seed}: ${JSON.stringify(value).slice(0, 3000)}`, { cause: error })
      }
    }
  })
})
