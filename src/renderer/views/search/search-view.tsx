// Where a text, a key or a condition appears: the first place in each run, and the node that brought it in.
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { runTitle } from '../../../contract/run-views.ts'
import { hitPath } from '../../../contract/finding.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import { Facts } from '../../components/list/preview.tsx'
import { useList } from '../../hooks/use-list.ts'
import { copyText } from '../../stores/clipboard.ts'
import { navigate, router } from '../../stores/router.ts'
import { askedIn, goOn, openPlace, runSearch, searchRuns, startSearch, stopSearch } from '../../stores/run-search.ts'
import type { Asked, FoundPlace } from '../../stores/run-search.ts'
import { SearchForm } from './search-form.tsx'
import './search.css'

const broughtIn = ({ step, nodeId, name }: FoundPlace): string =>
  step === 0 ? 'Input of the run' : `${name ?? ''}${nodeId === null ? '' : ` · ${nodeId}`}`

const columns: readonly Column<FoundPlace>[] = [
  {
    ...{ id: 'run', label: 'Run', width: 170, grow: 2, sort: ({ run }: FoundPlace) => runTitle(run) },
    title: ({ run }) => runTitle(run),
    cell: ({ run }) => runTitle(run)
  },
  {
    ...{ id: 'outcome', label: 'Outcome', width: 90, spare: 2, sort: ({ run }: FoundPlace) => outcomeLabel(run) },
    cell: ({ run }) => <span className={`tag ${outcomeTone(run)}`}>{outcomeLabel(run)}</span>
  },
  {
    ...{ id: 'started', label: 'Started', width: 130, spare: 3, sort: ({ run }: FoundPlace) => run.startedAt },
    cell: ({ run }) => formatTime(run.startedAt)
  },
  {
    ...{ id: 'step', label: 'First step', width: 70, right: true, sort: ({ step }: FoundPlace) => step },
    cell: ({ step }) => step
  },
  {
    ...{ id: 'node', label: 'Brought in by', width: 130, grow: 1, sort: broughtIn },
    title: broughtIn,
    cell: broughtIn
  },
  {
    ...{ id: 'place', label: 'Place', width: 150, grow: 2, mono: true, spare: 1, sort: hitPath },
    title: hitPath,
    cell: hitPath
  },
  {
    ...{ id: 'value', label: 'Value', width: 140, grow: 2, mono: true },
    title: ({ preview }) => preview,
    cell: ({ preview }) => preview
  }
]

export default function SearchView() {
  const query = useStore(router, (state) => state.query)
  const asked = askedIn(query)
  const address = JSON.stringify(asked)
  const { state, places, searched, unread, cursor, failure } = useStore(runSearch)
  const { selected, select } = useList('Search')
  useEffect(() => void startSearch(asked), [address])
  // Who leaves does not wait for it any more.
  useEffect(() => stopSearch, [])
  return (
    <ListView
      title="Search"
      label="Search"
      filters={
        <>
          <SearchForm asked={asked} />
          {asked.run !== null && (
            <button className="chip" aria-pressed onClick={() => searchRuns({ run: null })} title="Search in all runs">
              Only run {asked.run} <Icon name="xmark" size={10} />
            </button>
          )}
        </>
      }
      {...(asked.query === '' ? {} : { count: countOf(state, places.length, searched) })}
      notices={
        <>
          {state === 'searching' && (
            <div className="list-notice" role="status">
              <span className="spinner" /> {plural(searched, 'run')} searched{' '}
              <button className="btn" onClick={stopSearch}>
                Stop
              </button>
            </div>
          )}
          {state === 'done' && cursor !== null && (
            <div className="list-notice">
              Not all runs were searched.{' '}
              <button className="btn" onClick={() => void goOn(asked)}>
                Search on
              </button>
            </div>
          )}
          {unread.length > 0 && (
            <div className="list-notice">
              {plural(unread.length, 'run')} could not be read: {unread[0]?.why}
            </div>
          )}
        </>
      }
      items={state === 'searching' && places.length === 0 ? none : places}
      failure={failure}
      retry={() => void startSearch(asked)}
      empty={<Nothing asked={asked} isBusy={state === 'searching'} />}
      columns={columns}
      id={({ runId }) => runId}
      selected={selected}
      onSelect={select}
      onOpen={openPlace}
      menu={(place) => [
        { label: 'Open at the value', icon: 'eye', run: () => openPlace(place) },
        { label: 'Open run', run: () => navigate(['runs', place.runId]) },
        { label: 'Copy place', icon: 'copy', run: () => copyText(hitPath(place), 'the place') },
        { label: 'Copy value', icon: 'copy', run: () => copyText(textOf(place), 'the value') }
      ]}
      heading={({ run }) => runTitle(run)}
      several={(count) => plural(count, 'run')}
      preview={(place) => (
        <>
          <Facts
            rows={[
              ['Outcome', outcomeLabel(place.run)],
              ['Started', formatTime(place.run.startedAt)],
              ['First step', place.step],
              ['Brought in by', broughtIn(place)],
              ['Place', <span className="mono">{hitPath(place)}</span>]
            ]}
          />
          <pre className="preview-text">{textOf(place)}</pre>
        </>
      )}
    />
  )
}

const none: readonly FoundPlace[] = []
const textOf = ({ value }: FoundPlace): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))

const countOf = (state: string, found: number, searched: number): string =>
  state === 'searching' ? `${formatCount(found)} found` : `${formatCount(found)} of ${plural(searched, 'run')}`

function Nothing({ asked, isBusy }: { asked: Asked; isBusy: boolean }) {
  if (isBusy) return null
  if (asked.query === '')
    return (
      <EmptyState title="Search inside runs">
        Where does an indicator, a tag or an error appear? Data, parameters, errors, requests and responses of every run
        are searched, without masked secrets. Each run is listed with the first step that has it and the node that
        brought it in.
      </EmptyState>
    )
  return (
    <EmptyState title={asked.run === null ? 'No run has it' : 'The run does not have it'}>
      {asked.kind !== 'path' && asked.matchCase && 'Capital letters count: “Match case” is on.'}
    </EmptyState>
  )
}
