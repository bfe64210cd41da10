import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { formatTime } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { addCommands } from '../../stores/commands.ts'
import { pickFiles } from '../../stores/import.ts'
import { library } from '../../stores/library.ts'
import { navigate, router } from '../../stores/router.ts'
import { deleteWorkflows, exportWorkflow } from '../../stores/workflow-files.ts'
import { NewWorkflowDialog } from './new-workflow-dialog.tsx'
import { chooseWorkspace } from '../../stores/workspaces.ts'

const columns = [
  { label: 'Name' },
  { label: 'Trigger' },
  { label: 'Nodes', right: true },
  { label: 'Version', right: true },
  { label: 'Saved' },
  { label: 'Note' }
]

export function WorkflowsList() {
  const workflows = useStore(library, (state) => state.workflows)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [search, setSearch] = useState('')
  const asked = router.getState().query
  const [dialog, setDialog] = useState<'new' | null>(asked.has('new') ? 'new' : null)
  const close = () => setDialog(null)
  useEffect(
    () =>
      addCommands([
        { id: 'workflows.new', title: 'New workflow', group: 'Workflows', keys: 'n', run: () => setDialog('new') },
        {
          id: 'workflows.blueprints',
          title: 'Blueprints',
          group: 'Workflows',
          keys: 'b',
          run: () => navigate(['workflows', 'blueprints'])
        }
      ]),
    []
  )
  if (!workflows) return <Loading label="Loading workflows" />
  const wanted = search.toLowerCase()
  const shown = workflows
    .filter((one) => `${one.name} ${one.trigger ?? ''} ${one.note}`.toLowerCase().includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name))
  const run = (id: string) => navigate(['workflows', 'run'], { workflow: id })
  const remove = (id: string) => {
    void deleteWorkflows(selected.has(id) ? [...selected] : [id])
    setSelected(new Set())
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Workflows">
        <h1>Workflows</h1>
        <input
          className="field"
          type="search"
          aria-label="Search workflows"
          placeholder="Search name or trigger"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="grow" />
        <span className="muted">{plural(workflows.length, 'workflow')}</span>
        <button className="btn" onClick={chooseWorkspace}>
          <Icon name="star" /> Demonstrations…
        </button>
        <button className="btn" onClick={() => navigate(['workflows', 'blueprints'])}>
          <Icon name="shapes" /> Blueprints
        </button>
        <button className="btn" onClick={() => pickFiles()}>
          <Icon name="upload" /> Import
        </button>
        <button className="btn" onClick={() => setDialog('new')}>
          <Icon name="plus" /> New workflow…
        </button>
        <button className="btn primary" onClick={() => navigate(['workflows', 'run'])}>
          <Icon name="play" /> Run a workflow…
        </button>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        {shown.length === 0 ? (
          <EmptyState
            title={workflows.length === 0 ? 'No workflows yet' : 'No matching workflows'}
            actions={
              workflows.length === 0 && (
                <>
                  <button className="btn primary" onClick={() => setDialog('new')}>
                    New workflow…
                  </button>
                  <button className="btn" onClick={() => pickFiles()}>
                    Import from MISP
                  </button>
                  <button className="btn" onClick={chooseWorkspace}>
                    Open a demonstration…
                  </button>
                </>
              )
            }
          >
            {workflows.length === 0 &&
              'In MISP, open the workflow and choose Export. Then drop the file here. You can also save a workflow rebuilt from captured posts.'}
          </EmptyState>
        ) : (
          <DataGrid
            label="Workflows"
            layout="workflow-columns"
            columns={columns}
            items={shown}
            id={(one) => one.id}
            selected={selected}
            onSelect={(ids) => setSelected(new Set(ids))}
            onOpen={(one) => navigate(['workflows', one.id])}
            menu={(one) => [
              { label: 'Edit', run: () => navigate(['workflows', one.id]) },
              { label: 'Run…', keys: 'r', run: () => run(one.id) },
              { label: 'Export as MISP JSON', run: () => void exportWorkflow(one.id) },
              { label: 'Delete', keys: 'delete', danger: true, run: () => remove(one.id) }
            ]}
            cells={(one) => (
              <>
                <Cell title={one.name}>{one.name}</Cell>
                <Cell>{one.trigger ?? <span className="muted">none</span>}</Cell>
                <Cell right>{one.nodes}</Cell>
                <Cell right>{one.version}</Cell>
                <Cell title={one.savedAt}>{formatTime(one.savedAt)}</Cell>
                <Cell title={one.note}>{one.note}</Cell>
              </>
            )}
          />
        )}
      </div>
      {dialog === 'new' && <NewWorkflowDialog onClose={close} />}
    </div>
  )
}
