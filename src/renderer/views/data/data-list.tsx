import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { DataSummary } from '../../../contract/workspace.ts'
import { askText } from '../../components/ask.tsx'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { addCommands } from '../../stores/commands.ts'
import { deleteData, downloadData, renameData } from '../../stores/data-sets.ts'
import { pickFiles } from '../../stores/import.ts'
import { library } from '../../stores/library.ts'
import { navigate } from '../../stores/router.ts'

const columns = [
  { label: 'Name' },
  { label: 'Event' },
  { label: 'UUID' },
  { label: 'Size', right: true },
  { label: 'Imported' }
]

const run = (one: DataSummary) => navigate(['workflows', 'run'], { data: one.id })

export function DataList() {
  const sets = useStore(library, (state) => state.data)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [search, setSearch] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(
    () =>
      addCommands([
        { id: 'data.search', title: 'Search data sets', group: 'Data', keys: '/', run: () => field.current?.focus() }
      ]),
    []
  )
  if (!sets) return <Loading label="Loading data sets" />
  const wanted = search.toLowerCase()
  const text = (one: DataSummary) => `${one.name} ${one.events.map((e) => `${e.info} ${e.uuid} ${e.id}`).join(' ')}`
  const shown = [...sets]
    .sort((a, b) => (a.importedAt < b.importedAt ? 1 : -1))
    .filter((one) => text(one).toLowerCase().includes(wanted))
  const rename = async (one: DataSummary) => {
    const name = (await askText('Rename data set', 'Name', one.name))?.trim()
    if (name) void renameData(one.id, name)
  }
  const remove = (one: DataSummary) => {
    void deleteData(selected.has(one.id) ? [...selected] : [one.id])
    setSelected(new Set())
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Data">
        <h1>Data</h1>
        <input
          ref={field}
          className="field"
          type="search"
          aria-label="Search data sets"
          title="Search data sets (/)"
          placeholder="Search name, event info, UUID"
          style={{ width: 220 }}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="grow" />
        <span className="muted">{plural(sets.length, 'data set')}</span>
        <button className="btn" onClick={() => navigate(['data', 'new', 'edit'])}>
          <Icon name="plus" /> New
        </button>
        <button className="btn primary" onClick={() => pickFiles()} title="Import (Ctrl+O), or drop files anywhere">
          <Icon name="upload" /> Import
        </button>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        {shown.length === 0 ? (
          <EmptyState
            title={sets.length === 0 ? 'No data yet' : 'No data set matches'}
            actions={
              <button className="btn" onClick={() => (sets.length === 0 ? pickFiles() : setSearch(''))}>
                {sets.length === 0 ? 'Import MISP JSON' : 'Show all'}
              </button>
            }
          >
            {sets.length === 0 &&
              'Events as exported by MISP: a single event, a restSearch result, or files of a feed. Drop them anywhere in the window; 100 MB is fine.'}
          </EmptyState>
        ) : (
          <DataGrid
            label="Data sets"
            layout="data-columns"
            columns={columns}
            items={shown}
            id={(one) => one.id}
            selected={selected}
            onSelect={(ids) => setSelected(new Set(ids))}
            onOpen={(one) => navigate(['data', one.id])}
            menu={(one) => [
              { label: 'Open', run: () => navigate(['data', one.id]) },
              { label: 'Run a workflow on this data…', keys: 'r', run: () => run(one) },
              { label: 'Hash path tester', run: () => navigate(['data', one.id, 'hash']) },
              { label: 'Edit a copy', run: () => navigate(['data', one.id, 'edit']) },
              { label: 'Rename…', keys: 'f2', run: () => void rename(one) },
              { label: 'Download', run: () => void downloadData(one) },
              { label: 'Delete', keys: 'delete', danger: true, run: () => remove(one) }
            ]}
            cells={(one) => {
              const event = one.events[0]
              return (
                <>
                  <Cell title={one.name}>{one.name}</Cell>
                  <Cell title={event?.info}>
                    {event ? event.info || <span className="muted">no info</span> : <span className="muted">–</span>}
                    {event?.id && <span className="muted"> #{event.id}</span>}
                  </Cell>
                  <Cell mono title={event?.uuid ?? undefined}>
                    {event?.uuid?.slice(0, 8)}
                  </Cell>
                  <Cell right>{formatBytes(one.size)}</Cell>
                  <Cell title={one.importedAt}>{formatTime(one.importedAt)}</Cell>
                </>
              )
            }}
          />
        )}
      </div>
    </div>
  )
}
