import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { BlueprintImport, BlueprintSummary } from '../../../contract/editing.ts'
import type { Json } from '../../../contract/json.ts'
import { workflowFromBlueprint } from '../../../engine/graph/blueprint.ts'
import { mapOf } from '../../../engine/graph/edit.ts'
import { mermaid } from '../../../engine/graph/mermaid.ts'
import { client } from '../../client/client.ts'
import { download } from '../../client/download.ts'
import { pickFiles } from '../../client/pick-files.ts'
import { askYes } from '../../components/ask.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { GraphReportList, notesOf } from '../../components/graph-report.tsx'
import { WorkflowGraph } from '../../components/workflow-graph/workflow-graph.tsx'
import { showFailure } from '../../stores/app.ts'
import { modulesNow } from '../../stores/added-modules.ts'
import { blueprints, importBlueprints, loadBlueprints } from '../../stores/blueprints.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { buildHash, navigate } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useList } from '../../hooks/use-list.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { formatDate } from '../../components/format.ts'
import './blueprints.css'

const when = (timestamp: number): string => (timestamp > 0 ? formatDate(timestamp * 1000) : '')

const columns: readonly Column<BlueprintSummary>[] = [
  {
    ...{ id: 'name', label: 'Name', width: 170, grow: 2, sort: (one) => one.name },
    title: (one) => one.description,
    cell: (one) => one.name
  },
  {
    ...{ id: 'description', label: 'Description', width: 140, grow: 3, sort: (one) => one.description, spare: 4 },
    title: (one) => one.description,
    cell: (one) => <span className="muted">{one.description}</span>
  },
  {
    ...{ id: 'nodes', label: 'Nodes', right: true, width: 50, sort: (one) => one.nodes, spare: 2 },
    cell: (one) => one.nodes
  },
  {
    ...{ id: 'from', label: 'From', width: 60, sort: (one) => (one.default ? 0 : 1), spare: 3 },
    cell: (one) => one.default && <span className="tag">default</span>
  },
  {
    ...{ id: 'notes', label: 'Notes', width: 64, sort: (one) => notesOf(one.report) },
    cell: (one) => notesOf(one.report) > 0 && <span className="tag mock">{plural(notesOf(one.report), 'note')}</span>
  },
  {
    ...{ id: 'changed', label: 'Changed', width: 86, sort: (one) => one.timestamp, spare: 1 },
    cell: (one) => when(one.timestamp)
  }
]

async function exportFile(uuid: string): Promise<void> {
  const file = await client.call('blueprints.export', { uuid })
  if (!file.ok) return showFailure(file.error)
  download(file.data.name, file.data.text, 'application/json')
}

async function drawn(uuid: string, use: (content: Json) => void | Promise<void>): Promise<void> {
  const answer = await client.call('blueprints.get', { uuid })
  if (!answer.ok) return showFailure(answer.error)
  await use(answer.data.blueprint)
}

const asWorkflow = (one: BlueprintSummary) =>
  drawn(one.uuid, async (content) => {
    const row = (content as { WorkflowBlueprint: Parameters<typeof workflowFromBlueprint>[0] }).WorkflowBlueprint
    const saved = await client.call('workflows.save', {
      workflow: { Workflow: workflowFromBlueprint(row, modulesNow()) },
      note: `From blueprint ${one.name}`
    })
    if (!saved.ok) return showFailure(saved.error)
    navigate(['workflows', saved.data.id])
  })

async function remove(all: readonly BlueprintSummary[]): Promise<void> {
  const what = all.length === 1 ? `“${all[0]?.name}”` : plural(all.length, 'blueprint')
  const text = 'Moved to the workspace’s bin (blueprints/.bin). What was made from it stays.'
  if (!(await askYes(`Delete ${what}?`, text, 'Delete'))) return
  for (const { uuid } of all) {
    const done = await client.call('blueprints.delete', { uuid })
    if (!done.ok) return showFailure(done.error)
  }
  await loadBlueprints()
}

function menuFor(one: BlueprintSummary, selected: ReadonlySet<string>): readonly MenuItem[] {
  const all = blueprints.getState().list ?? []
  const chosen = selected.has(one.uuid) ? all.filter(({ uuid }) => selected.has(uuid)) : [one]
  const isOne = chosen.length === 1
  return [
    {
      ...{ label: 'New workflow from blueprint', icon: 'plus', disabled: !isOne },
      run: () => void asWorkflow(one)
    },
    { label: 'Export', icon: 'download', run: () => chosen.forEach(({ uuid }) => void exportFile(uuid)) },
    {
      ...{ label: 'Mermaid', icon: 'download', disabled: !isOne },
      run: () =>
        void drawn(one.uuid, (content) =>
          download(`${one.name}.mmd`, mermaid(workflowGraph(content), modulesNow().find))
        )
    },
    { label: 'Delete', keys: 'delete', icon: 'trash', danger: true, run: () => void remove(chosen) }
  ]
}

