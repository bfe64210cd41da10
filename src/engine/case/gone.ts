// What a case expects of nodes that its workflow does not have. A value after one can never be checked; a path, effects and changes are held
// against the run all the same, and what differs there is explained by it.
import type { CaseDifference, Expectations } from '../../contract/case.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { nodesOf } from '../graph/nodes.ts'
import { phpInt } from '../php/cast.ts'
import { at } from '../php/values.ts'
import type { ReadyCase } from './input.ts'

export const nodeIds = ({ workflow: { data } }: Pick<ReadyCase, 'workflow'>): ReadonlySet<number> =>
  new Set(nodesOf(data).map(({ node }) => phpInt(at(node, 'id') ?? null)))

/** `job 1: 7 failed` is about node 7. */
const nodeInPath = (entry: string): number | null => {
  const id = /^(?:job \d+: )?(\d+)/.exec(entry)?.[1]
  return id === undefined ? null : Number(id)
}

const nodeOf = (one: Json): number | null => {
  const node = at(one, 'node')
  return typeof node === 'number' ? node : null
}

const isPath = ({ in: place, keys }: CaseDifference): boolean => place === 'result' && keys[0] === 'path'

/** @param found what is otherwise than expected: only that is explained */
export function goneReasons(
  { path = [], effects = [], changes = [], values = [] }: Expectations,
  ready: Pick<ReadyCase, 'workflow'>,
  found: readonly CaseDifference[]
): string[] {
  const nodes = nodeIds(ready)
  const told = (expected: readonly (number | null)[], what: string): string[] =>
    [...new Set(expected)].flatMap((id) =>
      id === null || nodes.has(id) ? [] : [`The workflow has no node ${id}, so ${what} can never come about.`]
    )
  const differs = (place: CaseDifference['in']): boolean => found.some((one) => one.in === place)
  return [
    ...values.flatMap(({ path: of, after }) =>
      after === undefined || nodes.has(after)
        ? []
        : [`The workflow has no node ${after}, so ${of} after it can never be checked.`]
    ),
    ...(found.some(isPath) ? told(path.map(nodeInPath), 'its step of the path') : []),
    ...(differs('effects') ? told((effects as readonly JsonMap[]).map(nodeOf), 'an effect of it') : []),
    ...(differs('world') ? told((changes as unknown as readonly JsonMap[]).map(nodeOf), 'a change by it') : [])
  ]
}
