import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { BlueprintImport, BlueprintSummary } from '../../../contract/editing.ts'
import { workflowFromBlueprint } from '../../../engine/graph/blueprint.ts'
import { mapOf } from '../../../engine/graph/edit.ts'
import { mermaid } from '../../../engine/graph/mermaid.ts'
import { client } from '../../client/client.ts'
import { download } from '../../client/download.ts'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { Panes } from '../../components/panes.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { GraphReportList, notesOf } from '../../components/graph-report.tsx'
import { WorkflowGraph } from '../../components/workflow-graph/workflow-graph.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { blueprints, importBlueprints, loadBlueprints } from '../../stores/blueprints.ts'
import { graphIn } from '../../stores/editor-model.ts'
import { navigate } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { formatDate } from '../../components/format.ts'
import './blueprints.css'

const when = (timestamp: number): string => (timestamp > 0 ? formatDate(timestamp * 1000) : '')

function pick(folder: boolean, done: (files: readonly File[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  if (folder) input.webkitdirectory = true
  else input.accept = '.json'
  input.onchange = () => done([...(input.files ?? [])])
  input.click()
}

/** Blueprints of the workspace: import a file, a folder or a checkout of the repository; look, export, use. */
export default function BlueprintsView() {
  const list = useStore(blueprints, (state) => state.list)
  const [chosen, setChosen] = useState<string | null>(null)
  const [search, setSearch] = useState('')
  const [report, setReport] = useState<BlueprintImport | null>(null)
  const [force, setForce] = useState(false)
  useEffect(() => void loadBlueprints(), [])
  const take = (folder: boolean) =>
    pick(
      folder,
      (files) =>
        void importBlueprints(files, { repository: folder, force }).then((done) => {
          setReport(done)
          const first = done?.added[0] ?? done?.updated[0]
          if (first) setChosen(first.uuid)
        })
    )
  if (!list) return <Loading label="Loading blueprints" />
  const wanted = search.toLowerCase()
  const shown = list.filter(({ name, description, modules }) =>
    `${name} ${description} ${modules.join(' ')}`.toLowerCase().includes(wanted)
  )
  const current = shown.find(({ uuid }) => uuid === chosen) ?? shown[0]
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Blueprints">
        <button
          className="btn quiet icon"
          aria-label="All workflows"
          title="All workflows"
          onClick={() => navigate(['workflows'])}
        >
          <Icon name="sitemap" />
        </button>
        <h1>Blueprints</h1>
        <input
          className="field"
          type="search"
          aria-label="Search blueprints"
          placeholder="Name or module"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="grow" />
        <label className="check-inline" title="MISP updates a blueprint only when the file’s timestamp is newer">
          <input type="checkbox" checked={force} onChange={(event) => setForce(event.target.checked)} /> Overwrite newer
          versions
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
      </div>
      {report && <ImportBanner report={report} onClose={() => setReport(null)} />}
      <div className="grow" style={{ minHeight: 0 }}>
        {list.length === 0 ? (
          <EmptyState
            title="No blueprints yet"
            actions={
              <button className="btn" onClick={() => take(true)}>
                Import a folder…
              </button>
            }
          >
            Import blueprints exported from MISP, or a checkout of misp-workflow-blueprints. You can also select nodes
            in the editor and save them as a blueprint.
          </EmptyState>
        ) : (
          <Panes
            name="blueprints"
            direction="row"
            panes={[
              {
                id: 'list',
                content: <List items={shown} chosen={current?.uuid ?? null} onChoose={setChosen} />,
                size: 34,
                min: 20
              },
              {
                id: 'blueprint',
                content: current ? <Detail key={current.uuid} blueprint={current} /> : null,
                size: 66,
                min: 30
              }
            ]}
          />
        )}
      </div>
    </div>
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

function List({
  items,
  chosen,
  onChoose
}: {
  items: readonly BlueprintSummary[]
  chosen: string | null
  onChoose: (uuid: string) => void
}) {
  return (
    <ul className="blueprint-list scroll" aria-label="Blueprints">
      {items.map((one) => (
        <li key={one.uuid}>
          <button aria-current={one.uuid === chosen} onClick={() => onChoose(one.uuid)}>
            <span className="name ellipsis">{one.name}</span>
            <span className="meta">
              {plural(one.nodes, 'node')} · {when(one.timestamp)}
              {one.default && <span className="tag">default</span>}
              {notesOf(one.report) > 0 && <span className="tag mock">{plural(notesOf(one.report), 'note')}</span>}
            </span>
          </button>
        </li>
      ))}
      {items.length === 0 && <li className="muted none">No matches.</li>}
    </ul>
  )
}

function Detail({ blueprint: one }: { blueprint: BlueprintSummary }) {
  const answer = useAnswer('blueprints.get', { uuid: one.uuid })
  const [sure, setSure] = useState(false)
  const content = answer?.ok ? answer.data.blueprint : null
  // Connections name nodes by id, while a blueprint's list has indexes for keys.
  const drawing = useMemo(() => (content ? drawingOf({ data: mapOf(graphIn(content)) }) : null), [content])
  const exportFile = async () => {
    const file = await client.call('blueprints.export', { uuid: one.uuid })
    if (!file.ok) return showFailure(file.error)
    download(file.data.name, file.data.text, 'application/json')
  }
  const remove = async () => {
    const done = await client.call('blueprints.delete', { uuid: one.uuid })
    if (!done.ok) return showFailure(done.error)
    await loadBlueprints()
    toast(`${one.name} moved to the workspace’s bin (blueprints/.bin)`)
  }
  const asWorkflow = async () => {
    if (!content) return
    const row = (content as { WorkflowBlueprint: Parameters<typeof workflowFromBlueprint>[0] }).WorkflowBlueprint
    const saved = await client.call('workflows.save', {
      workflow: { Workflow: workflowFromBlueprint(row) },
      note: `From blueprint ${one.name}`
    })
    if (!saved.ok) return showFailure(saved.error)
    navigate(['workflows', saved.data.id])
  }
  return (
    <section className="column" aria-label={one.name}>
      <div className="section blueprint-head">
        <h1>{one.name}</h1>
        <p className="description">{one.description}</p>
        <p className="mono muted">{one.uuid}</p>
        <div className="buttons">
          <button className="btn primary" onClick={() => void asWorkflow()}>
            New workflow from blueprint
          </button>
          <button className="btn" onClick={() => void exportFile()}>
            <Icon name="download" /> Export
          </button>
          <button
            className="btn"
            disabled={!content}
            onClick={() => content && download(`${one.name}.mmd`, mermaid(graphIn(content)))}
          >
            <Icon name="download" /> Mermaid
          </button>
          <button className="btn danger" onClick={() => (sure ? void remove() : setSure(true))}>
            <Icon name="trash" /> {sure ? 'Confirm removal' : 'Remove'}
          </button>
        </div>
      </div>
      <GraphReportList report={one.report} />
      <div className="grow" style={{ minHeight: 0 }}>
        {drawing && <WorkflowGraph drawing={drawing} marks={null} selected={null} onSelect={() => undefined} />}
      </div>
    </section>
  )
}
