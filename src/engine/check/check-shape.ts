// Problems of the graph itself: what MISP's three validations refuse, and connections that lead nowhere or too far.
import type { Json } from '../../contract/json.ts'
import { capital, claiming, counting, nodeNamed, say, theirs } from '../../contract/sentence.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { problem } from './check-problem.ts'
import type { CheckContext } from './check-problem.ts'
import { connectionsOf, field, nodeAt, nodesOf, phpKey } from '../graph/nodes.ts'
import type { PhpKey } from '../graph/nodes.ts'
import { reachableFrom } from '../graph/trails.ts'
import { findCycle, findMultipleOutputs } from '../graph/validate.ts'
import { extractTrigger, extractTriggers } from '../graph/walk-helpers.ts'
import { pathWarningText, pathWarnings } from './warnings.ts'

const idOf = (node: Json | undefined): PhpKey => phpKey(field(node, 'id'))

/** Workflow::$validate['data'], all three rules although MISP stops at the first. */
function refusals({ workflow: { data } }: CheckContext): WorkflowProblem[] {
  const found: WorkflowProblem[] = []
  const cycle = findCycle(data)
  if (cycle.length > 0) {
    const nodeIds = [...new Set(cycle.flatMap(([from, to]) => [from, to]))]
    const edges = cycle.map(([from, to]) => [from, to])
    found.push(problem('CYCLE', say`Cannot save a workflow containing a cycle`, nodeIds, edges))
  }
  const triggers = extractTriggers(data)
  if (triggers.length !== 1) {
    const code = triggers.length === 0 ? 'NO_TRIGGER' : 'MANY_TRIGGERS'
    const text = say`Cannot save a workflow containing no or more than one trigger`
    found.push(problem(code, text, triggers.map(idOf)))
  }
  const multiple = findMultipleOutputs(data)
  if (multiple.size > 0) {
    const edges = [...multiple].flatMap(([id, targets]) =>
      (Object.values(targets as object) as Json[]).map((to) => [id, to])
    )
    const text = say`Cannot save a workflow having more than one connection per output`
    found.push(problem('MANY_CONNECTIONS', text, [...multiple.keys()], edges))
  }
  return found
}

function connections({ workflow: { data } }: CheckContext): WorkflowProblem[] {
  const found: WorkflowProblem[] = []
  const seen = new Set<PhpKey>()
  for (const { key, node } of nodesOf(data)) {
    const id = idOf(node)
    const named = capital(nodeNamed(id))
    const own = claiming(String(id), { kind: 'node', id })
    if (seen.has(id)) found.push(problem('NODE_ID_TWICE', say`More than one node has the id ${own}.`, [id]))
    seen.add(id)
    if (key !== id)
      found.push(
        problem(
          'NODE_KEY_DIFFERS',
          say`${named} is stored under ${theirs(String(key))}; MISP follows connections by that key and finds a different node or none.`,
          [id]
        )
      )
    for (const { target, output } of connectionsOf(node))
      if (nodeAt(data, target) === undefined) {
        const text = say`The connection from ${theirs(String(output))} of ${nodeNamed(id)} leads to ${theirs(`node ${target}`)}, which does not exist. MISP saves this, and aborts the run with a TypeError when it gets there.`
        found.push(problem('DANGLING_CONNECTION', text, [id], [[id, target]]))
      }
  }
  return found
}

function reachability({ workflow: { data } }: CheckContext): WorkflowProblem[] {
  const trigger = extractTrigger(data)
  if (trigger === null) return []
  const start = idOf(trigger)
  if (nodeAt(data, start) === undefined) {
    const text = say`Could not find start ${nodeNamed(start)}: the trigger is stored under another key, so MISP cannot run this workflow.`
    return [problem('START_NOT_FOUND', text, [start])]
  }
  const reachable = reachableFrom(data, start)
  const lost = nodesOf(data).filter(({ key }) => !reachable.has(key))
  if (lost.length === 0) return []
  const ids = lost.map(({ node }) => idOf(node))
  const [only] = ids
  const which =
    ids.length === 1 && only !== undefined
      ? say`${capital(nodeNamed(only))} is`
      : say`${counting(ids.length, { in: 'problem' }, 'node')} are`
  return [problem('UNREACHABLE', say`${which} never reached: there is no path from the trigger.`, ids)]
}

/** One problem for each blocking node behind a concurrent task, with the edges of the ways there. */
function blockingPaths({ workflow: { data }, lookup }: CheckContext): WorkflowProblem[] {
  const limit = 20_000
  try {
    const byNode = new Map<PhpKey, Map<string, Json>>()
    for (const edge of pathWarnings(data, lookup, limit).edges) {
      const node = phpKey(edge[5])
      const edges = byNode.get(node) ?? new Map<string, Json>()
      edges.set(`${edge[0]}:${edge[1]}`, [...edge])
      byNode.set(node, edges)
    }
    return [...byNode].map(([node, edges]) =>
      problem('BLOCKING_PATH', theirs(pathWarningText), [node], [...edges.values()])
    )
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return [problem('START_NOT_FOUND', say`${theirs(thrown.message)}: MISP cannot determine the blocking paths.`)]
  }
}

export const checkShape = (context: CheckContext): readonly WorkflowProblem[] => [
  ...refusals(context),
  ...connections(context),
  ...reachability(context),
  ...blockingPaths(context)
]
