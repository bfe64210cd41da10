// Of every recorded run that goes otherwise under another version the change of MISP is found that makes it so, and what it takes besides until it
// also ends otherwise.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { scale } from '../attack/scale.ts'
import { ask, hosting } from '../unit/host/hosting.ts'

const vectors = join(import.meta.dirname, '..', '..', '..', 'shared', 'vectors')
const { open } = hosting()
const read = <T>(...names: string[]): T => JSON.parse(readFileSync(join(vectors, ...names), 'utf8')) as T

interface Recorded extends JsonMap {
  readonly mode: string
  readonly workflow: JsonMap
  readonly input_data: JsonMap
  readonly settings: JsonMap
  readonly world: JsonMap
}

function around({ world, settings }: Recorded): JsonMap {
  const base = read<{ world: JsonMap; events: JsonMap }>('world.json')
  const parts = Object.entries(world)
    .filter(([part]) => part !== 'events' && part !== 'host_org_id')
    .map(([part, rows]) => [part, rows === '(base)' ? base.world[part] : rows])
  const events = Object.values({ ...base.events, ...(world['events'] as JsonMap) }).map(
    (event) => (event as { Event?: Json; event?: Json }).event ?? event
  )
  return { world: { ...Object.fromEntries(parts), events } as JsonMap, settings, raw: true }
}

const pairs = [
  ['2.5.1', '2.5-newest'],
  ['2.4.177', '2.5.1'],
  ['2.5-newest', '2.4.177']
] as const

describe.runIf(existsSync(join(vectors, 'runs')))('causes of an update', () => {
  it('are named for every run that differs', { timeout: 600_000 }, async () => {
    const host = await open()
    const names = readdirSync(join(vectors, 'runs')).sort()
    const step = scale(24, 1)
    let differing = 0
    for (const name of names.filter((_, i) => i % step === 0)) {
      const run = read<Recorded>('runs', name)
      if (run.mode !== 'executeWorkflow') continue
      const given = { workflow: { json: run.workflow }, data: { json: run.input_data }, options: around(run) }
      for (const [from, to] of pairs) {
        const found = await ask(host, 'upgrade.compare', { ...given, from, to })
        if (found.state !== 'different') continue
        differing++
        const what = `${name} ${from} ${to}: ${found.before} -> ${found.after}`
        expect(found.before, what).not.toBe(found.after)
        expect(found.rules.length, what).toBeGreaterThan(0)
        expect(found.endRules, what).not.toBeNull()
        // Where the ends differ, something makes them so: it is the first change itself, or named apart.
        for (const { text } of [...found.rules, ...(found.endRules ?? [])]) expect(text, what).toMatch(/MISP 2/)
      }
    }
    expect(differing).toBeGreaterThan(3)
  })
})
