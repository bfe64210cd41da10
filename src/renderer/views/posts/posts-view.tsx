import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { PostAccounts, PostSummary } from '../../../contract/workspace.ts'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { plural, formatCount } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { Panes } from '../../components/panes.tsx'
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

const columns = [
  { label: 'Time' },
  { label: 'Source' },
  { label: 'Kind' },
  { label: 'Target' },
  { label: 'Size', right: true },
  { label: 'Run' },
  { label: 'Grouping', right: true }
]

const doubtful = (post: PostSummary): boolean => post.runId === null || (post.confidence ?? 1) < 0.9

function PostCells({ post }: { post: PostSummary }) {
  return (
    <>
      <Cell title={post.at}>{formatTime(post.at)}</Cell>
      <Cell title={post.source}>{post.source || <span className="muted">–</span>}</Cell>
      <Cell>
        <span className={`tag ${post.kind === 'unknown' ? 'mock' : post.kind === 'exec' ? '' : 'accent'}`}>
          {post.kind}
        </span>
      </Cell>
      <Cell mono title={post.target}>
        {post.target}
      </Cell>
      <Cell right>{formatBytes(post.size)}</Cell>
      <Cell mono title={post.reason ?? undefined}>
        {post.runId ?? <span className="tag mock">unassigned</span>}
      </Cell>
      <Cell right title={post.reason ?? undefined}>
        {post.confidence === null ? (
          ''
        ) : (
          <span className={doubtful(post) ? 'tag mock' : ''}>{Math.round(post.confidence * 100)} %</span>
        )}
      </Cell>
    </>
  )
}

const postCells = (post: PostSummary) => <PostCells post={post} />

/** Every post as it came, as people know it from request bins; doubtful ones can be put right. */
export default function PostsView() {
  const state = useStore(posts)
  const search = useRef<HTMLInputElement>(null)
  const move = useMoveDialog()
  useEffect(
    () =>
      addCommands([
        { id: 'posts.search', title: 'Search posts', group: 'Posts', keys: '/', run: () => search.current?.focus() },
        {
          id: 'posts.follow',
          title: 'Follow new posts, or pause',
          group: 'Posts',
          keys: 'f',
          run: () => setPostsFollowing(!posts.getState().following)
        }
      ]),
    []
  )
  const chosen = state.posts.find((post) => state.selected.has(post.id))
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Posts">
        <h1>Posts</h1>
        <input
          ref={search}
          className="field"
          style={{ width: 260 }}
          type="search"
          placeholder="Search source, target, run"
          aria-label="Search posts"
          value={state.search}
          onChange={(event) => setPostSearch(event.target.value)}
        />
        <button className="chip" aria-pressed={state.unassigned} onClick={() => setUnassigned(!state.unassigned)}>
          unassigned and uncertain
        </button>
        <span className="grow" />
        <span className="muted" role="status" title={wherePostsAre(state.accounts)}>
          {state.search === ''
            ? plural(state.total, 'post')
            : `${formatCount(state.posts.length)}${state.cursor ? '+' : ''} of ${plural(state.total, 'post')}`}
        </span>
        <button
          className="btn"
          aria-pressed={state.following}
          onClick={() => setPostsFollowing(!state.following)}
          title="Follow new posts (F)"
        >
          <Icon name={state.following ? 'pause' : 'play'} /> {state.following ? 'Following' : 'Paused'}
        </button>
      </div>
      {state.fresh > 0 && (
        <button className="fresh" onClick={() => void reloadPosts()}>
          {plural(state.fresh, 'new post')}: show
        </button>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        {state.posts.length === 0 ? (
          <NoPosts />
        ) : (
          <Panes
            name="posts"
            direction="column"
            panes={[
              { id: 'list', size: 58, min: 20, content: <PostGrid onMove={move.open} /> },
              {
                id: 'post',
                size: 42,
                min: 15,
                content: chosen ? (
                  <PostPane post={chosen} key={chosen.id} />
                ) : (
                  <EmptyState title="No post selected">Select a post to see its original content.</EmptyState>
                )
              }
            ]}
          />
        )}
      </div>
      <MoveDialog dialog={move} />
    </div>
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
  if (state.failure) return <FailureState failure={state.failure} retry={() => void reloadPosts()} />
  if (state.loading) return <Loading label="Loading posts" />
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

function PostGrid({ onMove }: { onMove: (ids: readonly string[]) => void }) {
  const state = useStore(posts)
  const [dragged, setDragged] = useState<readonly string[] | null>(null)
  const menu = (post: PostSummary) => {
    const ids = state.selected.has(post.id) ? [...state.selected] : [post.id]
    const runs = [
      ...new Set(state.posts.filter((one) => ids.includes(one.id) && one.runId).map((one) => one.runId as string))
    ]
    return [
      { label: 'Open run', disabled: !post.runId, run: () => navigate(['runs', post.runId ?? '']) },
      { label: 'Move to a run…', keys: 'm', run: () => onMove(ids) },
      { label: 'Move to a new run', run: () => void movePosts(ids, null) },
      { label: 'Split the run here', disabled: !post.runId, run: () => void splitRun(post.runId ?? '', post.id) },
      { label: 'Merge the runs of the selected posts', disabled: runs.length < 2, run: () => void mergeRuns(runs) }
    ]
  }
  const drag = {
    label: (count: number) => `Move ${plural(count, 'post')}`,
    accepts: (ids: readonly string[], onto: PostSummary) =>
      onto.runId !== null && state.posts.some((post) => ids.includes(post.id) && post.runId !== onto.runId),
    drop: (ids: readonly string[], onto: PostSummary) => void movePosts(ids, onto.runId),
    dragging: setDragged
  }
  const grid = (
    <DataGrid
      label="Posts"
      layout="post-columns"
      columns={columns}
      items={state.posts}
      id={(post) => post.id}
      cells={postCells}
      selected={state.selected}
      onSelect={selectPosts}
      onOpen={(post) => post.runId && navigate(['runs', post.runId])}
      onEnd={() => void loadMorePosts()}
      menu={menu}
      drag={drag}
    />
  )
  return (
    <div className="column">
      {dragged && <DropBar ids={dragged} />}
      <div className="grow" style={{ minHeight: 0 }}>
        {grid}
      </div>
    </div>
  )
}
