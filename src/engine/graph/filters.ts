// Which filters can be on when the data arrives at a node.
import { plainText, type Json } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { dataOf, moduleOf, nodeAt } from './nodes.ts'
import { isMap } from '../php/values.ts'
import type { PhpKey } from './nodes.ts'
import { outgoingOf } from './trails.ts'

/** A filter node's label as MISP's modules read it: the parameter, else its default. */
export function filteringLabel(node: Json | undefined, otherwise: string): string {
  const params = dataOf(node, 'indexed_params')
  const label = isMap(params) && Object.hasOwn(params, 'filtering-label') ? params['filtering-label'] : null
  return label === null || label === undefined ? otherwise : plainText(label)
}

/** The labels that can be set when the data leaves a node. A reset takes all of them away, whatever its label. */
function leaving(
  node: Json | undefined,
  arriving: ReadonlySet<string>,
  isFilter: (id: string) => boolean
): ReadonlySet<string> {
  const { type, id } = moduleOf(node)
  if (type !== 'logic') return arriving
  if (isFilter(id)) return new Set([...arriving, filteringLabel(node, 'A')])
  return id === 'generic-filter-reset' ? new Set() : arriving
}

/** For every key that `start` leads to: the labels of filters that are set on some path to it. */
export function arrivingFilters(
  graph: RawGraph,
  start: PhpKey,
  isFilter: (moduleId: string) => boolean
): ReadonlyMap<PhpKey, ReadonlySet<string>> {
  const outgoing = outgoingOf(graph)
  const arriving = new Map<PhpKey, ReadonlySet<string>>([[start, new Set()]])
  const queue: PhpKey[] = [start]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const out = leaving(nodeAt(graph, key), arriving.get(key) ?? new Set(), isFilter)
    for (const { target } of outgoing(key)) {
      const known = arriving.get(target)
      if (known && [...out].every((label) => known.has(label))) continue
      arriving.set(target, new Set([...(known ?? []), ...out]))
      queue.push(target)
    }
  }
  return arriving
}
