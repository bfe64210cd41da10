// Everything that MISP says about a graph, by the names of MISP's functions. One failing question does not hide the others.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { modulesOf } from '../modules/table.ts'
import { underPhp } from '../php/version.ts'
import { defaultProfile, profiles } from '../profiles/profiles.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { labelledConnections, labelsForConnections, labelsJson } from '../graph/labels.ts'
import { dataOf, arrayByKey } from '../graph/nodes.ts'
import { findCycle, findMultipleOutputs, hasOneTrigger, isAcyclic, saveErrors } from '../graph/validate.ts'
import { extractTriggerId, extractTriggers, getNodeIdForTrigger } from '../graph/walk-helpers.ts'
import { pathWarnings } from './warnings.ts'
import type { ModuleTable } from '../modules/table.ts'

/** Where PHP throws: the class, told from values by its key. */
function answer(ask: () => Json): Json {
  try {
    return ask()
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return { error: { class: thrown.phpClass, message: thrown.message } }
  }
}

/**
 * MISP's answers about a graph: validations with the offending edges, warnings, triggers, labels, and whether it could be saved.
 * @param modules those of the MISP version
 */
export function graphReport(graph: RawGraph, modules: ModuleTable = modulesOf(defaultProfile)): JsonMap {
  return underPhp(profiles[modules.profile].php, () => reportOf(graph, modules))
}

function reportOf(graph: RawGraph, modules: ModuleTable): JsonMap {
  const multiple = (): Json => arrayByKey(findMultipleOutputs(graph))
  const trigger = (): string | null => {
    const id = extractTriggerId(graph)
    return id === null ? null : String(id)
  }
  return {
    isAcyclic: answer(() => {
      const cycles = findCycle(graph)
      return { is_acyclic: cycles.length === 0, cycles: cycles as unknown as Json }
    }),
    hasMultipleOutputConnection: answer(() => ({
      has_multiple_output_connection: findMultipleOutputs(graph).size > 0,
      edges: multiple()
    })),
    hasPathWarnings: answer(() => {
      const { edges } = pathWarnings(graph, modules.find)
      return { has_path_warnings: edges.length > 0, edges: edges as unknown as Json }
    }),
    hasOneTrigger: answer(() => hasOneTrigger(graph)),
    hasAcyclicGraph: answer(() => isAcyclic(graph)),
    satisfiesMultipleConnectionCondition: answer(() => findMultipleOutputs(graph).size === 0),
    extractTriggersFromWorkflow: answer(() => extractTriggers(graph).map((node) => dataOf(node, 'id') ?? null)),
    extractTriggerFromWorkflow: answer(() => extractTriggerId(graph)),
    'getNodeIdForTrigger(event-publish)': answer(() => getNodeIdForTrigger(graph, 'event-publish')),
    // MISP is asked for labels only when there is a trigger to start from.
    ...(trigger() === null
      ? {}
      : {
          getLabelsForConnections: answer(() => labelsJson(labelsForConnections(graph, trigger(), modules.labelRules)))
        }),
    attachLabelToConnections: answer(
      () => labelledConnections(graph, trigger(), modules.labelRules) as unknown as Json
    ),
    addWorkflow: answer(() => {
      const errors = saveErrors(graph)
      return { saved: errors.length === 0, errors: [...errors] }
    })
  }
}
