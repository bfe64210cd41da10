// The live list of raw posts, and the corrections that a person makes to the runs they were put into.
import { createStore } from 'zustand/vanilla'
import type { PostSummary } from '../../contract/workspace.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'

export interface PostsState {
  readonly posts: readonly PostSummary[]
  readonly total: number
  readonly cursor: string | null
  readonly loading: boolean
  readonly failure: Failure | null
  readonly search: string
  readonly unassigned: boolean
  readonly following: boolean
  readonly fresh: number
  readonly selected: ReadonlySet<string>
}

export const posts = createStore<PostsState>(() => ({
  posts: [],
  total: 0,
  cursor: null,
  loading: true,
  failure: null,
  search: '',
  unassigned: false,
  following: true,
  fresh: 0,
  selected: new Set()
}))

let asked = 0

/** More doubtful posts than these are among the others. */
const mostDoubtful = 50
let first: ReadonlySet<string> = new Set()
const others = (all: readonly PostSummary[]): readonly PostSummary[] => all.filter((post) => !first.has(post.id))

export async function reloadPosts(): Promise<void> {
  const mine = ++asked
  const { search, unassigned } = posts.getState()
  posts.setState({ loading: true })
  // What needs a person stands first: posts without a run, and those of doubtful runs.
  const [answer, doubtful] = await Promise.all([
    client.call('posts.list', { search, unassigned, cursor: null, limit: 200 }),
    unassigned ? null : client.call('posts.list', { search, unassigned: true, cursor: null, limit: mostDoubtful })
  ])
  if (mine !== asked) return
  if (!answer.ok) return posts.setState({ loading: false, failure: answer.error })
  first = new Set(doubtful?.ok ? doubtful.data.posts.map((post) => post.id) : [])
  const shown = [...(doubtful?.ok ? doubtful.data.posts : []), ...others(answer.data.posts)]
  posts.setState({ ...answer.data, posts: shown, loading: false, failure: null, fresh: 0 })
}

export async function loadMorePosts(): Promise<void> {
  const { cursor, loading, search, unassigned } = posts.getState()
  if (!cursor || loading) return
  const mine = asked
  posts.setState({ loading: true })
  const answer = await client.call('posts.list', { search, unassigned, cursor, limit: 200 })
  if (mine !== asked) return
  if (!answer.ok) return posts.setState({ loading: false, failure: answer.error })
  posts.setState((state) => ({
    posts: [...state.posts, ...others(answer.data.posts)],
    cursor: answer.data.cursor,
    total: answer.data.total,
    loading: false
  }))
}

let timer: ReturnType<typeof setTimeout> | undefined
const soon = (wait: number) => {
  clearTimeout(timer)
  timer = setTimeout(() => void reloadPosts(), wait)
}

export const setPostSearch = (search: string): void => {
  posts.setState({ search })
  soon(120)
}
export const setUnassigned = (unassigned: boolean): void => {
  posts.setState({ unassigned })
  void reloadPosts()
}
export const setPostsFollowing = (following: boolean): void => {
  posts.setState({ following })
  if (following) void reloadPosts()
}
export const selectPosts = (ids: Iterable<string>): void => posts.setState({ selected: new Set(ids) })

/** Tells what was done and offers to take it back. */
function done(text: string, answer: Awaited<ReturnType<typeof client.call<'posts.move'>>>): void {
  if (!answer.ok) return showFailure(answer.error)
  const { undoId } = answer.data
  toast(text, {
    action: { label: 'Undo', run: () => void client.call('posts.undo', { undoId }).then(() => reloadPosts()) }
  })
  void reloadPosts()
}

export const movePosts = async (postIds: readonly string[], runId: string | null): Promise<void> =>
  done(
    runId ? 'Moved to the run' : 'Moved to a run of their own',
    await client.call('posts.move', { postIds: [...postIds], runId })
  )
export const splitRun = async (runId: string, postId: string): Promise<void> =>
  done('Run split', await client.call('runs.split', { runId, postId }))
export const mergeRuns = async (runIds: readonly string[]): Promise<void> =>
  done('Runs merged', await client.call('runs.merge', { runIds: [...runIds] }))

let seen = -1
client.on('capture.changed', ({ posts: count }) => {
  if (seen < 0 || count === seen) return void (seen = count)
  const added = count - seen
  seen = count
  if (posts.getState().following) soon(200)
  else posts.setState(({ fresh }) => ({ fresh: fresh + added }))
})
client.onState((state) => state === 'open' && void reloadPosts())
