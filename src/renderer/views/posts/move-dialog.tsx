import { useState } from 'react'
import { useStore } from 'zustand'
import { Dialog } from '../../components/dialog.tsx'
import { formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { SearchInput } from '../../components/search-input.tsx'
import { plural } from '../../../contract/words.ts'
import { movePosts } from '../../stores/posts.ts'
import { runs } from '../../stores/runs.ts'

export interface MoveDialogState {
  readonly postIds: readonly string[] | null
  readonly open: (postIds: readonly string[]) => void
  readonly close: () => void
}

export function useMoveDialog(): MoveDialogState {
  const [postIds, setPostIds] = useState<readonly string[] | null>(null)
  return { postIds, open: setPostIds, close: () => setPostIds(null) }
}

/** Chooses the run that posts belong to. */
export function MoveDialog({ dialog }: { dialog: MoveDialogState }) {
  const all = useStore(runs, (state) => state.runs)
  const [search, setSearch] = useState('')
  const { postIds, close } = dialog
  if (!postIds) return null
  const wanted = search.toLowerCase()
  const shown = all
    .filter(
      (run) =>
        run.origin !== 'local' &&
        `${run.id} ${run.trigger} ${run.workflowName ?? ''} ${run.event?.info ?? ''}`.toLowerCase().includes(wanted)
    )
    .slice(0, 50)
  const move = (runId: string | null) => {
    close()
    void movePosts(postIds, runId)
  }
  return (
    <Dialog
      title={`Move ${plural(postIds.length, 'post')} to…`}
      onClose={close}
      footer={
        <button className="btn" onClick={() => move(null)}>
          New run
        </button>
      }
    >
      <SearchInput
        className="above-list"
        type="text"
        placeholder="Search runs"
        aria-label="Search runs"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ul style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label="Runs">
        {shown.map((run) => (
          <li key={run.id}>
            <button
              className="btn quiet"
              style={{ width: '100%', justifyContent: 'flex-start' }}
              onClick={() => move(run.id)}
            >
              <span className={`tag ${outcomeTone(run)}`}>{outcomeLabel(run)}</span> {formatTime(run.startedAt)}{' '}
              {run.trigger} <span className="muted ellipsis">{run.event?.info}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="muted">No matching captured runs.</p>}
    </Dialog>
  )
}
