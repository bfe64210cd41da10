// What a live run would contact: a dry run's requests, and what stands on nodes that the dry run did not come to. The token that confirms a
// plan is good once, and for the very run that was planned.
import { createHash, randomBytes } from 'node:crypto'
import type { EffectOptions, PlanEntry, RunPlan } from '../../../contract/effects.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Effect, RunEvent } from '../../../contract/run.ts'
import { maskUrls } from '../../../contract/secrets.ts'
import { CodedError } from '../../../contract/errors.ts'
import { isMap } from '../../../engine/php/values.ts'
import { defaultAnswer, policyOf } from '../../../engine/effects/policy.ts'
import type { Stepper } from '../../../engine/run/stepper.ts'
import { originOf, refusalOf, targetOf } from '../../ports/live.ts'
import type { Confirmed } from '../../ports/live.ts'
import type { LiveConfig } from '../../ports/live-config.ts'

interface Asked {
  readonly nodeId: number
  readonly moduleId: string
  readonly effect: Effect
}

/** Every effect that would be performed, on assumed answers. Nothing leaves. */
function rehearse(begin: Planning['begin']): {
  readonly asked: readonly Asked[]
  readonly visited: ReadonlySet<number>
} {
  const asked: Asked[] = []
  const visited = new Set<number>()
  const run = begin((event) => {
    if (event.type === 'node.started') visited.add(event.data.nodeId)
  })
  for (let pause = run.next({ type: 'run' }); pause.state === 'asking';) {
    const { nodeId, moduleId, effect } = pause.ask
    asked.push({ nodeId, moduleId, effect })
    pause = run.next({ type: 'answer', answer: defaultAnswer(effect), by: 'record' })
  }
  return { asked, visited }
}

const urlModules = new Set(['webhook', 'ms-teams-webhook', 'splunk-hec-export'])
const quietModules = new Set(['send-mail', 'send-log-mail', 'enrich-event', 'attach-enrichment'])

interface Unvisited {
  readonly entry?: PlanEntry
  readonly open?: RunPlan['open'][number]
}

