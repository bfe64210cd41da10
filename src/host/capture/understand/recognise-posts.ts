// From which version of MISP posts come: by triggers and modules that only some have, by the nodes in the post of the end, which are saved ones,
// and by fields that MISP added to its posts.
import { isUnknownMap, plainText, type Json } from '../../../contract/json.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import {
  postsOfOnly,
  recognise,
  traceOfModule,
  tracesOf,
  type Recognised,
  type Trace
} from '../../../engine/check/recognise.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { profileIds, profiles } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import type { ParsedPost } from './post-parse.ts'

type Told = Pick<ParsedPost, 'nodeId' | 'kind' | 'trigger' | 'moduleId' | 'result' | 'errors' | 'initiator' | 'data'>

const where = (fits: (profile: ProfileId) => boolean): readonly ProfileId[] => profileIds.filter(fits)
const tellingErrors = where((id) => profiles[id].postsTellErrors)
const silent = where((id) => !profiles[id].postsTellErrors)
const naming = where((id) => profiles[id].initiatorInPosts)

const postTrace = (said: string, profiles: readonly ProfileId[]): Trace => ({
  ...{ text: `${said}; ${postsOfOnly(profiles)}.`, profiles, isOld: false }
})

const typeOf = (moduleId: string): string =>
  profileIds.some((id) => modulesOf(id).find('logic', moduleId)) ? 'logic' : 'action'

/** The most of a run's posts that are looked at: what many say one says too. */
const mostPosts = 2000

function* tracesIn(post: Told): Generator<Trace | null> {
  yield traceOfModule('trigger', post.trigger, 'The trigger')
  if (post.initiator !== null) yield postTrace('The posts say who started the run (initiator_user_id)', naming)
  // What this MISP could not load says where the workflow is from, not where it ran.
  if (post.kind !== 'exec' || post.result === 'loading_error') return
  yield traceOfModule(typeOf(post.moduleId), post.moduleId, 'A module that was executed')
  if (post.errors !== null) yield postTrace('A node’s post lists errors', tellingErrors)
  if (post.result === 'partial-success') yield postTrace('A node’s post says partial-success', tellingErrors)
}

const nodesIn = (list: unknown): readonly Json[] =>
  Array.isArray(list) ? (list as Json[]) : isUnknownMap(list) ? (Object.values(list) as Json[]) : []

/** The saved nodes that were executed, as the post of the end has them. */
function executedIn({ data }: Told, unloaded: ReadonlySet<string>): RawGraph {
  const nodes = isUnknownMap(data) ? nodesIn(data['executed_nodes']) : []
  const loaded = nodes.filter((node) => !isUnknownMap(node) || !unloaded.has(plainText(node['id'])))
  return Object.fromEntries(loaded.map((node, i) => [`n${i}`, node])) as unknown as RawGraph
}

/** Actions that answered false, as the post of the end has them. */
const failedIn = ({ data }: Told): readonly string[] =>
  isUnknownMap(data)
    ? nodesIn(data['blocking_nodes']).flatMap((node) =>
        isUnknownMap(node) ? [plainText(node['id']).slice(0, 20)] : []
      )
    : []

/** Each trace once. */
export function tracesOfPosts(posts: Iterable<Told>): readonly Trace[] {
  const found = new Map<string, Trace>()
  /** Nodes whose post says success. */
  const done = new Set<string>()
  const unloaded = new Set<string>()
  let looked = 0
  for (const post of posts) {
    if (post.kind === 'exec' && post.result === 'success' && post.errors === null) done.add(post.nodeId)
    else if (post.kind === 'exec') done.delete(post.nodeId)
    if (post.kind === 'exec' && post.result === 'loading_error') unloaded.add(post.nodeId)
    // The end tells more than any other, and comes last.
    if (looked++ > mostPosts && post.kind !== 'end') continue
    for (const trace of tracesIn(post)) if (trace) found.set(trace.text, trace)
    if (post.kind === 'end') for (const trace of tracesOf(executedIn(post, unloaded))) found.set(trace.text, trace)
    const hidden = post.kind === 'end' ? failedIn(post).find((id) => done.has(id)) : undefined
    if (hidden !== undefined) {
      const trace = postTrace(`Node ${hidden} failed, but its post says success and lists no errors`, silent)
      found.set(trace.text, trace)
    }
  }
  return [...found.values()]
}

/** The profile that posts point to; `otherwise` where they point to none. */
export const recognisePosts = (posts: Iterable<Told>, otherwise: ProfileId): Recognised =>
  recognise(tracesOfPosts(posts), otherwise)
