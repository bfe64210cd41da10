// One sentence on each node of a run, of what was executed: what its module does with the parameters that it read, its own filter, and what
// filters before it leave; of a node that was not executed, that and what it would have done.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { TriggerData } from '../../../contract/modules.ts'
import type { RunEventMap } from '../../../contract/run.ts'
import { isPinned } from '../../../contract/run-views.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { doesNothing, mispSetting, say, withVerdict } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { answerError } from '../../../engine/effects/answer-error.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { extractTriggerId } from '../../../engine/graph/walk-helpers.ts'
import { seenThrough } from '../../../engine/modules/describe/seen.ts'
import { triggerData } from '../../../engine/modules/describe/trigger-data.ts'
import { arbitraryUrlsOff } from '../../../engine/modules/describe/urls-off.ts'
import { isMap, values } from '../../../engine/php/values.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { viewBefore } from '../../../engine/replay/view-before.ts'
import { explainCustom } from '../runs/custom-modules.ts'

type Finished = Pick<RunEventMap['node.finished'], 'moduleId' | 'params' | 'before' | 'view'> &
  Partial<Pick<RunEventMap['node.finished'], 'after' | 'result' | 'errors' | 'derived'>> & {
    readonly nodeId: number | null
  }

type Effects = readonly Pick<RunEffect, 'effect' | 'answer'>[]

export type ExplainNode = (profile: ProfileId, node: Finished, effects?: Effects) => Sentence | null

/** What a workflow has saved of a node. */
export interface SavedNode {
  readonly params: JsonMap
  readonly filters: JsonMap | null
}

/** `workflow` as it was run; null where nobody knows it, as for posts. */
export function explainerOf(workflow: Json): ExplainNode {
  let saved: ReadonlyMap<string, SavedNode> | null = null
  let data: { readonly of: TriggerData | undefined } | null = null
  return (profile, node, effects = []) => {
    const modules = modulesOf(profile)
    saved ??= savedNodes(workflow)
    data ??= { of: triggerData(modules, plainText(extractTriggerId(graphOf(workflow) as never) ?? '')) }
    const own = saved.get(keyOf(node.nodeId, node.moduleId))
    const params = paramsOf(node, own)
    const custom = explainCustom(node.moduleId, params)
    if (custom !== null) return unlessRefused(node, custom)
    const seen = seenThrough(node.before, viewBefore(node, profile))
    const input = {
      params,
      ...(own?.filters ? { filters: own.filters } : {}),
      ...(seen === undefined ? {} : { seen }),
      ...(data.of === undefined ? {} : { data: data.of }),
      ...renderedOf(node, own, effects)
    }
    for (const type of ['logic', 'action', 'trigger']) {
      const explain = modules.explain(type, node.moduleId)
      if (explain === undefined) continue
      const isObeyed = type === 'action' && modules.facts('action', node.moduleId)?.arbitraryUrls === 'obeyed'
      return unlessRefused(node, explain(input), isObeyed)
    }
    return null
  }
}

/** A node that returned before it read its parameters, or was not executed, has those that are saved. */
export const paramsOf = ({ params }: Pick<Finished, 'params'>, own: SavedNode | undefined): JsonMap =>
  Object.keys(params).length > 0 ? params : (own?.params ?? params)

/** Posts have the parameters as saved; a run of ours has what the module read. */
function renderedOf({ params, derived = [] }: Finished, own: SavedNode | undefined, effects: Effects): object {
  if (own === undefined || derived.includes('duration') || Object.keys(params).length === 0) return {}
  const failed = effects.flatMap(({ effect, answer }): [string, string][] => {
    const error = effect.kind === 'template' ? answerError(effect, answer) : null
    return error !== null && effect.kind === 'template' ? [[effect.param, error.text]] : []
  })
  return { saved: own.params, failedTemplates: Object.fromEntries(failed) }
}

function unlessRefused({ result, errors, derived = [] }: Finished, said: Sentence, obeysUrls = false): Sentence {
  if (result === 'disabled_module')
    return doesNothing`Not executed, because the module is disabled. If it were enabled: ${said}`
  if (isPinned({ derived }))
    return withVerdict('depends', say`Not executed: its pinned output was used. Otherwise: ${said}`)
  const isOff = obeysUrls && isMapOrList(errors) && values(errors).includes(arbitraryUrlsOff)
  if (!isOff) return said
  const setting = mispSetting('Security.rest_client_enable_arbitrary_urls')
  return doesNothing`Sends nothing and fails: ${setting} is off, which MISP looks at first. If it were on: ${said}`
}

const isMapOrList = (value: Json | undefined): value is JsonMap => typeof value === 'object' && value !== null

/** With its module: a workflow that is fired has nodes of the same numbers. */
export const keyOf = (nodeId: unknown, moduleId: unknown): string => `${plainText(nodeId)} ${plainText(moduleId)}`

/** A module that was run alone has no workflow, but its own filter. */
export function workflowOrNode(workflow: Json, { moduleId, filters }: JsonMap): Json {
  if (workflow !== null || typeof moduleId !== 'string' || !isMap(filters ?? null)) return workflow
  const data = { id: moduleId, module_type: 'action', indexed_params: {}, saved_filters: filters as JsonMap }
  return { name: moduleId, data: { '1': { id: 1, name: moduleId, data, inputs: [], outputs: [] } } } as unknown as Json
}

export function savedNodes(workflow: Json): ReadonlyMap<string, SavedNode> {
  const found = new Map<string, SavedNode>()
  for (const node of Object.values(graphOf(workflow))) {
    const data = isMap(node) && isMap(node['data']) ? node['data'] : null
    if (data === null || !isMap(node)) continue
    const { saved_filters: filters = null, indexed_params: params = null } = data
    found.set(keyOf(node['id'], data['id']), {
      params: isMap(params) ? params : {},
      filters: isMap(filters) ? filters : null
    })
  }
  return found
}

function graphOf(workflow: Json): Record<string, Json> {
  if (workflow === null) return {}
  try {
    return parseWorkflow(workflow, 'the workflow').data as unknown as Record<string, Json>
  } catch {
    // A workflow that MISP ran, but that Retrace would not take: its filters are not known.
    return {}
  }
}
