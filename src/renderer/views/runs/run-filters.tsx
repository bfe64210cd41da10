import { useStore } from 'zustand'
import type { RunFilter } from '../../../contract/operations.ts'
import type { RunFacets } from '../../../contract/run-views.ts'
import { client } from '../../client/client.ts'
import { Icon } from '../../components/icons.tsx'
import { openMenu } from '../../components/menu.tsx'
import { showFailure } from '../../stores/app.ts'
import { runs, setFilter } from '../../stores/runs.ts'

const outcomes = ['success', 'blocked', 'failure', 'aborted'] as const
const origins = ['captured', 'local'] as const
const facets = ['trigger', 'workflow', 'source', 'verdict'] as const
type Facet = (typeof facets)[number]

const toggled = <T,>(list: readonly T[] | undefined, value: T): T[] | undefined => {
  const next = list?.includes(value) ? list.filter((one) => one !== value) : [...(list ?? []), value]
  return next.length > 0 ? next : undefined
}

/** Leaves out what is not set, so that an empty filter is `{}`. */
const compact = (filter: RunFilter): RunFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as RunFilter

const change = (name: keyof RunFilter, value: RunFilter[keyof RunFilter] | readonly string[]): void =>
  setFilter(compact({ ...runs.getState().filter, [name]: value } as RunFilter))

async function choose(facet: Facet, at: { readonly clientX: number; readonly clientY: number }): Promise<void> {
  const answer = await client.call('runs.facets', {})
  if (!answer.ok) return showFailure(answer.error)
  const known: RunFacets[Facet] = answer.data[facet]
  const set: readonly string[] | undefined = runs.getState().filter[facet]
  openMenu(
    at,
    known.length === 0
      ? [{ label: `No run has a ${facet}`, disabled: true, run: () => undefined }]
      : known.slice(0, 40).map(({ value, runs: count }) => ({
          label: `${set?.includes(value) ? '✓ ' : ''}${value} (${count})`,
          run: () => change(facet, toggled<string>(runs.getState().filter[facet], value))
        }))
  )
}

function FacetChips({ facet }: { facet: Facet }) {
  const chosen = useStore(runs, ({ filter }) => filter[facet])
  return (
    <>
      <button
        className="chip"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          const { left, bottom } = currentTarget.getBoundingClientRect()
          void choose(facet, { clientX: left, clientY: bottom + 2 })
        }}
      >
        {facet} <Icon name="chevron-down" size={8} />
      </button>
      {chosen?.map((value) => (
        <button
          key={value}
          className="chip"
          aria-pressed
          aria-label={`Remove the filter ${facet}: ${value}`}
          onClick={() => change(facet, toggled<string>(chosen, value))}
        >
          {value} <Icon name="xmark" size={8} />
        </button>
      ))}
    </>
  )
}

export function RunFilters() {
  const filter = useStore(runs, (state) => state.filter)
  return (
    <>
      {outcomes.map((outcome) => (
        <button
          key={outcome}
          className="chip"
          aria-pressed={filter.outcome?.includes(outcome) ?? false}
          onClick={() => change('outcome', toggled(filter.outcome, outcome))}
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
          onClick={() => change('origin', toggled(filter.origin, origin))}
        >
          {origin}
        </button>
      ))}
      <button
        className="chip"
        aria-pressed={filter.pinned ?? false}
        onClick={() => change('pinned', filter.pinned ? undefined : true)}
      >
        pinned
      </button>
      <span className="muted" aria-hidden>
        ·
      </span>
      {facets.map((facet) => (
        <FacetChips key={facet} facet={facet} />
      ))}
    </>
  )
}
