// The runs that a MISP recorded, with what was around them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunCase } from './adapter.ts'

const folder = new URL('../../../shared/vectors/', import.meta.url)
const read = (name: string): JsonMap => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as JsonMap

/** Every recorded run of which is known what its trigger got, when they are here. */
export const recorded = (): RunCase[] => allRecorded().filter(({ input_data }) => input_data !== null)

/** Every recorded run, when they are here; `input_data` null where only its jobs posted. */
export function allRecorded(): RunCase[] {
  if (!existsSync(new URL('runs', folder))) return []
  const base = read('world.json')
  const surroundings = {
    ...{ events: base['events'], user_for_workflow: base['user_for_workflow'], now: '2024-10-21T12:00:00+00:00' },
    ...{
      telegram_url_overridden: 'http://127.0.0.1:27051/hook/telegram/',
      service_modules: read('service-modules.json')
    }
  }
  return readdirSync(new URL('runs', folder)).flatMap((name) => {
    const one = read(`runs/${name}`)
    const world = Object.fromEntries(
      Object.entries((one['world'] ?? {}) as JsonMap).map(([part, value]) => [
        part,
        value === '(base)' ? ((base['world'] as JsonMap)[part] as Json) : value
      ])
    )
    const isNatural = one['mode'] === 'natural'
    const posted = (one['requests'] as readonly JsonMap[])[0]?.['body'] as JsonMap | undefined
    const data = isNatural
      ? ((posted?.['data'] as JsonMap | undefined)?.['original'] ?? null)
      : (one['input_data'] ?? null)
    const mode = isNatural ? 'executeWorkflow' : one['mode']
    const telegram = one['telegram_url_overridden'] ?? surroundings.telegram_url_overridden
    return [
      {
        ...one,
        ...surroundings,
        telegram_url_overridden: telegram,
        world,
        mode,
        input_data: data
      } as unknown as RunCase
    ]
  })
}
