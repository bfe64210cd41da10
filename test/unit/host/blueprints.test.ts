// The published blueprints of the curation pipeline, as MISP 2.5.1 ran them: the workspace runs them offline, to the end that MISP reached, with
// the service's recorded answers. They are other people's, so they are read from beside the project, and skipped where they are not.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { ask, finished, hosting } from './hosting.ts'

const { open } = hosting()
const vectors = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'vectors')
const folder = join(vectors, 'runs')
const read = <T>(...names: string[]): T => JSON.parse(readFileSync(join(vectors, ...names), 'utf8')) as T

interface Recorded extends JsonMap {
  readonly id: string
  readonly blueprint_file: string
  readonly mode: string
  readonly workflow: JsonMap
  readonly input_data: JsonMap
  readonly settings: JsonMap
  readonly enabled_modules: readonly string[]
  readonly requests: readonly (JsonMap & { readonly path: string; readonly body: { readonly data: Json } })[]
  /** Null: PHP threw. */
  readonly result: JsonMap | null
  readonly world: JsonMap
}

const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^run-\d+-blueprint-/.test(name)) : []
const cases = names
  .map((name) => read<Recorded>('runs', name))
  .filter(({ mode, blueprint_file: file }) => mode === 'executeWorkflow' && file !== undefined)

function around({ world, settings, enabled_modules: modules }: Recorded): JsonMap {
  const base = read<{ world: JsonMap; events: JsonMap }>('world.json')
  const parts = Object.entries(world)
    .filter(([part]) => part !== 'events' && part !== 'host_org_id')
    .map(([part, rows]) => [part, rows === '(base)' ? base.world[part] : rows])
  const events = Object.values({ ...base.events, ...(world['events'] as JsonMap) }).map(
    (event) => (event as { Event?: Json; event?: Json }).event ?? event
  )
  const listed = read<{ modules: Json }>('service-modules.json').modules
  return {
    world: { ...Object.fromEntries(parts), events, service_modules: listed },
    settings: { ...settings, enabled_modules: modules as unknown as Json }
  } as JsonMap
}

const executed = ({ requests }: Recorded): readonly string[] => {
  const end = requests.findIndex(({ path }) => path.endsWith('/end'))
  // Without an end PHP died; what comes after it are posts of jobs.
  return requests.slice(0, end < 0 ? undefined : end).flatMap(({ path }) => /\/exec\/(.+)$/.exec(path)?.[1] ?? [])
}

/** Queries of the run and of its jobs, wherever they were recorded. Templates are rendered here. */
function queriesOf(value: Json): JsonMap[] {
  if (typeof value !== 'object' || value === null) return []
  const { misp_modules_queries: own, ...rest } = value as JsonMap
  const below = Object.values(rest).flatMap((item) => queriesOf(item as Json))
  const mine = ((own ?? []) as JsonMap[]).filter(
    ({ request }) => (request as JsonMap)['module'] !== 'jinja_template_rendering'
  )
  return [...mine, ...below]
}

describe.runIf(cases.length > 0)('the published blueprints', () => {
  it('are all there', () => {
    const run = new Set(cases.map(({ blueprint_file: file }) => file))
    const published = readdirSync(join(vectors, '..', 'data', 'blueprints')).filter((name) => name.endsWith('.json'))
    expect(published.filter((name) => !run.has(name))).toEqual([])
  })

  it.each(cases.map((one) => [one.id, one] as const))('%s ends where MISP ended', async (_id, recorded) => {
    const host = await open()
    const answers = queriesOf(recorded).map(({ request, status, response }) => ({
      request: request as Json,
      reply: { status: Number(status), json: response ?? null }
    }))
    if (answers.length > 0) await ask(host, 'answers.import', { name: 'service', text: JSON.stringify(answers) })
    const options = {
      ...around(recorded),
      effects: { policy: 'recorded' as const },
      profile: '2.5.1',
      now: '2024-10-21T12:00:00+00:00'
    }
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: recorded.workflow as Json },
      data: { json: recorded.input_data as Json },
      options
    })
    const { steps, summary } = await finished(host, runId)
    expect(summary.outcome).toBe(recorded.result?.['outcome'] ?? 'aborted')
    const walked = steps.filter(({ job }) => job === null)
    expect(walked.map(({ moduleId }) => moduleId)).toEqual(executed(recorded))
    // What the service is asked is what MISP asked, or its recorded answer would not be found.
    const { effects } = await ask(host, 'run.effects', { runId, unmasked: true })
    const queries = effects.filter(({ effect }) => effect.kind === 'misp-modules')
    expect(queries.map(({ by }) => by)).toEqual(queries.map(() => 'recorded'))
    expect(queries.length > 0).toBe(answers.length > 0)
    if (walked.length === 0) return
    const [last] = recorded.requests.filter(({ path }) => path.includes('/exec/')).slice(-1)
    const { text } = await ask(host, 'run.text', { runId, step: walked.length, which: 'output', path: [] })
    expect(JSON.parse(text)).toEqual(last?.body.data)
  })
})
