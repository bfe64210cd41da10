// Every reason for which a run ends as “cannot tell”, each by what really leads to it. One that is new is missed here.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { EffectAnswer, RunEvent } from '../../../../src/contract/run.ts'
import { createModuleRun } from '../../../../src/engine/run/execute-module.ts'
import type { ModuleInput } from '../../../../src/engine/run/execute-module.ts'
import { runToEnd } from '../../../../src/engine/run/walk/driver.ts'
import { repeatCalls } from '../../../../src/engine/run/surroundings/custom-calls.ts'
import type { RecordedAct } from '../../../../src/contract/surroundings.ts'
import { defineAction } from '../../../../src/engine/modules/define.ts'
import type { ProfileId } from '../../../../src/engine/profiles/profiles.ts'
import { finish, node, runAll, start, workflow } from './builders.ts'

type Why = readonly [code: string | null, reason: string] | null

interface Alone {
  readonly params?: JsonMap
  readonly data?: Json
  readonly profile?: ProfileId
  readonly settings?: JsonMap
  readonly answer?: EffectAnswer
  readonly more?: Partial<ModuleInput>
}

const attribute = { id: '1', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1c', type: 'ip-dst', value: '198.51.100.20' }
const event: JsonMap = {
  Event: {
    ...{ id: '7', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1b', info: 'x', timestamp: '1700000000' },
    Attribute: [attribute],
    _AttributeFlattened: [attribute],
    EventReport: [
      { id: '3', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1d', event_id: '7', name: 'r', content: 'c', deleted: false }
    ]
  }
}
const settings: JsonMap = { 'Security.rest_client_enable_arbitrary_urls': true, 'MISP.host_org_id': 1 }
const organisations = [{ id: '1', name: 'ORGNAME', uuid: '56ef3277-1ad4-42f6-b90b-04e5c0a83832' }]

function alone(moduleId: string, { params = {}, data = event, profile = '2.5-newest', answer, ...rest }: Alone): Why {
  const ports = {
    clock: { now: () => 1_729_512_000_000, monotonic: () => 0 },
    uuid: () => '00000000-0000-4000-8000-000000000001',
    ...(answer ? { answer: () => ({ answer, by: 'test' }) } : {})
  }
  const input: ModuleInput = {
    ...{ moduleId, params, data, settings: { ...settings, ...rest.settings } },
    ...{ world: { organisations, events: [event] }, options: { profile } },
    ...rest.more
  }
  const run = createModuleRun(input, ports, () => undefined)
  runToEnd(run.stepper)
  const why = run.result()?.cannotTell ?? null
  return why && [why.code, why.reason]
}

/** Its code is not told. */
function whyOf(events: readonly RunEvent[]): Why {
  const { outcome, outcomeText } = finish(events)
  if (outcome === 'cannot tell') return [null, outcomeText]
  // Its jobs come behind its end.
  const limit = events.findLast((one) => one.type === 'note' && one.data.code === 'RUN_LIMIT')
  return limit?.type === 'note' ? [limit.data.code, limit.data.text] : null
}
const whole = (...args: Parameters<typeof runAll>): Why => whyOf(runAll(...args))

const services: JsonMap = { 'Plugin.Enrichment_services_enable': true, 'Plugin.Enrichment_timeout': 1 }
const lookup = (format: string | null): JsonMap => ({
  name: 'lookup',
  mispattributes: { input: ['ip-dst'], output: ['text'], ...(format === null ? {} : { format }) },
  meta: { 'module-type': ['expansion'] }
})
const enriched = (format: string | null, answer: EffectAnswer): Why =>
  alone('enrich-event', {
    ...{ params: { modules: 'lookup' }, answer },
    settings: { ...services, 'Plugin.Enrichment_lookup_enabled': true },
    more: { serviceModules: [lookup(format)] }
  })
const body = (value: Json): EffectAnswer => ({ status: 200, body: JSON.stringify(value) })
const own = (calls: readonly (readonly RecordedAct[])[]): Why =>
  alone('own', {
    more: {
      customModules: [
        {
          definition: defineAction({ id: 'own', name: 'own', description: '', is_custom: true }),
          execute: repeatCalls('own', calls)
        }
      ]
    }
  })
const started = (moduleId: string, params: JsonMap): JsonMap => {
  const made = workflow([{ id: 'push-zmq' }], { name: 'own', trigger_id: moduleId }, moduleId)
  const nodes = made['data'] as { readonly [id: string]: JsonMap }
  const data = { ...(nodes['1']?.['data'] as JsonMap), indexed_params: params }
  return { ...made, data: { ...nodes, 1: { ...nodes['1'], data } } }
}
const adHoc = (filters: JsonMap): Why =>
  whole({
    workflow: started('adhoc_1', { scope: 'events', filters: JSON.stringify(filters) }),
    world: { organisations, events: [event] },
    options: { profile: '2.5-newest' }
  })
const line = [{ id: 'push-zmq', to: [[3]] }, { id: 'push-zmq', to: [[4]] }, { id: 'push-zmq' }]
/** Runs itself. */
const itself = (): JsonMap => {
  const params = { workflows: ['adhoc_1 :: own'], input_data: 'roaming_data' }
  const made = started('adhoc_1', { scope: 'passed_roaming_data', filters: '{}' })
  const nodes = made['data'] as JsonMap
  return { ...made, data: { ...nodes, 2: node(2, { id: 'run-workflow', params }) } }
}
/** A live request that nobody performs. */
function unanswered(): Why {
  const { run, events } = start({
    workflow: workflow([{ id: 'push-zmq' }]),
    effects: { policy: 'live' },
    options: { perform: true }
  })
  while (run.next({ type: 'run' }).state !== 'finished') continue
  return whyOf(events)
}

const reasons: readonly (readonly [code: string, reason: RegExp, why: () => Why])[] = [
  [
    'ENRICHMENT_NOT_STORED',
    /contains objects or reports/,
    () =>
      enriched(
        'misp_standard',
        body({
          results: { Object: [{ name: 'file', 'meta-category': 'file', template_uuid: attribute.uuid }] }
        })
      )
  ],
  [
    'FREETEXT_IMPORT',
    /free text/,
    () => enriched(null, body({ results: [{ types: ['freetext'], values: ['a text'] }] }))
  ],
  [
    'NO_MODULE_ANSWER',
    /No response for module lookup/,
    () => enriched('misp_standard', { failure: 'unavailable', message: 'offline' })
  ],
  [
    'NO_TEMPLATE_RENDERER',
    /needs a template renderer: none/,
    () =>
      alone('stop-execution', {
        params: { message: '{{ Event.info }}' },
        answer: { failure: 'unavailable', message: 'none' }
      })
  ],
  [
    'TIME_UNKNOWN',
    /PHP would read the time/,
    () =>
      alone('filter-timestamp', {
        params: { 'filtering-label': 'A', target: 'event', operator: 'lt', value: 'first day of 2024' }
      })
  ],
  ['SEARCH_UNKNOWN', /searched by `tags`/, () => adHoc({ tags: ['tlp:red'] })],
  ['SEARCH_UNKNOWN', /searched by uuid `%`/, () => adHoc({ uuid: '%' })],
  [
    'AI_UNKNOWN',
    /AI module reads out of a report/,
    () => alone('ai-extract-indicators', { settings: { 'Plugin.AI_services_enable': true } })
  ],
  [
    'AI_UNKNOWN',
    /CTI Info Extractor makes of a report/,
    () =>
      alone('send-report-to-cti-info-extractor', {
        settings: { 'Plugin.CTIInfoExtractor_enable': true, 'Plugin.CTIInfoExtractor_url': 'http://127.0.0.1/' },
        // In 2.5.19 as it is a filter renumbers what it keeps, and no report is found.
        more: {
          filters: { selector: '', path: 'id', operator: 'equals', value: '7' },
          options: { profile: '2.5.19', mixed: { rules: { keptItemsRenumbered: false }, modules: new Map() } }
        }
      })
  ],
  [
    'AI_UNKNOWN',
    /AI module writes about a report/,
    () => alone('send-report-to-cti-info-extractor', { settings: { 'Plugin.AI_services_enable': true } })
  ],
  [
    'FLOWINTEL_UNKNOWN',
    /sends a case to Flowintel/,
    () => alone('flowintel-create-case', { params: { url: 'http://127.0.0.1/', apikey: 'k' } })
  ],
  [
    'CONDITION_UNKNOWN',
    /evaluates the condition `greater`/,
    () => alone('generic-if', { params: { operator: 'greater', value: '1', hash_path: 'Event.id' } })
  ],
  [
    'STEP_LIMIT',
    /executed 2 nodes/,
    () => whole({ workflow: workflow(line), options: { limits: { steps: 2, runs: 5 } } })
  ],
  [
    'RUN_LIMIT',
    /started 1 jobs and runs/,
    () =>
      whole({
        workflow: workflow([{ id: 'concurrent-task', to: [[3, 4]] }, { id: 'push-zmq' }, { id: 'push-zmq' }]),
        options: { limits: { steps: 50, runs: 1 } }
      })
  ],
  [
    'RUN_LIMIT',
    /run each other more than \d+ levels deep/,
    () =>
      whole({
        workflow: itself(),
        workflows: [itself()],
        enabledAdHoc: ['adhoc_1'],
        options: { profile: '2.5-newest' }
      })
  ],
  ['EFFECT_UNANSWERED', /side effect of node 2 \(push-zmq\)/, unanswered],
  [
    'TRIGGER_FIRING_UNKNOWN',
    /adds analyst data/,
    () =>
      whole({
        workflow: workflow([
          {
            id: 'add_analyst_data',
            params: { target: 'Event', analyst_data_type: 'Note', note: 'n', language: 'en', distribution: '0' }
          }
        ]),
        workflows: [workflow([{ id: 'push-zmq' }], { id: '2', name: 'other' }, 'analyst-data-after-save')],
        enabledTriggers: ['event-publish', 'analyst-data-after-save'],
        currentUserId: '1',
        world: { organisations, users: [{ id: '1', email: 'a@example.org', org_id: '1', role_id: '1' }] },
        options: { profile: '2.5-newest' }
      })
  ],
  [
    'REGEX_UNSUPPORTED',
    /\S/,
    () =>
      alone('generic-if', {
        params: { operator: 'in', value: 'x', hash_path: 'Event.Attribute.{n}[value=/a(*SKIP)b/].value' }
      })
  ],
  [
    'REGEX_TOO_COMPLEX',
    /\S/,
    () => {
      const data = { Event: { ...(event['Event'] as JsonMap), Tag: [{ name: `${'a'.repeat(40)}!` }] } }
      const path = String.raw`Event.Tag.{n}[name=/((a|aa)+)\1c/].name`
      return alone('generic-if', { data, params: { operator: 'in', value: 'x', hash_path: path } })
    }
  ],
  ['CALL_NOT_RECORDED', /What own did in this call/, () => own([])],
  [
    'CALL_NOT_RECORDED',
    /does not fit the data/,
    () =>
      own([
        [
          ['set', { list: [[0, 3]] }],
          ['return', true]
        ]
      ])
  ]
]

describe('nobody can tell', () => {
  it.each(reasons)('%s: %s', (code, reason, why) => {
    expect(why()).toEqual([expect.toSatisfy((one) => one === null || one === code), expect.stringMatching(reason)])
  })

  it('for no other reason: those of the engine are the ones above', () => {
    const engine = fileURLToPath(new URL('../../../../src/engine', import.meta.url))
    const found = readdirSync(engine, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const text = readFileSync(join(engine, name), 'utf8')
        return [...text.matchAll(/new CannotTell\(\s*'(\w+)'/g)].map(([, code]) => code)
      })
    expect([...found].sort()).toEqual(
      reasons
        .map(([code]) => code)
        .filter((code) => !code.startsWith('REGEX_'))
        .sort()
    )
  })
})