/** Blueprints of the workspace: import a file, a folder or a checkout of the repository; look, export, use. */
export function BlueprintsView() {
  const list = useStore(blueprints, (state) => state.list)
  const { search, selected, setSearch, select } = useList('Blueprints')
  useTitle('Blueprints')
  const [report, setReport] = useState<BlueprintImport | null>(null)
  const [force, setForce] = useState(false)
  useEffect(() => void loadBlueprints(), [])
  const take = async (folder: boolean) => {
    const files = await pickFiles(folder ? 'folder' : 'files')
    if (files.length === 0) return
    const done = await importBlueprints(files, { repository: folder, force })
    setReport(done)
    const first = done?.added[0] ?? done?.updated[0]
    if (first) select([first.uuid])
  }
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    return (
      list?.filter(({ name, description, modules }) =>
        `${name} ${description} ${modules.join(' ')}`.toLowerCase().includes(wanted)
      ) ?? null
    )
  }, [list, search])
  return (
    <ListView
      title="Blueprints"
      label="Blueprints"
      lead={
        <a className="btn quiet" href={buildHash(['workflows'])}>
          ‹ Workflows
        </a>
      }
      search={{
        label: 'Search blueprints',
        placeholder: 'Name, description, module',
        value: search,
        onChange: setSearch
      }}
      count={list ? plural(list.length, 'blueprint') : ''}
      tools={
        <>
          <label className="check-inline" title="MISP updates a blueprint only when the file’s timestamp is newer">
            <input type="checkbox" checked={force} onChange={(event) => setForce(event.target.checked)} /> Overwrite
            newer versions
          </label>
          <button
            className="btn"
            onClick={() => take(true)}
            title="A folder, such as a checkout of misp-workflow-blueprints"
          >
            <Icon name="box-open" /> Import a folder…
          </button>
          <button className="btn" onClick={() => take(false)}>
            <Icon name="upload" /> Import files…
          </button>
        </>
      }
      notices={report && <ImportBanner report={report} onClose={() => setReport(null)} />}
      items={shown}
      empty={
        <EmptyState
          title={search ? 'No matching blueprints' : 'No blueprints yet'}
          actions={
            <button className="btn" onClick={() => (search ? setSearch('') : take(true))}>
              {search ? 'Show all' : 'Import a folder…'}
            </button>
          }
        >
          {!search &&
            'Import blueprints exported from MISP, or a checkout of misp-workflow-blueprints. You can also select nodes in the editor and save them as a blueprint.'}
        </EmptyState>
      }
      columns={columns}
      id={(one) => one.uuid}
      selected={selected}
      onSelect={select}
      onOpen={(one) => void asWorkflow(one)}
      menu={(one) => menuFor(one, selected)}
      heading={(one) => one.name}
      previewSize={58}
      several={(count) => plural(count, 'blueprint')}
      preview={(one) => <Detail key={one.uuid} blueprint={one} />}
    />
  )
}

function ImportBanner({ report, onClose }: { report: BlueprintImport; onClose: () => void }) {
  const { added, updated, unchanged, failed } = report
  return (
    <div className={`banner ${failed.length > 0 ? 'warn' : 'info'}`} role="status">
      <span className="grow">
        {added.length} added, {updated.length} updated, {unchanged.length} unchanged
        {failed.length > 0 && `, ${failed.length} failed: ${failed.map(({ message }) => message).join(' ')}`}
      </span>
      <button className="btn quiet icon" aria-label="Close" onClick={onClose}>
        <Icon name="xmark" />
      </button>
    </div>
  )
}

function Detail({ blueprint: one }: { blueprint: BlueprintSummary }) {
  const answer = useAnswer('blueprints.get', { uuid: one.uuid })
  const content = answer?.ok ? answer.data.blueprint : null
  // Connections name nodes by id, while a blueprint's list has indexes for keys.
  const drawing = useMemo(() => (content ? drawingOf({ data: mapOf(workflowGraph(content)) }) : null), [content])
  return (
    <div className="column">
      <div className="section blueprint-head">
        <p className="description">{one.description}</p>
        <p className="mono muted">{one.uuid}</p>
      </div>
      <GraphReportList report={one.report} />
      <div className="preview-graph">
        {drawing && <WorkflowGraph drawing={drawing} marks={null} selected={null} onSelect={() => undefined} />}
      </div>
    </div>
  )
}
