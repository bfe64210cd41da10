// Recorded cases of the other versions of MISP, where they are at hand; `.ci/run` checks all of them in every field.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { ModuleDefinition } from '../../src/contract/modules.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import type { ProfileId } from '../../src/engine/profiles/profiles.ts'
import { scale } from '../attack/scale.ts'
import { createAdapter } from './adapter.ts'

const versions = ['newest', '2.4.198', '2.4.177']
const shared = '../shared'
const read = (file: string): JsonMap => JSON.parse(readFileSync(file, 'utf8')) as JsonMap

/** A third of them in the short form. */
const some = <T>(all: readonly T[]): readonly T[] => all.filter((_, i) => i % scale(3, 1) === 0)

type Adapter = Awaited<ReturnType<typeof createAdapter>>
type Case = JsonMap & { readonly id: string; readonly error?: { readonly class: string } }
const casesOf = (file: JsonMap, name: string): readonly Case[] => (file[name] ?? []) as unknown as readonly Case[]

/** What a call gives, or the class of what it throws. */
function outcome(call: () => unknown): unknown {
  try {
    return { value: call() ?? null }
  } catch (thrown) {
    return { thrown: (thrown as { phpClass?: string }).phpClass ?? String(thrown) }
  }
}

/** As JSON has it: without a difference between 0 and -0, or absent and undefined. */
const plain = (value: unknown): unknown => (value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown))

describe.each(versions)('MISP %s', (version) => {
  const folder = `${shared}/vectors-${version}`
  const there = existsSync(folder)
  const pending = new Set(
    existsSync(`test/conformance/pending-${version}.json`)
      ? (JSON.parse(readFileSync(`test/conformance/pending-${version}.json`, 'utf8')) as readonly string[])
      : []
  )
  let adapter: Adapter
  let around: JsonMap
  let profile: ProfileId
  beforeAll(async () => {
    adapter = await createAdapter()
    if (!there) return
    const base = read(`${folder}/world.json`)
    profile = read(`${folder}/conditions.json`)['profile'] as ProfileId
    around = {
      ...{
        world: base['world'] ?? null,
        events: base['events'] ?? null,
        user_for_workflow: base['user_for_workflow'] ?? null
      },
      now: '2024-10-21T12:00:00+00:00',
      telegram_url_overridden: 'http://127.0.0.1:27051/hook/telegram/',
      service_modules: read(`${shared}/vectors/service-modules.json`),
      profile
    }
  })

  const judge = (cases: readonly Case[], call: (one: Case) => unknown): void => {
    for (const one of cases) {
      if (pending.has(one.id)) continue
      const wanted = one.error ? { thrown: one.error.class } : { value: plain(one['expected']) }
      expect(plain(outcome(() => call(one))), one.id).toEqual(wanted)
    }
  }

  it.skipIf(!there)('compares, filters and reads as recorded', () => {
    const file = read(`${folder}/conditions.json`)
    judge(casesOf(file, 'evaluateCondition'), (one) => adapter.evaluateCondition({ ...one, profile } as never))
    judge(casesOf(file, 'getItemsMatchingCondition'), (one) =>
      adapter.getItemsMatchingCondition({ ...one, profile } as never)
    )
  })

  it.skipIf(!there)('normalises what triggers get as recorded', () => {
    judge(casesOf(read(`${folder}/normalize.json`), 'cases'), (one) =>
      adapter.normalize({ ...one, ...around } as never)
    )
  })

  it.skipIf(!there)('lists the modules as recorded', () => {
    const listed = (read(`${folder}/catalog.json`)['misp_modules_down'] as JsonMap)['modules'] as JsonMap
    const own = modulesOf(profile).list()
    for (const [type, modules] of Object.entries(listed)) {
      const recorded = (Object.values(modules as JsonMap) as JsonMap[]).filter((one) => one['is_custom'] !== true)
      const ours = (own[type as keyof typeof own] as readonly ModuleDefinition[]).filter((one) => !one.is_custom)
      expect(ours.map(({ id }) => id).sort()).toEqual(recorded.map((one) => String(one['id'])).sort())
      for (const { params: _params, disabled: _disabled, decayingmodels: _models, ...wanted } of recorded) {
        const { params: _own, extra, ...found } = ours.find(({ id }) => id === wanted['id']) as ModuleDefinition
        expect(plain({ ...found, ...extra }), String(wanted['id'])).toEqual(wanted)
      }
    }
  })

  it.skipIf(!there)('executes modules as recorded', () => {
    for (const one of some(casesOf(read(`${folder}/modules.json`), 'cases'))) {
      if (pending.has(one.id)) continue
      const got = adapter.module({ ...one, ...around } as never) as JsonMap
      const thrown = (one['exception'] as JsonMap | undefined)?.['class'] ?? null
      expect((got['exception'] as JsonMap | undefined)?.['class'] ?? null, one.id).toBe(thrown)
      if (thrown === null) expect(plain(got['result']), one.id).toEqual(one['result'])
      if (typeof one['roaming_after'] === 'object' && one['mode'] === 'mirror')
        expect(plain(got['roaming_after']), one.id).toEqual(one['roaming_after'])
    }
  })

  it.skipIf(!there)('runs workflows as recorded', () => {
    for (const name of some(readdirSync(`${folder}/runs`))) {
      const one = read(`${folder}/runs/${name}`) as Case
      if (pending.has(one.id) || one['mode'] === 'natural') continue
      const base = around['world'] as JsonMap
      const world = Object.fromEntries(
        Object.entries((one['world'] ?? {}) as JsonMap).map(([key, value]) => [
          key,
          value === '(base)' ? base[key] : value
        ])
      )
      const got = adapter.run({ ...one, ...around, world } as never) as JsonMap
      const posts = (list: Json | undefined): unknown =>
        (Object.values(list ?? []) as JsonMap[]).map(({ path, query, body }) => ({ path, query: query ?? '', body }))
      expect(plain(posts(got['requests'])), one.id).toEqual(plain(posts(one['requests'])))
      expect((got['exception'] as JsonMap | undefined)?.['class'], one.id).toBe(
        (one['exception'] as JsonMap | undefined)?.['class']
      )
      if (one['workflow_execution_log'] !== undefined)
        expect(got['workflow_execution_log'], one.id).toBe(one['workflow_execution_log'])
    }
  })
})
