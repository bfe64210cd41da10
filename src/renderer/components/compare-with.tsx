import { useEffect, useId, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { runTitle } from '../../contract/run-views.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { closeOther, compareRuns, otherRun, othersOf } from '../stores/other-run.ts'
import { Dialog } from './dialog.tsx'
import { SearchInput } from './search-input.tsx'
import { formatTime, outcomeLabel, outcomeTone } from './format.ts'
import './compare-with.css'

/** Asks which run one is compared with. */
export function CompareWithDialog() {
  const run = useStore(otherRun, ({ of }) => of)
  return run && <Choosing key={run.id} run={run} />
}

/** What a run is to the one that it is compared with. */
function relationOf(run: RunSummary, other: RunSummary, previous: string | undefined): string | null {
  if (run.parent?.runId === other.id) return run.parent.relation === 'again' ? 'original run' : 'parent run'
  if (other.parent?.runId === run.id && other.parent.relation === 'again') return 'run again'
  return other.id === previous ? 'previous run of this workflow' : null
}

/** The one that it came out of first, then the last one of its workflow before it. */
function ordered(run: RunSummary, others: readonly RunSummary[]) {
  const earlier = others.filter(
    (one) => one.workflowName === run.workflowName && run.workflowName !== null && one.startedAt < run.startedAt
  )
  const previous = earlier.reduce<RunSummary | undefined>(
    (last, one) => (last === undefined || one.startedAt > last.startedAt ? one : last),
    undefined
  )?.id
  const told = others.map((other) => ({ other, relation: relationOf(run, other, previous) }))
  const rank = (relation: string | null): number => (relation === null ? 2 : relation.startsWith('previous') ? 1 : 0)
  return told.sort((a, b) => rank(a.relation) - rank(b.relation))
}

function Choosing({ run }: { run: RunSummary }) {
  const [search, setSearch] = useState('')
  const [others, setOthers] = useState<readonly RunSummary[] | null>(null)
  const [at, setAt] = useState(0)
  const list = useId()
  useEffect(() => {
    let wanted = true
    const timer = setTimeout(
      () =>
        void othersOf(run, search).then((found) => {
          if (!wanted) return
          setOthers(found)
          setAt(0)
        }),
      search === '' ? 0 : 150
    )
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [run, search])
  const shown = ordered(run, others ?? [])
  const choose = (other: RunSummary | undefined) => {
    if (!other) return
    closeOther()
    compareRuns(run, other)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Enter') choose(shown[at]?.other)
    else if (by !== 0) setAt(Math.max(0, Math.min(shown.length - 1, at + by)))
    else return
    event.preventDefault()
  }
  return (
    <Dialog title="Compare with…" onClose={closeOther} wide>
      <div className="compare-with" onKeyDown={onKeyDown}>
        <p className="ellipsis muted">{runTitle(run)}</p>
        <SearchInput
          type="text"
          data-autofocus
          role="combobox"
          aria-label="Search runs to compare with"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={shown.length > 0 ? `${list}-${at}` : undefined}
          placeholder="Trigger, workflow, event, module, error"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <ul id={list} role="listbox" aria-label="Runs">
          {shown.map(({ other, relation }, i) => (
            <li
              key={other.id}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === at}
              ref={(row) => void (i === at && row?.scrollIntoView({ block: 'nearest' }))}
              onClick={() => choose(other)}
            >
              <span className={`tag ${outcomeTone(other)}`}>{outcomeLabel(other)}</span>
              <span className="ellipsis grow">
                {[...new Set([other.workflowName, runTitle(other)])].filter(Boolean).join(' · ')}
              </span>
              {relation && <span className="tag accent">{relation}</span>}
              <span className="muted nowrap">
                {formatTime(other.startedAt)} · {other.origin}
              </span>
            </li>
          ))}
        </ul>
        {others !== null && shown.length === 0 && <p className="muted">No other run was found.</p>}
      </div>
    </Dialog>
  )
}
