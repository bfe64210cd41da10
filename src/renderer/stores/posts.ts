// The live list of raw posts, and the corrections that a person makes to the runs they were put into.
import { createStore } from 'zustand/vanilla'
import { postSortings } from '../../contract/workspace.ts'
import type { PostAccounts, PostSummary } from '../../contract/workspace.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { sortingOf } from './preferences.ts'

export interface PostsState {
  readonly posts: readonly PostSummary[]
  readonly total: number
  readonly accounts: PostAccounts
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
  accounts: { total: 0, inRuns: 0, unassigned: 0, waiting: 0, removed: 0 },
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

// What needs a person stands first: posts without a run, and those of doubtful runs.
const pageOf = (cursor: string | null) => {
  const { search, unassigned } = posts.getState()
  const order = sortingOf('Posts', postSortings)
  return client.call('posts.list', { search, unassigned, doubtfulFirst: true, ...order, cursor, limit: 200 })
}

export async function reloadPosts(): Promise<void> {
  const mine = ++asked
  posts.setState({ loading: true })
  const answer = await pageOf(null)
  if (mine !== asked) return
  if (!answer.ok) return posts.setState({ loading: false, failure: answer.error })
  posts.setState({ ...answer.data, loading: false, failure: null, fresh: 0 })
}

export async function loadMorePosts(): Promise<void> {
  const { cursor, loading } = posts.getState()
  if (!cursor || loading) return
  const mine = asked
  posts.setState({ loading: true })
  const answer = await pageOf(cursor)
  if (mine !== asked) return
  if (!answer.ok) return posts.setState({ loading: false, failure: answer.error })
  posts.setState((state) => {
    // A post may have become doubtful, or certain, since the page before.
    const known = new Set(state.posts.map(({ id }) => id))
    const more = answer.data.posts.filter(({ id }) => !known.has(id))
    return { ...answer.data, posts: [...state.posts, ...more], loading: false }
  })
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
    runId ? 'Posts moved to the run' : 'Posts moved to a new run',
    await client.call('posts.move', { postIds: [...postIds], runId })
  )
export const splitRun = async (runId: string, postId: string): Promise<void> =>
  done('Run split', await client.call('runs.split', { runId, postId }))
export const mergeRuns = async (runIds: readonly string[]): Promise<void> =>
  done('Runs merged', await client.call('runs.merge', { runIds: [...runIds] }))

/** How many posts there were when the host last said it; null until then. */
let seen: number | null = null
client.on('capture.changed', ({ posts: count }) => {
  const { following, total, loading } = posts.getState()
  const added = count - (seen ?? (loading ? count : total))
  seen = count
  if (added === 0) return
  if (following) soon(200)
  else posts.setState(({ fresh }) => ({ fresh: fresh + added }))
})
client.onState((state) => state === 'open' && void reloadPosts())
