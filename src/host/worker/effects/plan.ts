// What a live run would contact: a dry run's requests, and what stands on nodes that the dry run did not come to.
import type { EffectOptions, PlanEntry, RunPlan } from '../../../contract/effects.ts'
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { RunEvent } from '../../../contract/run.ts'
import { maskUrls } from '../../../contract/secrets.ts'
import type { Sends } from '../../../engine/modules/facts.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { isMap } from '../../../engine/php/values.ts'
import { defaultAnswer, policyOf } from '../../../engine/effects/policy.ts'
import type { Stepper } from '../../../engine/run/walk/stepper.ts'
import type { EffectRequest } from '../../../engine/effects/ports.ts'
import { contactOf, methodOf, originOf, refusalOf, targetOf, viaOf } from '../../ports/live.ts'
import type { LiveConfig } from '../../ports/live-config.ts'
import { keepPlan } from './confirm.ts'

/** Every effect that would be performed, on assumed answers. Nothing leaves. */
function rehearse(begin: Planning['begin']): {
  readonly asked: readonly EffectRequest[]
  readonly visited: ReadonlySet<number>
} {
  const asked: EffectRequest[] = []
  const visited = new Set<number>()
  let run: Stepper | null = null
  run = begin((event) => {
    // A workflow that was fired has nodes of its own under the same numbers.
    if (event.type === 'node.started' && event.runId === run?.runId) visited.add(event.data.nodeId)
  })
  for (let pause = run.next({ type: 'run' }); pause.state === 'asking';) {
    const { nodeId, moduleId, workflowId, isFired, effect } = pause.ask
    asked.push({ nodeId, moduleId, workflowId, isFired, effect })
    pause = run.next({ type: 'answer', answer: defaultAnswer(effect), by: 'record' })
  }
  return { asked, visited }
}

interface Unvisited {
  readonly entry?: PlanEntry
  readonly open?: RunPlan['open'][number]
}

/** What a node that the dry run did not come to would contact, as far as its parameters tell. */
function lookAt(node: JsonMap, nodeId: number, { knownModules: known, config, profile }: Planning): Unvisited {
  const data = (isMap(node['data'] ?? null) ? node['data'] : {}) as JsonMap
  const moduleId = plainText(data['id'] ?? '')
  const params = (isMap(data['indexed_params'] ?? null) ? data['indexed_params'] : {}) as JsonMap
  // The first one is what the module is for.
  const sends = data['module_type'] === 'action' ? modulesOf(profile).facts('action', moduleId)?.sends[0] : undefined
  if (sends !== undefined) return unvisited(sends, { nodeId, moduleId }, params, config)
  if (data['module_type'] === 'action' && known.has(moduleId)) {
    return {
      open: { nodeId, moduleId, text: 'The dry run did not reach this node; its module may contact its own service.' }
    }
  }
  return {}
}

function unvisited(
  sends: Sends,
  node: { readonly nodeId: number; readonly moduleId: string },
  params: JsonMap,
  config: LiveConfig
): Unvisited {
  switch (sends.to) {
    case 'url': {
      const url = plainText(params[sends.param] ?? '')
      if (url === '') return {}
      if (/\{[{%]/.test(url)) return { open: { ...node, text: `The URL comes from a template: ${maskUrls(url)}` } }
      const target = originOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`)
      const method = sends.methodParam === undefined ? 'post' : plainText(params[sends.methodParam] ?? 'post')
      return { entry: { ...node, kind: 'http', method: method.toUpperCase(), target, count: 0 } }
    }
    case 'origin':
      return { entry: { ...node, kind: 'http', method: sends.method ?? 'POST', target: sends.origin, count: 0 } }
    case 'topic':
      return { entry: { ...node, kind: 'zmq', target: sends.topic, count: 0, via: viaOf('zmq', config) } }
    case 'mail': {
      const to = JSON.stringify(params[sends.param] ?? [])
      return { open: { ...node, text: `The dry run did not reach this node: mails to ${to}.` } }
    }
    case 'service':
      return { open: { ...node, text: 'The dry run did not reach this node: queries to the service.' } }
  }
}

export interface Planning {
  readonly profile: ProfileId
  /** Starts the run that is planned. It is driven to its end on assumed answers. */
  readonly begin: (onEvent: (event: RunEvent) => void) => Stepper
  /** MISP's id of the workflow that is started. */
  readonly workflowId: string
  /** The workflow's nodes, for those that the dry run does not come to. A module alone has none. */
  readonly nodes: JsonMap
  readonly config: LiveConfig
  readonly effects: EffectOptions
  readonly digest: string
  /** Ids of modules of the service and of the workspace. */
  readonly knownModules: ReadonlySet<string>
}

export function buildPlan(planning: Planning): RunPlan {
  const { begin, nodes, workflowId, config, effects, digest } = planning
  const { asked, visited } = rehearse(begin)
  const entries = new Map<string, PlanEntry>()
  for (const { effect, ...request } of asked) {
    if (effect.kind === 'template') continue
    const { nodeId, moduleId } = request
    const [target, method, via] = [targetOf(effect, config), methodOf(effect), viaOf(effect.kind, config)]
    const key = contactOf(request, effect.kind, method, target)
    const known = entries.get(key)
    const refused = known ? known.refused : refusalOf(effect, config)
    entries.set(key, {
      ...{ nodeId, moduleId, kind: effect.kind, target, count: (known?.count ?? 0) + 1 },
      ...(method === '' ? {} : { method }),
      ...(via === '' ? {} : { via }),
      ...(request.isFired ? { firedWorkflowId: request.workflowId ?? '' } : {}),
      ...(refused ? { refused } : {})
    })
  }
  const open: RunPlan['open'][number][] = []
  for (const [id, node] of Object.entries(nodes)) {
    if (!isMap(node as Json)) continue
    const nodeId = Number((node as JsonMap)['id'] ?? id)
    const moduleId = plainText(((node as JsonMap)['data'] as JsonMap | undefined)?.['id'] ?? '')
    if (visited.has(nodeId) || policyOf({ nodeId, moduleId }, { effects }).policy !== 'live') continue
    const { entry, open: unclear } = lookAt(node as JsonMap, nodeId, planning)
    if (entry) entries.set(contactOf({ nodeId, workflowId }, entry.kind, entry.method ?? '', entry.target), entry)
    if (unclear) open.push(unclear)
  }
  const list = [...entries.values()]
  const confirmed = { targets: new Set(entries.keys()), openNodes: new Set(open.map(({ nodeId }) => nodeId)) }
  return { entries: list, open, token: keepPlan(digest, confirmed), warnings: warningsOf(list) }
}

function warningsOf(entries: readonly PlanEntry[]): readonly string[] {
  const refused = entries.filter((entry) => entry.refused !== undefined)
  return [...new Set(refused.map(({ refused: reason }) => reason ?? ''))]
}