/** What a node that the dry run did not come to would contact, as far as its parameters tell. */
function lookAt(node: JsonMap, nodeId: number, known: ReadonlySet<string>): Unvisited {
  const data = (isMap(node['data'] ?? null) ? node['data'] : {}) as JsonMap
  const moduleId = String(data['id'] ?? '')
  const params = (isMap(data['indexed_params'] ?? null) ? data['indexed_params'] : {}) as JsonMap
  if (urlModules.has(moduleId)) {
    const url = String(params['url'] ?? '')
    if (url === '') return {}
    if (/\{[{%]/.test(url))
      return { open: { nodeId, moduleId, text: `The URL is decided by a template: ${maskUrls(url)}` } }
    const target = originOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`)
    return { entry: { nodeId, moduleId, kind: 'http', target, count: 0 } }
  }
  if (moduleId === 'telegram-send-alert') {
    return { entry: { nodeId, moduleId, kind: 'http', target: 'https://api.telegram.org', count: 0 } }
  }
  if (moduleId === 'push-zmq')
    return { entry: { nodeId, moduleId, kind: 'zmq', target: 'misp_json_workflow', count: 0 } }
  if (quietModules.has(moduleId)) {
    const what = moduleId.startsWith('send')
      ? `mails to ${JSON.stringify(params['recipients'] ?? [])}`
      : 'queries to the service'
    return { open: { nodeId, moduleId, text: `The dry run did not come to this node: ${what}.` } }
  }
  if (data['module_type'] === 'action' && known.has(moduleId)) {
    return {
      open: { nodeId, moduleId, text: 'The dry run did not come to this node; its module may contact its own service.' }
    }
  }
  return {}
}

const planned = new Map<string, { readonly digest: string; readonly confirmed: Confirmed; readonly until: number }>()
const goodForMs = 10 * 60_000
const mostPlans = 100

/** The run that a plan is for: workflow, data and options, without the token itself. */
export function digestOf(params: {
  readonly workflow: unknown
  readonly data: unknown
  readonly options: JsonMap
}): string {
  const { effects, world: _world, ...options } = params.options
  const { confirm: _confirm, ...choices } = (effects ?? {}) as JsonMap
  const text = JSON.stringify([params.workflow, params.data, options, choices])
  return createHash('sha256').update(text).digest('hex')
}

export interface Planning {
  /** Starts the run that is planned. It is driven to its end on assumed answers. */
  readonly begin: (onEvent: (event: RunEvent) => void) => Stepper
  /** The workflow's nodes, for those that the dry run does not come to. A module alone has none. */
  readonly nodes: JsonMap
  readonly config: LiveConfig
  readonly effects: EffectOptions
  readonly digest: string
  /** Ids of modules of the service and of the workspace. */
  readonly knownModules: ReadonlySet<string>
}

export async function buildPlan(planning: Planning): Promise<RunPlan> {
  const { begin, nodes, config, effects, digest, knownModules } = planning
  const { asked, visited } = rehearse(begin)
  const entries = new Map<string, PlanEntry>()
  for (const { nodeId, moduleId, effect } of asked) {
    if (effect.kind === 'template') continue
    const target = targetOf(effect, config)
    const key = `${nodeId} ${effect.kind} ${target}`
    const known = entries.get(key)
    const refused = known ? known.refused : await refusalOf(effect, config)
    const count = (known?.count ?? 0) + 1
    entries.set(key, { nodeId, moduleId, kind: effect.kind, target, count, ...(refused ? { refused } : {}) })
  }
  const open: RunPlan['open'][number][] = []
  for (const [id, node] of Object.entries(nodes)) {
    if (!isMap(node as Json)) continue
    const nodeId = Number((node as JsonMap)['id'] ?? id)
    const moduleId = String(((node as JsonMap)['data'] as JsonMap | undefined)?.['id'] ?? '')
    if (visited.has(nodeId) || policyOf({ nodeId, moduleId }, { effects }).policy !== 'live') continue
    const { entry, open: unclear } = lookAt(node as JsonMap, nodeId, knownModules)
    if (entry) entries.set(`${nodeId} ${entry.kind} ${entry.target}`, entry)
    if (unclear) open.push(unclear)
  }
  const list = [...entries.values()]
  return { entries: list, open, token: keepPlan(digest, list, open), warnings: warningsOf(list) }
}

function warningsOf(entries: readonly PlanEntry[]): readonly string[] {
  const refused = entries.filter((entry) => entry.refused !== undefined)
  return [...new Set(refused.map(({ refused: reason }) => reason ?? ''))]
}

function keepPlan(digest: string, entries: readonly PlanEntry[], open: RunPlan['open']): string {
  const now = Date.now()
  for (const [token, { until }] of planned) if (until < now || planned.size > mostPlans) planned.delete(token)
  const token = randomBytes(18).toString('base64url')
  const confirmed = {
    targets: new Set(entries.map(({ kind, target }) => `${kind} ${target}`)),
    openNodes: new Set(open.map(({ nodeId }) => nodeId))
  }
  planned.set(token, { digest, confirmed, until: now + goodForMs })
  return token
}

/** A token for something that is not a run: one effect that is sent again. */
export const keepTarget = (digest: string, effect: Effect, config: LiveConfig): string =>
  keepPlan(
    digest,
    [{ nodeId: 0, moduleId: '', kind: effect.kind as PlanEntry['kind'], target: targetOf(effect, config), count: 1 }],
    []
  )

/** Uses a token up. Throws LIVE_NOT_CONFIRMED. */
export function redeem(token: string | undefined, digest: string): Confirmed {
  const plan = token === undefined ? undefined : planned.get(token)
  if (token !== undefined) planned.delete(token)
  if (!plan || plan.until < Date.now()) {
    throw new CodedError(
      'LIVE_NOT_CONFIRMED',
      'A live run needs the token of its plan; there is none, or it is used or too old.'
    )
  }
  if (plan.digest !== digest) {
    throw new CodedError(
      'LIVE_NOT_CONFIRMED',
      'The plan that was confirmed is of another run: workflow, data or options differ.'
    )
  }
  return plan.confirmed
}
