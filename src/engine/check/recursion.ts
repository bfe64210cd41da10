// Which triggers the actions of a workflow make MISP fire, and whether a workflow so comes to run itself again. MISP has no limit
// for that: a blocking workflow nests until PHP's memory is gone, a non-blocking one queues itself for ever.
import { plainText, type JsonMap } from '../../contract/json.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { dataOf, field, moduleOf, nodesOf, phpKey } from '../graph/nodes.ts'
import { isMap } from '../php/values.ts'
import type { PhpKey } from '../graph/nodes.ts'
import { reachableFrom } from '../graph/trails.ts'
import { extractTrigger, extractTriggerId } from '../graph/walk-helpers.ts'
import type { ModuleTable } from '../modules/table.ts'

interface Fires {
  readonly nodeId: PhpKey
  readonly moduleId: string
  readonly triggerId: string
}

export interface FiringOptions {
  readonly modules: ModuleTable
  /** Tag notifications over ZMQ or Kafka are on; without them MISP does not fire `tag-attached-after-save` for tags on events. */
  readonly tagNotifications: boolean
  readonly isDisabled: (type: string, moduleId: string) => boolean
}

/** What the action nodes that the trigger leads to can fire. Whether they do depends on the data: nothing changed, nothing fired. */
function firedTriggers(workflow: RawWorkflow, options: FiringOptions): readonly Fires[] {
  const trigger = extractTrigger(workflow.data)
  if (trigger === null) return []
  const reachable = reachableFrom(workflow.data, phpKey(field(trigger, 'id')))
  return nodesOf(workflow.data).flatMap(({ key, node }) => {
    const { type, id } = moduleOf(node)
    if (type !== 'action' || !reachable.has(key) || options.isDisabled(type, id)) return []
    const params = dataOf(node, 'indexed_params')
    const fired = options.modules.facts('action', id)?.fires(isMap(params) ? params : {}) ?? []
    return fired
      .filter(({ needs }) => needs === undefined || options.tagNotifications)
      .map(({ trigger: triggerId }) => ({ nodeId: phpKey(field(node, 'id')), moduleId: id, triggerId }))
  })
}

/** The way back: which node fires which trigger, in order; the last one fires the first workflow's trigger again. */
export type Loop = readonly (Fires & { readonly workflow: string })[]

const nameOf = (workflow: RawWorkflow): string => plainText((workflow as JsonMap).name ?? '')

/**
 * The shortest ways in which `workflow` fires itself again, one for each of its nodes: directly or through other workflows.
 * @param others workflows that listen to other triggers; of several for one trigger the first counts
 */
export function findLoops(
  workflow: RawWorkflow,
  others: readonly RawWorkflow[],
  options: FiringOptions
): readonly Loop[] {
  const own = extractTriggerId(workflow.data)
  if (typeof own !== 'string') return []
  const byTrigger = new Map<string, RawWorkflow>()
  for (const other of others) {
    const id = extractTriggerId(other.data)
    if (typeof id === 'string' && id !== own && !byTrigger.has(id)) byTrigger.set(id, other)
  }
  const ways = new Map<string, Loop | null>()
  /** From a trigger back to the own one; which node fired it does not count. */
  const wayFrom = (triggerId: string): Loop | null => {
    const found = ways.has(triggerId) ? ways.get(triggerId)! : wayBack(triggerId, own, byTrigger, fires)
    ways.set(triggerId, found)
    return found
  }
  const known = new Map<RawWorkflow, readonly Fires[]>()
  const fires = (from: RawWorkflow): readonly Fires[] => {
    const found = known.get(from) ?? firedTriggers(from, options)
    known.set(from, found)
    return found
  }
  const loops: Loop[] = []
  const done = new Set<PhpKey>()
  for (const first of fires(workflow)) {
    if (done.has(first.nodeId)) continue
    const rest = wayFrom(first.triggerId)
    if (!rest) continue
    done.add(first.nodeId)
    loops.push([{ ...first, workflow: nameOf(workflow) }, ...rest])
  }
  return loops
}

function wayBack(
  start: string,
  goal: string,
  byTrigger: ReadonlyMap<string, RawWorkflow>,
  fires: (workflow: RawWorkflow) => readonly Fires[]
): Loop | null {
  const ways = new Map<string, Loop>([[start, []]])
  // A map goes on to what is added meanwhile: the shortest ways come first.
  for (const [triggerId, way] of ways) {
    if (triggerId === goal) return way
    const next = byTrigger.get(triggerId)
    if (!next) continue
    for (const fire of fires(next))
      if (!ways.has(fire.triggerId)) ways.set(fire.triggerId, [...way, { ...fire, workflow: nameOf(next) }])
  }
  return null
}
