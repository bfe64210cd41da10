import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { PostAccounts, PostSorting, PostSummary } from '../../../contract/workspace.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { plural, formatCount } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { addCommands } from '../../stores/commands.ts'
import {
  loadMorePosts,
  mergeRuns,
  movePosts,
  posts,
  reloadPosts,
  selectPosts,
  setPostSearch,
  setPostsFollowing,
  setUnassigned,
  splitRun
} from '../../stores/posts.ts'
import { navigate } from '../../stores/router.ts'
import { ConnectCard } from '../../components/connect-card.tsx'
import { MoveDialog, useMoveDialog } from './move-dialog.tsx'
import { PostPane } from './post-pane.tsx'

const doubtful = (post: PostSummary): boolean => post.runId === null || (post.confidence ?? 1) < 0.9

/** The host sorts: it has all posts. */
const columns: readonly (Column<PostSummary> & { readonly id: PostSorting })[] = [
  {
    ...{ id: 'time', label: 'Time', width: 138, sort: 'host' },
    title: (post) => post.at,
    cell: (post) => formatTime(post.at)
  },
  {
    ...{ id: 'source', label: 'Source', width: 90, sort: 'host', spare: 3 },
    title: (post) => post.source,
    cell: (post) => post.source || <span className="muted">–</span>
  },
  {
    ...{ id: 'kind', label: 'Kind', width: 66, sort: 'host' },
    cell: (post) => (
      <span className={`tag ${post.kind === 'unknown' ? 'mock' : post.kind === 'exec' ? '' : 'accent'}`}>
        {post.kind}
      </span>
    )
  },
  {
    ...{ id: 'target', label: 'Target', width: 160, grow: 2, mono: true, sort: 'host' },
    title: (post) => post.target,
    cell: (post) => post.target
  },
  {
    ...{ id: 'size', label: 'Size', right: true, width: 66, sort: 'host', spare: 2 },
    cell: (post) => formatBytes(post.size)
  },
  {
    ...{ id: 'run', label: 'Run', width: 100, grow: 1, mono: true, sort: 'host', spare: 1 },
    title: (post) => post.reason ?? undefined,
    cell: (post) => post.runId ?? <span className="tag mock">unassigned</span>
  },
  {
    ...{ id: 'grouping', label: 'Grouping', right: true, width: 62, sort: 'host' },
    title: (post) => post.reason ?? undefined,
    cell: (post) =>
      post.confidence !== null && (
        <span className={doubtful(post) ? 'tag mock' : ''}>{Math.round(post.confidence * 100)} %</span>
      )
  }
]

function menuFor(post: PostSummary, onMove: (ids: readonly string[]) => void): readonly MenuItem[] {
  const { posts: all, selected } = posts.getState()
  const ids = selected.has(post.id) ? [...selected] : [post.id]
  const runs = [...new Set(all.flatMap(({ id, runId }) => (runId !== null && ids.includes(id) ? [runId] : [])))]
  const { runId } = post
  return [
    {
      ...{ label: 'Open run', icon: 'eye', disabled: runId === null || ids.length > 1 },
      run: () => navigate(['runs', runId ?? ''])
    },
    { label: 'Move to a run…', keys: 'm', icon: 'share-alt', run: () => onMove(ids) },
    { label: 'Move to a new run', run: () => void movePosts(ids, null) },
    {
      ...{ label: 'Split the run here', disabled: runId === null || ids.length > 1 },
      run: () => void splitRun(runId ?? '', post.id)
    },
    {
      ...{ label: 'Merge the runs of the selected posts', disabled: runs.length < 2 },
      run: () => void mergeRuns(runs)
    }
  ]
}

const dragPosts = (dragging: (ids: readonly string[] | null) => void) => ({
  label: (count: number) => `Move ${plural(count, 'post')}`,
  accepts: (ids: readonly string[], onto: PostSummary) =>
    onto.runId !== null && posts.getState().posts.some((post) => ids.includes(post.id) && post.runId !== onto.runId),
  drop: (ids: readonly string[], onto: PostSummary) => void movePosts(ids, onto.runId),
  dragging
})

const openRun = (post: PostSummary): void => {
  if (post.runId) navigate(['runs', post.runId])
}

