import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { DataSource } from '../../../contract/operations.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { EntryChooser } from '../../components/data-chooser.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import { valueSource } from '../../components/value-source.ts'
import { addCommands } from '../../stores/commands.ts'
import { deleteData, downloadData } from '../../stores/data-sets.ts'
import { library } from '../../stores/library.ts'
import { navigate } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useTitle } from '../../hooks/use-title.ts'

export interface ViewOfData {
  readonly index: number | null
  readonly trigger: string | null
}

export const readView = (query: ReadonlyMap<string, string>): ViewOfData => ({
  index: query.has('index') ? Number(query.get('index')) : null,
  trigger: query.get('as') ?? null
})
export const viewQuery = ({ index, trigger }: ViewOfData): Record<string, string | undefined> => ({
  index: index === null ? undefined : String(index),
  as: trigger ?? undefined
})
export const viewSource = (dataId: string, { index, trigger }: ViewOfData): DataSource => ({
  dataId,
  ...(index === null ? {} : { index }),
  ...(trigger === null ? {} : { trigger })
})

/** Which event of the set, and as it came or as a trigger's workflow starts with it. */
export function ViewChooser({
  dataId,
  view,
  onChange
}: {
  dataId: string
  view: ViewOfData
  onChange: (view: ViewOfData) => void
}) {
  const modules = useStore(library, (state) => state.modules)
  const triggers = (modules ?? []).filter((one) => one.module_type === 'trigger')
  return (
    <>
      <EntryChooser source={{ dataId }} index={view.index} onChange={(index) => onChange({ ...view, index })} />
      <select
        className="field"
        aria-label="Show data"
        value={view.trigger ?? ''}
        onChange={(event) => onChange({ ...view, trigger: event.target.value || null })}
      >
        <option value="">As imported</option>
        <optgroup label="As passed to a trigger’s workflow">
          {triggers.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </optgroup>
      </select>
    </>
  )
}

/** One data set: see, search, and what to do with it. */
export function DataPage({ dataId, query }: { dataId: string; query: ReadonlyMap<string, string> }) {
  const answer = useAnswer('data.get', { dataId })
  const [view, setView] = useState(readView(query))
  const change = (next: ViewOfData) => {
    setView(next)
    navigate(['data', dataId], viewQuery(next), true)
  }
  const key = JSON.stringify(view)
  const source = useMemo(() => valueSource(viewSource(dataId, view)), [dataId, key])
  const run = () => navigate(['workflows', 'run'], { data: dataId })
  const bench = () => navigate(['data', dataId, 'hash'], viewQuery(view))
  useEffect(
    () =>
      addCommands([
        { id: 'data.run', title: 'Run a workflow on this data', group: 'Data', keys: 'r', run },
        { id: 'data.hash', title: 'Hash path tester', group: 'Data', keys: 'h', run: bench },
        {
          id: 'data.edit',
          title: 'Edit a copy of this data',
          group: 'Data',
          keys: 'e',
          run: () => navigate(['data', dataId, 'edit'], viewQuery(view))
        }
      ]),
    [key]
  )
  useTitle(answer?.ok ? answer.data.name : null)
  if (!answer) return <Loading label="Opening data" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const set = answer.data
  const event = set.events[0]
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Data set">
        <a className="btn quiet" href="#/data">
          ‹ Data
        </a>
        <h1 className="ellipsis">{set.name}</h1>
        <span className="muted ellipsis grow">
          {formatBytes(set.size)}
          {event ? ` · ${event.info}` : ''} · {formatTime(set.importedAt)}
        </span>
        <button
          className="btn quiet icon"
          aria-label="Delete"
          title="Delete (can be undone)"
          onClick={() => {
            void deleteData([dataId])
            navigate(['data'])
          }}
        >
          <Icon name="trash" />
        </button>
        <button
          className="btn quiet icon"
          aria-label="Download"
          title="Download"
          onClick={() => void downloadData(set)}
        >
          <Icon name="download" />
        </button>
        <button
          className="btn"
          title="Edit a copy (E)"
          onClick={() => navigate(['data', dataId, 'edit'], viewQuery(view))}
        >
          <Icon name="pen" /> Edit a copy
        </button>
        <button className="btn" title="Hash path tester (H)" onClick={bench}>
          <Icon name="search" /> Hash paths
        </button>
        <button className="btn primary" title="Run a workflow with it (R)" onClick={run}>
          <Icon name="play" /> Run…
        </button>
      </div>
      <div className="chooser">
        <ViewChooser dataId={dataId} view={view} onChange={change} />
        {view.trigger && <span className="tag derived">derived: normalized as in MISP</span>}
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        <JsonTree key={source.key} source={source} label={`Data of ${set.name}`} />
      </div>
    </div>
  )
}
