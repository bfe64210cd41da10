// Problems of filters: labels that are removed and never set, and graphs whose labels MISP cannot show.
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { problem } from './check-problem.ts'
import type { CheckContext } from './check-problem.ts'
import { arrivingFilters, filteringLabel } from '../graph/filters.ts'
import { labelledConnections } from '../graph/labels.ts'
import { field, nodeAt, nodesOf, moduleOf, phpKey } from '../graph/nodes.ts'
import { extractTrigger } from '../graph/walk-helpers.ts'

function resets({ workflow: { data }, modules }: CheckContext): WorkflowProblem[] {
  const trigger = extractTrigger(data)
  if (trigger === null) return []
  const start = phpKey(field(trigger, 'id'))
  if (nodeAt(data, start) === undefined) return []
  const arriving = arrivingFilters(data, start, modules.labelRules.isFilter)
  return nodesOf(data).flatMap(({ key, node }) => {
    const labels = arriving.get(key)
    const { type, id } = moduleOf(node)
    if (!labels || type !== 'logic' || id !== 'generic-filter-reset') return []
    const label = filteringLabel(node, 'all')
    const nodeId = phpKey(field(node, 'id'))
    if (labels.size === 0) {
      const what = label === 'all' ? 'all data is lost' : 'MISP aborts the run with a TypeError'
      return [
        problem(
          'warning',
          'FILTER_NEVER_SET',
          `Node ${nodeId} removes filters, but no filter is set before it: ${what}.`,
          [nodeId]
        )
      ]
    }
    if (label === 'all' || labels.has(label)) return []
    const text = `Node ${nodeId} removes filter \`${label}\`, which is never set before it; it removes ${[...labels]
      .sort()
      .map((l) => `\`${l}\``)
      .join(', ')} anyway.`
    return [problem('warning', 'FILTER_NEVER_SET', text, [nodeId])]
  })
}

function labels({ workflow: { data }, modules }: CheckContext): WorkflowProblem[] {
  if (extractTrigger(data) === null) return []
  try {
    labelledConnections(data, undefined, modules.labelRules)
    return []
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    const text = `MISP’s editor cannot open this workflow: putting filter labels on its connections ends in ${thrown.phpClass} (${thrown.message}).`
    return [problem('warning', 'LABELS_FAIL', text)]
  }
}

export const checkFilters = (context: CheckContext): readonly WorkflowProblem[] => [
  ...resets(context),
  ...labels(context)
]
