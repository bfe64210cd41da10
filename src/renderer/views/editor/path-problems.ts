// A check beyond MISP's: hash paths that match nothing in the chosen data.
import type { HashLook } from '../../../contract/authoring.ts'
import type { Json } from '../../../contract/json.ts'
import type { Params } from '../../../contract/operations.ts'
import { capital, nodeNamed, say, termed, theirs, theirsCoded } from '../../../contract/sentence.ts'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import { phpKey } from '../../../engine/graph/nodes.ts'
import { reachableFrom } from '../../../engine/graph/trails.ts'
import { coreFormatTrigger } from '../../components/chosen-data.ts'
import { baseOf, labelOf, textOf } from '../../components/param-form/param-options.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { keysOf, nodeInfo } from '../../stores/editor-model.ts'
import type { NodeInfo } from '../../stores/editor-model.ts'
import { modulesNow } from '../../stores/added-modules.ts'

interface Place {
  readonly info: NodeInfo
  readonly path: string
  /** The selector in whose items the path is read. */
  readonly base?: string
  readonly label: string
}

/** MISP cuts a trailing `.{n}` off and looks at each item, whether it is there or not (WorkflowBaseModule). */
const eachOf = (selector: string): string => `${selector.replace(/\.\{n\}$/, '')}.{n}`

/** Hash paths of the parameters and of the node filter. A template in a path is only known when the workflow runs. */
function placesOf(info: NodeInfo): Place[] {
  const { definition, params, filters } = info
  if (!definition) return []
  const own = definition.params
    .filter((param) => param.type === 'hashpath' || param._isHashPath === true)
    .map((param): Place => ({
      ...{ info, path: textOf(params[param.id]), label: labelOf(param) },
      ...baseOf(param, definition, params)
    }))
  const selector = textOf(filters.selector)
  const filter: Place[] = definition.support_filters
    ? [
        { info, path: selector, label: 'Node filter, element selector' },
        ...(selector === ''
          ? []
          : [{ info, path: textOf(filters.path), base: eachOf(selector), label: 'Node filter, path' }])
      ]
    : []
  return [...own, ...filter].filter(({ path }) => path !== '' && !path.includes('{{'))
}

/** Keys that nodes add to the data: a path with one of them is judged by whether such a node comes before. */
const addedBy: { readonly [key: string]: string } = Object.fromEntries(
  modulesNow()
    .idsWhere('action', ({ adds }) => adds.length > 0)
    .flatMap((id) => (modulesNow().facts('action', id)?.adds ?? []).map((key) => [key, id]))
)

/** Keys of MISP's format that are missing or empty in data without such things, or that a node before can fill. */
const optional = new Set(
  (
    'Attribute AttributeTag CryptographicKey Event EventReport EventTag Feed Galaxy GalaxyCluster GalaxyElement Object ' +
    'ObjectReference RelatedAttribute RelatedEvent Server ShadowAttribute SharingGroup Sighting Tag _allTags meta'
  ).split(' ')
)

/** What a module of others makes of the data nobody knows before it ran. */
const isForeign = ({ definition }: NodeInfo): boolean =>
  !definition || definition.is_custom || definition.is_misp_module

/** Of the nodes that can add to the data, those that come before the node with that key. */
function addingBefore(graph: RawGraph, infos: readonly NodeInfo[]): (key: string) => readonly NodeInfo[] {
  const adding = Object.values(addedBy)
  const behind = infos
    .filter((info) => isForeign(info) || adding.includes(info.moduleId))
    .map((info) => ({ info, keys: reachableFrom(graph, phpKey(info.key)) }))
  return (key) => behind.filter(({ info, keys }) => info.key !== key && keys.has(phpKey(key))).map(({ info }) => info)
}

/** Whether MISP's data can have what the path asks for, although the chosen data does not. */
function canBeThere({ segments, stoppedAt, keysThere }: HashLook, path: string, before: readonly NodeInfo[]): boolean {
  if (before.some(isForeign)) return true
  const asked = path.split('.').map((part) => part.split('[', 1)[0] ?? '')
  if (asked.some((key) => Object.hasOwn(addedBy, key) && before.some(({ moduleId }) => moduleId === addedBy[key])))
    return true
  if (stoppedAt === null) return false
  const stop = segments[stoppedAt]?.token.split('[', 1)[0] ?? ''
  const container = segments[stoppedAt - 1]?.samples[0]?.type
  return optional.has(stop) || (stop === '{n}' && container === 'array' && keysThere.length === 0)
}

/** Looks into the chosen data; null when it cannot be looked at. */
export type LookAt = (params: Params<'hash.look'>) => Promise<HashLook | null>

/** Hash paths of a workflow that match nothing in the chosen data, as the trigger would hand it on. */
export async function pathProblems(document: Json, dataId: string, lookAt: LookAt): Promise<WorkflowProblem[]> {
  const graph = workflowGraph(document)
  const infos = keysOf(graph).flatMap((key) => nodeInfo(graph, key) ?? [])
  const trigger = infos.find(({ moduleType }) => moduleType === 'trigger')
  const places = infos.flatMap(placesOf)
  const before = addingBefore(graph, infos)
  // Without a trigger, as in a blueprint, core format is what its nodes are made for.
  const data = { dataId, trigger: trigger?.definition ? trigger.moduleId : coreFormatTrigger }
  const looks = await Promise.all(
    places.map(({ path, base }) => lookAt({ data, path, limit: 1, ...(base === undefined ? {} : { base }) }))
  )
  return places.flatMap((place, i) => {
    const look = looks[i]
    // A selector without items is a problem of its own, or of data that has none.
    if (!look || look.extract.total > 0 || look.items === 0) return []
    return canBeThere(look, place.path, before(place.info.key)) ? [] : [matchesNothing(place, look)]
  })
}

function matchesNothing({ info, path, base, label }: Place, { keysThere, valuesThere }: HashLook): WorkflowProblem {
  const where = base === undefined ? 'the chosen data' : say`the items of ${theirsCoded(base)} in the chosen data`
  const [nearest] = keysThere
  const missing = Object.keys(addedBy).find((key) => path.split('.').includes(key))
  const hint =
    missing !== undefined
      ? say` No earlier node is ${theirs(`“${addedBy[missing]}”`)}, which adds ${termed(missing)}.`
      : valuesThere.length > 0
        ? say` Values there: ${theirs(valuesThere.slice(0, 3).join(', '))}.`
        : nearest !== undefined && say` The nearest key there is ${theirs(nearest)}.`
  const node = capital(nodeNamed(info.nodeId))
  const said = say`${node} (${theirs(info.title)}): ${theirs(label)} ${theirsCoded(path)} matches nothing in ${where}.${hint}`
  return {
    severity: 'warning',
    code: 'PATH_NO_MATCH',
    message: said.text,
    claims: said.claims,
    nodeIds: [info.nodeId],
    edges: []
  }
}
