// Problems of filters: labels that are removed and never set, and graphs whose labels MISP cannot show.
import { capital, coded, listed, nodeNamed, say, theirs } from '../../contract/sentence.ts'
import type { Sentence } from '../../contract/sentence.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { problem } from './check-problem.ts'
import type { CheckContext } from './check-problem.ts'
import { arrivingFilters, filteringLabel } from '../graph/filters.ts'
import { labelledConnections } from '../graph/labels.ts'
import { field, nodeAt, nodesOf, moduleOf, phpKey } from '../graph/nodes.ts'
import { extractTrigger } from '../graph/walk-helpers.ts'

const labelled = (label: string): Sentence => coded(label, () => ({ kind: 'label', label }))

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
    const named = capital(nodeNamed(nodeId, id))
    if (labels.size === 0) {
      const what = label === 'all' ? 'all data is lost' : 'MISP aborts the run with a TypeError'
      const text = say`${named} removes filters, but no filter is set before it: ${what}.`
      return [problem('FILTER_NEVER_SET', text, [nodeId])]
    }
    if (label === 'all' || labels.has(label)) return []
    const others = listed([...labels].sort().map(labelled), 'and')
    const text = say`${named} removes filter ${labelled(label)}, which is never set before it; it removes ${others} anyway.`
    return [problem('FILTER_NEVER_SET', text, [nodeId])]
  })
}

function labels({ workflow: { data }, modules }: CheckContext): WorkflowProblem[] {
  if (extractTrigger(data) === null) return []
  try {
    labelledConnections(data, undefined, modules.labelRules)
    return []
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    const text = say`MISP’s editor cannot open this workflow: putting filter labels on its connections ends in ${theirs(thrown.phpClass)} (${theirs(thrown.message)}).`
    return [problem('LABELS_FAIL', text)]
  }
}

export const checkFilters = (context: CheckContext): readonly WorkflowProblem[] => [
  ...resets(context),
  ...labels(context)
]
