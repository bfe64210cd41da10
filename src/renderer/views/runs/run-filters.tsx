import { useStore } from 'zustand'
import type { RunFilter } from '../../../contract/operations.ts'
import { runs, setFilter } from '../../stores/runs.ts'

const outcomes = ['success', 'blocked', 'failure', 'aborted'] as const
const origins = ['captured', 'local'] as const

const toggled = <T,>(list: readonly T[] | undefined, value: T): T[] | undefined => {
  const next = list?.includes(value) ? list.filter((one) => one !== value) : [...(list ?? []), value]
  return next.length > 0 ? next : undefined
}

/** Leaves out what is not set, so that an empty filter is `{}`. */
const compact = (filter: RunFilter): RunFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as RunFilter

export function RunFilters() {
  const filter = useStore(runs, (state) => state.filter)
  return (
    <div className="chips" role="group" aria-label="Filters">
      {outcomes.map((outcome) => (
        <button
          key={outcome}
          className="chip"
          aria-pressed={filter.outcome?.includes(outcome) ?? false}
          onClick={() => setFilter(compact({ ...filter, outcome: toggled(filter.outcome, outcome) }))}
        >
          {outcome}
        </button>
      ))}
      <span className="muted" aria-hidden>
        ·
      </span>
      {origins.map((origin) => (
        <button
          key={origin}
          className="chip"
          aria-pressed={filter.origin?.includes(origin) ?? false}
          onClick={() => setFilter(compact({ ...filter, origin: toggled(filter.origin, origin) }))}
        >
          {origin}
        </button>
      ))}
      <button
        className="chip"
        aria-pressed={filter.pinned ?? false}
        onClick={() => setFilter(compact({ ...filter, pinned: filter.pinned ? undefined : true }))}
      >
        pinned
      </button>
    </div>
  )
}
