// The misp-modules services know the modules that a workflow asks for, although nobody took their list over.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { Params } from '../../../src/contract/operations.ts'
import { serviceDefinitions } from '../../../src/engine/modules/table.ts'
import { shippedModules } from '../../../src/engine/modules/service/shipped.ts'
import { ask, finished, hosting } from './hosting.ts'
import { workflowOf } from './samples.ts'

const { open } = hosting()
const root = join(import.meta.dirname, '..', '..', '..')
const read = (...names: string[]): JsonMap => JSON.parse(readFileSync(join(root, ...names), 'utf8')) as JsonMap
const folder = ['test', 'fixtures', 'cases', 'F07-attach-enrichment-default']
const event = read(...folder, 'event.json')

async function run(workflow: JsonMap, options: Params<'run.start'>['options'] = {}) {
  const host = await open()
  const { runId } = await ask(host, 'run.start', {
    ...{ workflow: { json: workflow as Json }, data: { json: event }, options: { profile: '2.5.1', ...options } }
  })
  const detail = await finished(host, runId)
  const { effects } = await ask(host, 'run.effects', { runId, unmasked: true })
  const { changes } = await ask(host, 'run.worldChanges', { runId, offset: 0, limit: 100 })
  return { ...detail, effects, changes }
}

const enrich = (module: string, modules: Json): JsonMap =>
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module, params: { modules } }
  })

const shipped = 'The misp-modules services have the modules of misp-modules 3.0.9.'

describe('enrichment without a list of the service', () => {
  it('asks the module that misp-modules ships about the types that it takes, and a mock answers', async () => {
    const { summary, steps, assumptions, effects } = await run(read(...folder, 'workflow.json'), {
      mocks: read(...folder, 'mock.json')
    })
    expect([summary.outcome, steps.map(({ moduleId }) => moduleId)]).toEqual([
      'blocked',
      ['attach-enrichment', 'generic-if', 'stop-execution']
    ])
    expect(effects.map(({ effect, by }) => ('body' in effect ? [effect.body, by] : null))).toMatchObject([
      [{ module: 'dns', hostname: 'a.example.org' }, 'mock']
    ])
    expect(assumptions).toContain(shipped)
  })

  it('assumes a module that misp-modules does not ship for every type, and names it', async () => {
    const { summary, assumptions, effects } = await run(enrich('attach-enrichment', ['bgpranking', 'our_own']))
    expect([summary.outcome, effects.length]).toEqual(['success', 4])
    expect(assumptions).toContain('They also have bgpranking, our_own, for every type of attribute.')
  })

  it('saves what a mock of either form answers an assumed module, which counts as enabled', async () => {
    const old = { results: [{ types: ['ip-src'], values: ['203.0.113.9'] }] }
    const standard = {
      results: { Attribute: [{ type: 'ip-src', category: 'Network activity', value: '203.0.113.9' }] }
    }
    for (const reply of [old, standard]) {
      const { changes, assumptions } = await run(enrich('enrich-event', 'our_own'), { mocks: { 2: reply } })
      const added = changes.flatMap(({ change }) =>
        change.op === 'added' ? [change.row.value1 ?? change.row.value] : []
      )
      expect(added).toContain('203.0.113.9')
      expect(assumptions).toContain('Plugin.Enrichment_our_own_enabled is on.')
    }
    const off = await run(enrich('enrich-event', 'dns'), { settings: { 'Plugin.Enrichment_dns_enabled': false } })
    expect(off.effects.filter(({ effect }) => effect.kind === 'misp-modules')).toEqual([])
  })

  it('takes the list that there is, and finds no module under a name in other letters', async () => {
    const listed = await run(read(...folder, 'workflow.json'), { world: { service_modules: [] } })
    expect([listed.summary.outcome, listed.assumptions.includes(shipped)]).toEqual(['aborted', false])
    expect((await run(enrich('attach-enrichment', ['DNS']))).summary.outcome).toBe('aborted')
    const off = { settings: { 'Plugin.Enrichment_services_enable': false } }
    expect((await run(enrich('attach-enrichment', ['dns']), off)).summary.outcome).toBe('aborted')
  })
})

