// Recorded runs, damaged on purpose: what verify must find is known.
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEventMap } from '../../src/contract/run.ts'
import type { DifferenceKind } from '../../src/contract/verify.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import { isMap } from '../../src/engine/php/values.ts'
import { defaultProfile } from '../../src/engine/profiles/profiles.ts'
import { eventsOf } from './adapter.ts'
import type { RunCase } from './adapter.ts'
import { postsOfCase, type SentPost } from './verify-runs.ts'

export interface Damaged {
  readonly posts: readonly SentPost[]
  /** What is to be found. */
  readonly step: number
  readonly kind: DifferenceKind
  readonly what: string
}

type Random = () => number
const pick = <T>(random: Random, list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]

const kindOf = ({ target }: SentPost): string => /\/(init|end|exec|debug)(?:[/?]|$)/.exec(target)?.[1] ?? ''
const nodeOf = ({ body }: SentPost): string => String((body['source'] as JsonMap)['node_id'])
const paramsOf = ({ body }: SentPost): Json => (body['source'] as JsonMap)['parameters'] ?? null

/** The walk's posts: a run with others in between, or with branches behind its end, is left as it is. */
export function walkOf(c: RunCase): readonly SentPost[] | null {
  const posts = postsOfCase(c)
  const kinds = posts.map(kindOf)
  const isWhole = kinds[0] === 'init' && kinds.lastIndexOf('init') === 0 && kinds.at(-1) === 'end'
  return isWhole && kinds.slice(1, -1).every((kind) => kind === 'exec') && kinds.length > 2 ? posts : null
}

/** A scalar somewhere in a value, and the value with another one there. */
function changed(random: Random, value: Json): { readonly path: string; readonly value: Json } | null {
  const leaves: string[][] = []
  const look = (item: Json, path: string[]): void => {
    if (typeof item !== 'object' || item === null) leaves.push(path)
    else for (const [key, inner] of Object.entries(item)) look(inner as Json, [...path, key])
  }
  look(value, [])
  const path = pick(random, leaves)
  return path === undefined ? null : { path: path.join('.'), value: withOther(value, path) }
}

function withOther(value: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined)
    return typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${String(value ?? '')}~`
  if (Array.isArray(value))
    return (value as readonly Json[]).with(Number(key), withOther(value[Number(key)] as Json, rest))
  const map = value as JsonMap
  return { ...map, [key]: withOther(map[key] as Json, rest) }
}

const withBody = (post: SentPost, body: JsonMap): SentPost => ({ ...post, body: { ...post.body, ...body } })

/** A value in the data that MISP posted. */
function damagedValue(random: Random, posts: readonly SentPost[]): Damaged | null {
  const at = Math.floor(random() * (posts.length - 1))
  const post = posts[at] as SentPost
  const data = post.body['data'] as JsonMap
  const part = at === 0 ? (data['normalized'] as Json) : (data as Json)
  const other = changed(random, part)
  if (other === null) return null
  const body = { data: at === 0 ? { ...data, normalized: other.value } : other.value }
  return { posts: posts.with(at, withBody(post, body)), step: at, kind: 'data', what: other.path }
}

/** A parameter of a node. */
function damagedParameter(random: Random, posts: readonly SentPost[]): Damaged | null {
  const able = posts.flatMap((post, i) => (kindOf(post) === 'exec' && isMap(paramsOf(post)) ? [i] : []))
  const at = pick(random, able)
  if (at === undefined) return null
  const post = posts[at] as SentPost
  const other = changed(random, paramsOf(post))
  if (other === null) return null
  const source = { ...(post.body['source'] as JsonMap), parameters: other.value }
  return { posts: posts.with(at, withBody(post, { source })), step: at, kind: 'parameter', what: other.path }
}

/** Two posts that came one after the other. */
function damagedOrder(random: Random, posts: readonly SentPost[]): Damaged | null {
  const able = posts.flatMap((post, i) => {
    const next = posts[i + 1]
    const both = kindOf(post) === 'exec' && next !== undefined && kindOf(next) === 'exec'
    return both && nodeOf(post) !== nodeOf(next) ? [i] : []
  })
  const at = pick(random, able)
  if (at === undefined) return null
  const [a, b] = [posts[at] as SentPost, posts[at + 1] as SentPost]
  return { posts: posts.with(at, b).with(at + 1, a), step: at, kind: 'order', what: `${nodeOf(a)} ${nodeOf(b)}` }
}

/** The posts of a MISP that took the other way at a condition. */
function damagedBranch(random: Random, c: RunCase, posts: readonly SentPost[]): Damaged | null {
  const visits = new Map<string, number>()
  for (const post of posts) visits.set(nodeOf(post), (visits.get(nodeOf(post)) ?? 0) + 1)
  const able = posts.flatMap((post, i) =>
    kindOf(post) === 'exec' && visits.get(nodeOf(post)) === 1 && isCondition(post) ? [i] : []
  )
  const at = pick(random, able)
  if (at === undefined) return null
  const nodeId = nodeOf(posts[at] as SentPost)
  const own = eventsOf(c).flatMap((event) =>
    event.type === 'node.finished' && String(event.nodeId) === nodeId ? [event.data] : []
  )
  const decided: RunEventMap['node.finished'] | undefined = own[0]
  if (decided === undefined) return null
  const pins = { [nodeId]: { success: decided.branch !== 'output_1', errors: [] } }
  const other = sent({ ...c, pins })
  const rest = other.slice(at + 1)
  if (rest.length === 0 || nodeOf(rest[0] as SentPost) === nodeOf(posts[at + 1] as SentPost)) return null
  return { posts: [...posts.slice(0, at + 1), ...rest], step: at, kind: 'branch', what: nodeId }
}

const isCondition = ({ target }: SentPost): boolean => {
  const id = /\/exec\/([^?]+)/.exec(target)?.[1] ?? ''
  return modulesOf(defaultProfile).facts('logic', id)?.branches === 'condition'
}

/** The posts of our engine's own run. */
const sent = (c: RunCase): readonly SentPost[] =>
  eventsOf(c).flatMap((event): SentPost[] => {
    if (event.type !== 'post' || event.runId !== c.id || event.data.job !== undefined) return []
    const { path, query, body } = event.data.post
    return [{ target: query === '' ? path : `${path}?${query}`, body: JSON.parse(JSON.stringify(body)) as JsonMap }]
  })

export const damages = ['values', 'branches', 'parameters', 'order'] as const
export type Damage = (typeof damages)[number]

/** Null: the run has nothing that could be damaged so. */
export function damage(random: Random, c: RunCase, how: Damage): Damaged | null {
  const posts = walkOf(c)
  if (posts === null) return null
  if (how === 'values') return damagedValue(random, posts)
  if (how === 'parameters') return damagedParameter(random, posts)
  return how === 'order' ? damagedOrder(random, posts) : damagedBranch(random, c, posts)
}

/** As a MISP sends it whose clock goes on while it does. */
export function timed(random: Random, posts: readonly SentPost[]): readonly SentPost[] {
  let at = Date.parse('2024-10-21T12:00:00Z')
  return posts.map((post) => {
    const timestamp = new Date(at).toISOString().replace('.000Z', '+00:00')
    at += Math.floor(random() * 3) * 1000
    return withBody(post, { timestamp })
  })
}
