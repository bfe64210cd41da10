// What MISP would say about a workflow, as one list of problems: what it refuses to save (errors), and what its editor warns of.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RunOptionsInput } from '../../contract/operations.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { dataOf, field, moduleOf, nodesOf } from '../../engine/graph/nodes.ts'
import { noticesFor } from '../../engine/graph/notices.ts'
import { findCycle, findMultipleOutputs, hasOneTrigger } from '../../engine/graph/validate.ts'
import { extractTriggerId, extractTriggers } from '../../engine/graph/walk-helpers.ts'
import { pathWarnings } from '../../engine/graph/warnings.ts'
import { findBuiltIn } from '../../engine/modules/table.ts'
import { PhpThrow } from '../../engine/php/exceptions.ts'
import { buildEnvironment } from './run-input.ts'

export function checkWorkflow(
  workflow: RawWorkflow,
  options: RunOptionsInput,
  settings: JsonMap = {}
): readonly WorkflowProblem[] {
  const trigger = extractTriggerId(workflow.data)
  const environment = buildEnvironment({ options, settings }, typeof trigger === 'string' ? trigger : null)
  return [
    ...saveProblems(workflow),
    ...danglingConnections(workflow),
    ...blockedPaths(workflow),
    ...moduleProblems(workflow, environment)
  ]
}

const nodeId = (value: Json | undefined): string | number => (typeof value === 'number' ? value : String(value ?? ''))

/** Workflow's three validation rules, all of them (MISP stops at the first). */
function saveProblems({ data }: RawWorkflow): WorkflowProblem[] {
  const problems: WorkflowProblem[] = []
  const error = (
    code: string,
    message: string,
    nodeIds: WorkflowProblem['nodeIds'],
    edges: WorkflowProblem['edges'] = []
  ): void => {
    problems.push({ severity: 'error', code, message, nodeIds, edges })
  }
  const malformed = tolerant(() => {
    const cycle = findCycle(data)
    if (cycle.length > 0) {
      error(
        'WORKFLOW_CYCLE',
        'The workflow contains a cycle.',
        [...new Set(cycle.map(([from]) => from))],
        cycle.map(([from, to]) => [from, to])
      )
    }
    if (!hasOneTrigger(data)) {
      const triggers = extractTriggers(data).map((node) => nodeId(field(node, 'id')))
      const none = triggers.length === 0
      error(
        none ? 'WORKFLOW_NO_TRIGGER' : 'WORKFLOW_SEVERAL_TRIGGERS',
        none ? 'No node is a trigger.' : 'More than one node is a trigger.',
        triggers
      )
    }
    for (const [from, targets] of findMultipleOutputs(data)) {
      const edges = Object.values(targets as JsonMap).map((to) => [from, to])
      error(
        'WORKFLOW_MULTIPLE_CONNECTIONS',
        'An output has more than one connection, and its module allows one.',
        [from],
        edges
      )
    }
  })
  if (malformed) error('WORKFLOW_MALFORMED', `MISP cannot read this graph: ${malformed}`, [])
  return problems
}

/** The message of what PHP would throw; null when nothing is thrown. */
function tolerant(ask: () => void): string | null {
  try {
    ask()
    return null
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return `${thrown.phpClass}: ${thrown.message}`
  }
}

/** MISP saves these; nothing runs behind them. */
function danglingConnections({ data }: RawWorkflow): WorkflowProblem[] {
  const known = new Set(nodesOf(data).map(({ node }) => String(field(node, 'id'))))
  const problems: WorkflowProblem[] = []
  for (const { node } of nodesOf(data)) {
    for (const target of targetsOf(node)) {
      if (known.has(String(target))) continue
      const id = nodeId(field(node, 'id'))
      problems.push({
        severity: 'warning',
        code: 'WORKFLOW_DANGLING_CONNECTION',
        message: `Node ${id} is connected to node ${target}, which does not exist.`,
        nodeIds: [id],
        edges: [[id, target]]
      })
    }
  }
  return problems
}

function targetsOf(node: Json | undefined): (string | number)[] {
  const lists = Object.values((field(node, 'outputs') ?? {}) as JsonMap).flatMap((socket) =>
    Object.values((socket ?? {}) as JsonMap)
  )
  return lists.flatMap((list) => Object.values((list ?? {}) as JsonMap).map((item) => nodeId(field(item, 'node'))))
}

function blockedPaths({ data }: RawWorkflow): WorkflowProblem[] {
  const problems: WorkflowProblem[] = []
  tolerant(() => {
    const byNode = new Map<string, WorkflowProblem & { edges: Json[] }>()
    for (const [from, to, message, , moduleId, blocking] of pathWarnings(data, findBuiltIn).edges) {
      const key = String(blocking)
      const known = byNode.get(key) ?? {
        ...{
          severity: 'warning' as const,
          code: 'BLOCKING_AFTER_CONCURRENT_TASK',
          message: `${message} (${moduleId}).`,
          nodeIds: [nodeId(blocking)],
          edges: [] as Json[]
        }
      }
      if (!known.edges.some((edge) => String(edge) === `${from},${to}`)) known.edges.push([from, to])
      byNode.set(key, known)
    }
    problems.push(...byNode.values())
  })
  return problems
}

const codes: Readonly<Record<string, string>> = {
  'Module disabled': 'MODULE_DISABLED',
  'Blocking module might not work as intended': 'BLOCKING_IN_NON_BLOCKING',
  'Potential data format issue': 'CORE_FORMAT_NOT_GIVEN'
}

function moduleProblems({ data }: RawWorkflow, environment: ReturnType<typeof buildEnvironment>): WorkflowProblem[] {
  const triggerId = tolerantValue(() => extractTriggerId(data))
  const trigger = typeof triggerId === 'string' ? (findBuiltIn('trigger', triggerId) ?? null) : null
  const problems: WorkflowProblem[] = []
  for (const { node } of nodesOf(data)) {
    const { type, id } = moduleOf(node)
    const nodeIds = [nodeId(field(node, 'id'))]
    const definition = findBuiltIn(type, id)
    if (!definition) {
      problems.push({
        severity: 'warning',
        code: 'MODULE_UNKNOWN',
        message: `There is no ${type} module "${id}" in MISP 2.5.1.`,
        nodeIds,
        edges: []
      })
      continue
    }
    const enabled = type === 'trigger' ? environment.enabledTriggers : environment.enabledModules
    const notices = noticesFor(definition, {
      trigger,
      arbitraryUrls: environment.settings['Security.rest_client_enable_arbitrary_urls'] === true,
      isDisabled: () => enabled !== null && !enabled.includes(id)
    })
    for (const notice of [...notices.error, ...notices.warning]) {
      problems.push({
        severity: 'warning',
        code: codes[notice.text] ?? 'URLS_OFF',
        message: `${definition.name}: ${notice.description}`,
        nodeIds,
        edges: []
      })
    }
    const saved = dataOf(node, 'version')
    if (typeof saved === 'string' && saved !== definition.version) {
      problems.push({
        severity: 'warning',
        code: 'MODULE_VERSION',
        message: `${definition.name} was saved in version ${saved}; MISP 2.5.1 has ${definition.version}.`,
        nodeIds,
        edges: []
      })
    }
  }
  return problems
}

function tolerantValue(ask: () => Json): Json {
  try {
    return ask()
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return null
  }
}
