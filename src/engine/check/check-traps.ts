// What a person should know although MISP saves and runs it: what a module needs, names and values that can match nothing, a filter that MISP does
// not see, modules that the service does not list, and a MISP that finds no user to run workflows as.
import { append } from '../../contract/lists.ts'
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { RuleId } from '../../contract/rules.ts'
import { capital, nodeNamed, say, theirs, theirsCoded } from '../../contract/sentence.ts'
import type { Sentence } from '../../contract/sentence.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { unreadFilter } from '../conditions/unread-filter.ts'
import { wildcardTraps } from '../modules/describe/traps.ts'
import { dataOf, field, moduleOf, nodesOf, phpKey } from '../graph/nodes.ts'
import { isMap, values } from '../php/values.ts'
import { profiles } from '../profiles/profiles.ts'
import { createWorld } from '../world/create.ts'
import { noUserHint, userForWorkflow } from '../world/user.ts'
import type { WorldData } from '../world/world.ts'
import { problem } from './check-problem.ts'
import type { CheckContext } from './check-problem.ts'

interface Surroundings {
  readonly settings: JsonMap
  readonly world: WorldData | undefined
  readonly serviceModules: readonly JsonMap[] | null | undefined
}

const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {})

function trapsOfNode(context: CheckContext, node: Json, listed: readonly JsonMap[] | null): WorkflowProblem[] {
  const { type, id: moduleId } = moduleOf(node)
  const definition = context.lookup(type, moduleId)
  if (definition === undefined) return []
  const id = phpKey(field(node, 'id'))
  const where = capital(say`${nodeNamed(id, moduleId)} (${theirs(definition.name)})`)
  const warn = (code: RuleId, said: Sentence): WorkflowProblem => problem(code, say`${where}: ${said}`, [id])
  const params = mapOf(dataOf(node, 'indexed_params'))
  const filters = mapOf(dataOf(node, 'saved_filters'))
  const own = definition.is_custom ? [] : context.modules.traps(type, moduleId, { params, filters })
  const found = own.map(({ code, said }) => warn(code, said))
  if (definition.support_filters) {
    if (unreadFilter(node))
      found.push(
        warn(
          'FILTER_IS_LIST',
          say`Its filter is saved as a list; MISP reads it by name and finds none, so the node works as if it had no filter.`
        )
      )
    append(
      found,
      filterWildcards(filters).map((said) => warn('NO_WILDCARD', said))
    )
  }
  return [...found, ...unlisted(context, moduleId, params, listed).map((said) => warn('SERVICE_MODULE_UNKNOWN', said))]
}

function filterWildcards(filters: JsonMap): Sentence[] {
  const value = filters['value'] ?? ''
  const items = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map((item) => ({
    ...theirsCoded(item),
    value: item
  }))
  return wildcardTraps(items).map(({ said }) => said)
}

/** Enrichment modules that the service does not list: MISP does not survive asking for one. */
function unlisted(
  { modules }: CheckContext,
  moduleId: string,
  params: JsonMap,
  listed: readonly JsonMap[] | null
): Sentence[] {
  if (listed === null) return []
  const names = listed.map(({ name }) => plainText(name))
  return (modules.facts('action', moduleId)?.needs ?? [])
    .filter(({ part }) => part === 'service_modules')
    .flatMap(({ param }) => {
      const chosen = params[param] ?? ''
      return typeof chosen === 'string' ? [chosen] : values(chosen)
    })
    .filter((name): name is string => typeof name === 'string' && name !== '' && !names.includes(name))
    .slice(0, 20)
    .map((name) => {
      const near = names.find((one) => one.toLowerCase() === name.toLowerCase())
      return near === undefined
        ? say`The misp-modules services do not list ${theirsCoded(name)}.`
        : say`The misp-modules services do not list ${theirsCoded(name)}; it differs only in case from ${theirsCoded(near)}.`
    })
}

/** Workflow::getUserForWorkflow. Without organisations nobody knows. */
function nobody({ modules }: CheckContext, { settings, world }: Surroundings): WorkflowProblem[] {
  if (world?.organisations === undefined) return []
  const user = userForWorkflow(settings, createWorld(world), profiles[modules.profile].permissions)
  return user === null ? [problem('NO_USER', theirs(noUserHint(settings)))] : []
}

export const checkTraps = (context: CheckContext, surroundings: Surroundings): readonly WorkflowProblem[] => [
  ...nodesOf(context.workflow.data).flatMap(({ node }) =>
    trapsOfNode(context, node, surroundings.serviceModules ?? null)
  ),
  ...nobody(context, surroundings)
]