/** Every post as it came, as people know it from request bins; doubtful ones can be put right. */
export default function PostsView() {
  const state = useStore(posts)
  const move = useMoveDialog()
  const [dragged, setDragged] = useState<readonly string[] | null>(null)
  useEffect(
    () =>
      addCommands([
        {
          ...{ id: 'posts.follow', title: 'Follow new posts, or pause', group: 'Posts', keys: 'f' },
          run: () => setPostsFollowing(!posts.getState().following)
        }
      ]),
    []
  )
  return (
    <>
      <ListView
        title="Posts"
        label="Posts"
        search={{
          label: 'Search posts',
          placeholder: 'Source, target, run',
          value: state.search,
          onChange: setPostSearch
        }}
        filters={
          <button className="chip" aria-pressed={state.unassigned} onClick={() => setUnassigned(!state.unassigned)}>
            unassigned and uncertain
          </button>
        }
        count={
          state.search === ''
            ? plural(state.total, 'post')
            : `${formatCount(state.posts.length)}${state.cursor ? '+' : ''} of ${plural(state.total, 'post')}`
        }
        countTitle={wherePostsAre(state.accounts)}
        tools={
          <button
            className="btn"
            aria-pressed={state.following}
            onClick={() => setPostsFollowing(!state.following)}
            title="Follow new posts (F)"
          >
            <Icon name={state.following ? 'pause' : 'play'} /> {state.following ? 'Following' : 'Paused'}
          </button>
        }
        notices={
          <>
            {state.fresh > 0 && (
              <button className="fresh" onClick={() => void reloadPosts()}>
                {plural(state.fresh, 'new post')}: show
              </button>
            )}
            {dragged && <DropBar ids={dragged} />}
          </>
        }
        items={state.posts.length === 0 && state.loading && !state.failure ? null : state.posts}
        failure={state.failure}
        retry={() => void reloadPosts()}
        empty={<NoPosts />}
        columns={columns}
        id={(post) => post.id}
        selected={state.selected}
        onSelect={selectPosts}
        onOpen={openRun}
        onEnd={() => void loadMorePosts()}
        onSorted={() => void reloadPosts()}
        menu={(post) => menuFor(post, move.open)}
        heading={(post) => `${post.kind} · ${post.target}`}
        several={(count) => plural(count, 'post')}
        preview={(post) => <PostPane post={post} key={post.id} />}
        drag={dragPosts(setDragged)}
      />
      <MoveDialog dialog={move} />
    </>
  )
}

/** `90 in runs, 10 unassigned, 5 removed`. */
function wherePostsAre({ inRuns, unassigned, waiting, removed }: PostAccounts): string {
  const parts = [`${formatCount(inRuns)} in runs`, `${formatCount(unassigned)} unassigned`]
  if (waiting > 0) parts.push(`${formatCount(waiting)} not grouped yet`)
  if (removed > 0) parts.push(`${formatCount(removed)} removed`)
  return parts.join(', ')
}

function NoPosts() {
  const state = useStore(posts)
  if (state.search !== '' || state.unassigned)
    return (
      <EmptyState title="No matching posts">
        {state.unassigned ? 'Every post belongs to a run.' : 'The search covers source, target and run.'}
      </EmptyState>
    )
  return (
    <div className="column">
      <ConnectCard />
      <EmptyState title="No posts yet">Posts appear here as soon as MISP runs a workflow in debug mode.</EmptyState>
    </div>
  )
}

/** Shown while posts are dragged: what is no other post's run. */
function DropBar({ ids }: { ids: readonly string[] }) {
  const all = useStore(posts, (state) => state.posts)
  const [over, setOver] = useState<string | null>(null)
  const first = all.findLast((post) => ids.includes(post.id))
  const target = (name: string, text: string, drop: () => void) => (
    <div
      data-over={over === name || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(name)
      }}
      onDragLeave={() => setOver(null)}
      onDrop={(event) => {
        event.preventDefault()
        drop()
      }}
    >
      {text}
    </div>
  )
  return (
    <div className="drop-bar">
      {target('own', 'Drop here: new run', () => void movePosts(ids, null))}
      {first?.runId &&
        ids.length === 1 &&
        target('split', 'Drop here: split the run at this post', () => void splitRun(first.runId ?? '', first.id))}
    </div>
  )
}
