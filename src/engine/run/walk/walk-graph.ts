// Workflow::walkGraph: the walk with what failing nodes mean for it.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { WalkResult } from '../../../contract/run.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import { extractTrigger } from '../../graph/walk-helpers.ts'
import { implode } from '../../php/cast.ts'
import { phpException } from '../../php/exceptions.ts'
import { dig } from '../../php/values.ts'
import { event } from '../environment.ts'
import type { Scope } from '../environment.ts'
import { executeNode } from './execute-node.ts'
import { createRoamingData } from '../roaming-data.ts'
import type { RoamingData } from '../roaming-data.ts'
import { noUserHint } from '../../world/user.ts'
import type { Gen } from '../../effects/signals.ts'
import { translate } from '../texts.ts'
import { edgesTo, lastEdges, startsWith, walk } from './walk.ts'
import type { HandedOut, Path } from './walk.ts'
import type { PathType } from '../jobs/job-queue.ts'

export interface WalkGraphInput {
  readonly start: number
  readonly forPath: PathType
  readonly data: JsonMap
}

export interface Walked {
  readonly success: boolean
  readonly walk: WalkResult
}

/** @param errors MISP's `&$errors`: sentences are added to it */
export function* walkGraph(scope: Scope, input: WalkGraphInput, errors: string[]): Gen<Walked> {
  // In PHP's order of keys, which the end post shows.
  const found: Found = { blocking_nodes: [], executed_nodes: [], blocked_paths: [] }
  requireUser(scope)
  const graph = graphOf(scope.workflow)
  extractTrigger(graph)
  const roaming = createRoamingData(input.data, scope.env.profile)
  const blocked: (Path | null)[] = []
  const { start, forPath } = input
  const visit = (handed: HandedOut): Gen<boolean> => visitAction({ scope, roaming, found, blocked, errors }, handed)
  const success = yield* walk({ scope, graph, roaming, start, forPath }, visit)
  scope.at.nodeId = null
  return { success, walk: found }
}

/**
 * Workflow::getUserForWorkflow throws where it finds nobody (User::rearrangeToAuthForm), so what MISP has to say about that case is never
 * said.
 */
export function requireUser({ env }: Scope): JsonMap {
  if (env.user !== null) return env.user
  throw phpException('InvalidArgumentException', 'Invalid user model provided.').withHint(noUserHint(env.settings))
}

interface Found {
  readonly executed_nodes: Json[]
  readonly blocking_nodes: Json[]
  readonly blocked_paths: string[][]
}

interface Visiting {
  readonly scope: Scope
  readonly roaming: RoamingData
  readonly found: Found
  readonly blocked: (Path | null)[]
  readonly errors: string[]
}

function* visitAction({ scope, roaming, found, blocked, errors }: Visiting, handed: HandedOut): Gen<boolean> {
  const { node, path, pathType } = handed
  const { modules } = scope.env
  const module = modules.load(dig(node, 'data', 'module_type'), dig(node, 'data', 'id'))
  if (blocked.some((prefix) => startsWith(path, prefix))) {
    const edges = edgesTo(path)
    found.blocked_paths.push(edges)
    yield event(scope, null, 'path.blocked', { path: edges })
    return true
  }
  const done = yield* executeNode(scope, roaming, node, lastEdges(path))
  found.executed_nodes.push(node)
  if (done.success) return true
  found.blocking_nodes.push(node)
  if (!done.errors.isEmpty) errors.push(sentence(scope, node, done.errors.texts()))
  if (module?.definition.blocking === true) return false
  if (pathType === 'non-blocking') blocked.push(path)
  return true
}

function sentence({ workflow }: Scope, node: Json, errors: readonly Json[]): string {
  return translate(
    'Node `%s` (%s) from Workflow `%s` (%s) returned the following error: %s',
    dig(node, 'data', 'id'),
    dig(node, 'id'),
    workflow['name'] ?? null,
    workflow['id'] ?? null,
    implode(', ', errors)
  )
}

/** The nodes of a workflow row. */
export const graphOf = (workflow: JsonMap): RawGraph => {
  const data = workflow['data']
  return (typeof data === 'object' && data !== null ? data : []) as RawGraph
}
