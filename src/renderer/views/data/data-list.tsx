import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { DataSummary } from '../../../contract/workspace.ts'
import { plural } from '../../../contract/words.ts'
import { askText, askYes } from '../../components/ask.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import { Facts } from '../../components/list/preview.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { valueSource } from '../../components/value-source.ts'
import { useList } from '../../hooks/use-list.ts'
import { deleteData, downloadData, renameData } from '../../stores/data-sets.ts'
import { pickFiles } from '../../stores/import.ts'
import { library } from '../../stores/library.ts'
import { navigate } from '../../stores/router.ts'

const infoOf = (one: DataSummary): string => one.events[0]?.info ?? ''

const columns: readonly Column<DataSummary>[] = [
  {
    ...{ id: 'name', label: 'Name', width: 150, grow: 2, sort: (one) => one.name },
    title: (one) => one.name,
    cell: (one) => one.name
  },
  {
    ...{ id: 'event', label: 'Event', width: 150, grow: 3, sort: (one) => infoOf(one) || null },
    title: infoOf,
    cell: ({ events: [event] }) =>
      event ? (
        <>
          {event.info || <span className="muted">no info</span>}
          {event.id && <span className="muted"> #{event.id}</span>}
        </>
      ) : (
        <span className="muted">–</span>
      )
  },
  {
    ...{ id: 'uuid', label: 'UUID', width: 84, mono: true, sort: (one) => one.events[0]?.uuid ?? null, spare: 3 },
    title: (one) => one.events[0]?.uuid ?? undefined,
    cell: (one) => one.events[0]?.uuid?.slice(0, 8)
  },
  {
    ...{ id: 'size', label: 'Size', right: true, width: 66, sort: (one) => one.size, spare: 2 },
    cell: (one) => formatBytes(one.size)
  },
  {
    ...{ id: 'imported', label: 'Imported', width: 138, sort: (one) => one.importedAt, spare: 1 },
    title: (one) => one.importedAt,
    cell: (one) => formatTime(one.importedAt)
  }
]

const rename = (one: DataSummary): void =>
  askText('Rename data set', 'Name', one.name, async (name) => name.trim() === '' || renameData(one.id, name.trim()))

async function remove(ids: readonly string[]): Promise<void> {
  const text = 'They go to the bin of the workspace.'
  if (ids.length > 1 && !(await askYes(`Delete ${plural(ids.length, 'data set')}?`, text, 'Delete'))) return
  void deleteData(ids)
}

const menuFor = (one: DataSummary, selected: ReadonlySet<string>): readonly MenuItem[] => {
  const ids = selected.has(one.id) ? [...selected] : [one.id]
  const isOne = ids.length === 1
  const to = (...more: string[]) => navigate(['data', one.id, ...more])
  return [
    { label: 'Open', icon: 'eye', disabled: !isOne, run: () => to() },
    {
      ...{ label: 'Run a workflow on this data…', keys: 'r', disabled: !isOne },
      run: () => navigate(['workflows', 'run'], { data: one.id })
    },
    { label: 'Hash path tester', disabled: !isOne, run: () => to('hash') },
    { label: 'Edit a copy', icon: 'pen', disabled: !isOne, run: () => to('edit') },
    { label: 'Rename…', keys: 'f2', disabled: !isOne, run: () => rename(one) },
    { label: 'Download', icon: 'download', disabled: !isOne, run: () => void downloadData(one) },
    { label: 'Delete', keys: 'delete', icon: 'trash', danger: true, run: () => void remove(ids) }
  ]
}

const textOf = (one: DataSummary): string =>
  `${one.name} ${one.events.map((e) => `${e.info} ${e.uuid} ${e.id}`).join(' ')}`.toLowerCase()

export function DataList() {
  const sets = useStore(library, (state) => state.data)
  const { search, selected, setSearch, select } = useList('Data sets')
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    return (
      sets?.filter((one) => textOf(one).includes(wanted)).sort((a, b) => (a.importedAt < b.importedAt ? 1 : -1)) ?? null
    )
  }, [sets, search])
  const none = sets?.length === 0
  return (
    <ListView
      title="Data"
      label="Data sets"
      search={{
        label: 'Search data sets',
        placeholder: 'Name, event info, UUID',
        value: search,
        onChange: setSearch
      }}
      count={sets ? plural(sets.length, 'data set') : ''}
      tools={
        <>
          <button className="btn" onClick={() => navigate(['data', 'new', 'edit'])}>
            <Icon name="plus" /> New
          </button>
          <button className="btn primary" onClick={() => pickFiles()} title="Import (Ctrl+O), or drop files anywhere">
            <Icon name="upload" /> Import
          </button>
        </>
      }
      items={shown}
      empty={
        <EmptyState
          title={none ? 'No data yet' : 'No data set matches'}
          actions={
            <button className="btn" onClick={() => (none ? pickFiles() : setSearch(''))}>
              {none ? 'Import MISP JSON' : 'Show all'}
            </button>
          }
        >
          {none &&
            'Events as exported by MISP: a single event, a restSearch result, or files of a feed. Drop them anywhere in the window; 100 MB is fine.'}
        </EmptyState>
      }
      columns={columns}
      id={(one) => one.id}
      selected={selected}
      onSelect={select}
      onOpen={(one) => navigate(['data', one.id])}
      menu={(one) => menuFor(one, selected)}
      heading={(one) => one.name}
      several={(count) => plural(count, 'data set')}
      preview={(one) => <DataPreview key={one.id} set={one} />}
    />
  )
}

/** Larger ones are read when they are opened. */
const mostShown = 20_000_000

function DataPreview({ set }: { set: DataSummary }) {
  const source = useMemo(() => valueSource({ dataId: set.id }), [set.id])
  const [event, ...others] = set.events
  return (
    <div className="column">
      <Facts
        rows={[
          ['Event', event && `${event.info || 'no info'}${event.id ? ` #${event.id}` : ''}`],
          ['UUID', event?.uuid && <span className="mono">{event.uuid}</span>],
          ['More events', others.length > 0 ? others.length : null],
          ['Size', formatBytes(set.size)],
          ['Imported', formatTime(set.importedAt)]
        ]}
      />
      {set.size <= mostShown && (
        <div className="grow preview-tree">
          <JsonTree source={source} label={`Data of ${set.name}`} />
        </div>
      )}
    </div>
  )
}
