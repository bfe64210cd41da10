// What the misp-modules services list where nobody took their list over: what misp-modules ships, and the enrichment modules that the nodes
// ask for. MISP knows such a module from its running service; without one here every node that uses it would end the run.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { dataOf, field, moduleOf, nodesOf, phpKey } from '../graph/nodes.ts'
import { shippedModules, shippedRelease, unknownModule } from '../modules/service/shipped.ts'
import { modulesOf, serviceDefinitions } from '../modules/table.ts'
import { dig, isEmpty, values } from '../php/values.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { attributeTypes } from '../world/models/attribute-types.ts'

/** A node that may need a module of the service. */
export interface AskingNode {
  readonly nodeId: string
  readonly moduleId: string
  readonly params: Json
}

export interface AssumedService {
  readonly serviceModules: readonly JsonMap[]
  /** MISP's, of the modules that were asked for; those that are set stay. */
  readonly settings: JsonMap
  readonly assumptions: readonly string[]
}

interface Surroundings {
  readonly profile: ProfileId
  readonly settings: JsonMap
  readonly mocks?: JsonMap | undefined
  /** Ids of the workspace’s own modules and of placeholders: they stay what they are. */
  readonly own: ReadonlySet<string>
}

/** The list in a world (GET /modules, world/service_modules.json); undefined where it has none. */
export function listedService(world: JsonMap | undefined): readonly JsonMap[] | undefined {
  const listed = world?.['service_modules']
  return Array.isArray(listed) ? (listed as readonly JsonMap[]) : undefined
}

export const askingNodes = (workflows: readonly RawWorkflow[]): AskingNode[] =>
  workflows
    .flatMap(({ data }) => nodesOf(data))
    .filter(({ node }) => moduleOf(node).type === 'action')
    .map(({ node }) => ({
      nodeId: String(phpKey(field(node, 'id'))),
      moduleId: moduleOf(node).id,
      params: dataOf(node, 'indexed_params') ?? null
    }))

interface Wanted extends AskingNode {
  readonly name: string
  readonly onlyEnabled: boolean
}

/** Enrichment modules by name, with the node that asks for each. */
function wantedModules(nodes: readonly AskingNode[], profile: ProfileId): Wanted[] {
  return nodes.flatMap((node) => {
    const needs = modulesOf(profile).facts('action', node.moduleId)?.needs ?? []
    return needs
      .filter(({ part }) => part === 'service_modules')
      .flatMap(({ param, onlyEnabled = false }) => {
        const chosen = dig(node.params, param)
        const names = typeof chosen === 'string' ? [chosen] : values(chosen)
        return names.map((name) => ({ ...node, name, onlyEnabled }))
      })
      .filter((one): one is Wanted => typeof one.name === 'string' && one.name !== '')
  })
}

const shippedNames = new Set(shippedModules.map(({ name }) => name as string))
const lowerNames = new Set([...shippedNames].map((name) => name.toLowerCase()))

/** Retrace cannot know what a module answers; a mock shows whether it speaks the old format (`results` is a list). */
function isStandard({ nodeId, moduleId }: AskingNode, mocks: JsonMap = {}): boolean {
  const mock = mocks[nodeId] ?? mocks[moduleId] ?? null
  const first = Array.isArray(mock) ? ((mock[0] ?? null) as Json) : mock
  const results = dig(first, 'results') ?? dig(first, 'json', 'results')
  return !Array.isArray(results) || results.length === 0
}

/** Longer names, and more of them, are no module’s. */
const [mostNames, longestName] = [20, 100]

function said(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => name.slice(0, longestName))
  return [...shown, ...(names.length > mostNames ? [`${names.length - mostNames} more`] : [])].join(', ')
}

const actionIds = new Map(
  shippedModules.map((module) => [module, [...serviceDefinitions([module]).keys()][0]] as const)
)
const withoutActions = shippedModules.filter((module) => actionIds.get(module) === undefined)

/** The same list for all runs without modules of their own: what is made of a list is made once. */
function shippedFor(actionsOn: boolean, own: ReadonlySet<string>): readonly JsonMap[] {
  if (!actionsOn) return withoutActions
  const replaced = shippedModules.filter((module) => own.has(actionIds.get(module) ?? ''))
  return replaced.length === 0 ? shippedModules : shippedModules.filter((module) => !replaced.includes(module))
}

export function assumeService(
  nodes: readonly AskingNode[],
  { profile, settings, mocks, own }: Surroundings
): AssumedService {
  const all = wantedModules(nodes, profile)
  const wanted = new Map(all.map((one) => [one.name, one]))
  // A name in other letters than the service’s is one that MISP does not find either.
  const unknown = [...wanted.values()].filter(({ name }) => !lowerNames.has(name.toLowerCase()))
  const types = [...attributeTypes.keys()]
  const shipped = shippedFor(!isEmpty(settings['Plugin.Action_services_enable'] ?? true), own)
  const actions = serviceDefinitions(shipped)
  const usesActions = nodes.some(({ moduleId }) => actions.has(moduleId))
  const enabled = enabledSettings(all, settings)
  return {
    serviceModules:
      unknown.length === 0
        ? shipped
        : [...shipped, ...unknown.map((one) => unknownModule(one.name, types, isStandard(one, mocks)))],
    settings: Object.fromEntries(enabled.map((name) => [name, true])),
    assumptions: [
      ...(wanted.size > 0 || usesActions
        ? [`The misp-modules services have the modules of misp-modules ${shippedRelease}.`]
        : []),
      ...(unknown.length > 0
        ? [`They also have ${said(unknown.map(({ name }) => name))}, for every type of attribute.`]
        : []),
      ...(enabled.length > 0 ? [`${said(enabled)} ${enabled.length === 1 ? 'is' : 'are'} on.`] : [])
    ]
  }
}

/** Event::enrichment asks only modules that are enabled; a setting that is there says so or not. */
function enabledSettings(wanted: Iterable<Wanted>, settings: JsonMap): string[] {
  const names = [...wanted]
    .filter(({ onlyEnabled }) => onlyEnabled)
    .map(({ name }) => `Plugin.Enrichment_${name}_enabled`)
  return [...new Set(names)].filter((name) => settings[name] === undefined)
}
