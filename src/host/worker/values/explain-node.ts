// One sentence on each node of a run: what its module does with its parameters, its own filter, and what filters before it leave.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { RunEventMap } from '../../../contract/run.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { seenThrough } from '../../../engine/modules/describe/seen.ts'
import { isMap } from '../../../engine/php/values.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { explainCustom } from '../runs/custom-modules.ts'

type Finished = Pick<RunEventMap['node.finished'], 'moduleId' | 'params' | 'before' | 'view'> & {
  readonly nodeId: number | null
}

/** `workflow` as it was run; null where nobody knows it, as for posts. */
export function explainerOf(workflow: Json): (profile: ProfileId, node: Finished) => Sentence | null {
  let saved: ReadonlyMap<string, JsonMap> | null = null
  return (profile, node) => {
    const custom = explainCustom(node.moduleId, node.params)
    if (custom !== null) return custom
    saved ??= filtersOf(workflow)
    const filters = saved.get(keyOf(node.nodeId, node.moduleId))
    const seen = seenThrough(node.before, node.view)
    const input = { params: node.params, ...(filters ? { filters } : {}), ...(seen === undefined ? {} : { seen }) }
    for (const type of ['logic', 'action', 'trigger']) {
      const explain = modulesOf(profile).explain(type, node.moduleId)
      if (explain) return explain(input)
    }
    return null
  }
}

/** With its module: a workflow that is fired has nodes of the same numbers. */
export const keyOf = (nodeId: unknown, moduleId: unknown): string => `${plainText(nodeId)} ${plainText(moduleId)}`

export function filtersOf(workflow: Json): ReadonlyMap<string, JsonMap> {
  const found = new Map<string, JsonMap>()
  for (const node of Object.values(graphOf(workflow))) {
    const data = isMap(node) && isMap(node['data']) ? node['data'] : null
    const filters = data?.['saved_filters']
    if (data && isMap(node) && isMap(filters ?? null)) found.set(keyOf(node['id'], data['id']), filters as JsonMap)
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