const poster = workflowOf({
  1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
  2: {
    ...{ type: 'action', module: 'mattermost' },
    params: { channel_id: 'soc', message_template: 'published: {{ Event.info }}' }
  }
})

describe('action modules of misp-modules', () => {
  it('run with their templates, and are no unknown modules in checks, needs and lists', async () => {
    const { summary, effects } = await run(poster)
    expect(summary.outcome).toBe('success')
    expect(effects.map(({ effect }) => ('body' in effect ? effect.body : null)).at(-1)).toMatchObject({
      module: 'mattermost',
      params: { channel_id: 'soc', message_template: 'published: Test event' }
    })
    const host = await open()
    expect(await ask(host, 'workflows.check', { workflow: { json: poster as Json } })).toEqual([])
    expect(await ask(host, 'run.needs', { workflow: { json: poster as Json } })).toEqual([])
    const ids = (await ask(host, 'modules.list', {})).map(({ id }) => id)
    for (const id of ['mattermost', 'slack', 'nextcloud_talk', 'export_sentinel', 'testaction'])
      expect(ids).toContain(id)
  })

  it('are not there where the services are off, or where a list does not have them', async () => {
    expect((await run(poster, { mispDefaults: true })).steps[0]?.result).toBe('loading_error')
    expect((await run(poster, { world: { service_modules: [] } })).steps[0]?.result).toBe('loading_error')
  })

  it('leave a placeholder what it is', async () => {
    const placeholders = { mattermost: { success: false, errors: ['no'] } } as never
    const { effects, steps } = await run(poster, { placeholders })
    expect([effects, steps[0]?.result]).toEqual([[], 'partial-success'])
  })
})

const shared = join(root, '..', 'shared')

describe.runIf(existsSync(shared))('what others publish', () => {
  const listed = existsSync(shared)
    ? (JSON.parse(readFileSync(join(shared, 'vectors/misp-modules/modules.json'), 'utf8')) as JsonMap[])
    : []

  it('the modules that are built in are those that misp-modules lists', () => {
    const facts = (module: JsonMap): JsonMap => {
      const { input = null, output = null, format = null } = module['mispattributes'] as JsonMap
      const meta = module['meta'] as JsonMap
      const config = Array.isArray(meta['config']) ? meta['config'] : null
      return { ...{ input, output, format, config }, name: module['name'] ?? null, kinds: meta['module-type'] ?? null }
    }
    const sorted = (modules: readonly JsonMap[]) =>
      modules.map(facts).sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1))
    expect(sorted(shippedModules)).toEqual(sorted(listed))
    // Definitions, without the texts of the modules' authors.
    const nodes = (modules: readonly JsonMap[]) =>
      [...serviceDefinitions(modules).values()].map(({ description: _, params, ...rest }) => ({
        ...rest,
        params: params.map(({ placeholder: _text, ...param }) => param)
      }))
    expect(nodes(shippedModules)).toEqual(nodes(listed))
  })

  const blueprints = existsSync(shared)
    ? readdirSync(join(shared, 'data', 'blueprints')).filter((name) => name.endsWith('.json'))
    : []

  it.each(blueprints)('%s runs to an end with nothing prepared', async (name) => {
    const blueprint = JSON.parse(readFileSync(join(shared, 'data', 'blueprints', name), 'utf8')) as JsonMap
    const { summary, notes } = await run(blueprint)
    expect(['success', 'blocked', 'failure']).toContain(summary.outcome)
    expect(summary.steps).toBeGreaterThan(0)
    expect(notes.filter(({ code }) => code === 'MODULE_UNKNOWN')).toEqual([])
  })
})
