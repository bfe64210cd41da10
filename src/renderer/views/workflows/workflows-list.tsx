import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { WorkflowSummary } from '../../../contract/workspace.ts'
import type { CaseRow } from '../../../contract/case.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { askYes } from '../../components/ask.tsx'
import { CaseTag } from '../../components/case-tag.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatTime } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { useList } from '../../hooks/use-list.ts'
import { cases, stateOfAll, testCases, watchCases } from '../../stores/cases.ts'
import { addCommands } from '../../stores/commands.ts'
import { pickFiles } from '../../stores/import.ts'
import { library } from '../../stores/library.ts'
import { navigate, router } from '../../stores/router.ts'
import { setFilter } from '../../stores/runs.ts'
import { deleteWorkflows, exportWorkflow } from '../../stores/workflow-files.ts'
import { chooseWorkspace } from '../../stores/workspaces.ts'
import { NewWorkflowDialog } from './new-workflow-dialog.tsx'
import { WorkflowPreview } from './workflow-preview.tsx'

const casesOf = ({ id }: WorkflowSummary): readonly CaseRow[] =>
  cases.getState().rows?.filter(({ workflowId }) => workflowId === id) ?? []

function casesTitle(rows: readonly CaseRow[]): string | undefined {
  const passed = rows.filter(({ result }) => result?.state === 'passed').length
  return rows.length === 0 ? undefined : `${plural(rows.length, 'case')}, ${formatCount(passed)} passed`
}

/** The worst state of its cases. */
function CasesMark({ workflow }: { workflow: WorkflowSummary }) {
  useStore(cases, ({ rows }) => rows)
  const state = stateOfAll(casesOf(workflow))
  return state && <CaseTag state={state} />
}

const columns: readonly Column<WorkflowSummary>[] = [
  {
    ...{ id: 'name', label: 'Name', width: 200, grow: 2, sort: (one) => one.name },
    title: (one) => one.name,
    cell: (one) => one.name
  },
  {
    ...{ id: 'trigger', label: 'Trigger', width: 120, grow: 1, sort: (one) => one.trigger },
    cell: (one) => one.trigger ?? <span className="muted">none</span>
  },
  {
    ...{ id: 'nodes', label: 'Nodes', right: true, width: 54, sort: (one) => one.nodes, spare: 2 },
    cell: (one) => one.nodes
  },
  {
    ...{ id: 'version', label: 'Version', right: true, width: 56, sort: (one) => one.version, spare: 4 },
    cell: (one) => one.version
  },
  {
    ...{ id: 'cases', label: 'Cases', width: 64, sort: (one) => stateOfAll(casesOf(one)), spare: 5 },
    title: (one) => casesTitle(casesOf(one)),
    cell: (one) => <CasesMark workflow={one} />
  },
  {
    ...{ id: 'saved', label: 'Saved', width: 138, sort: (one) => one.savedAt, spare: 1 },
    title: (one) => one.savedAt,
    cell: (one) => formatTime(one.savedAt)
  },
  {
    ...{ id: 'note', label: 'Note', width: 110, grow: 1.6, sort: (one) => one.note || null, spare: 6 },
    title: (one) => one.note,
    cell: (one) => one.note
  }
]

const edit = (one: WorkflowSummary) => navigate(['workflows', one.id])

async function remove(ids: readonly string[]): Promise<void> {
  const text = 'They go to the bin of the workspace, with all versions.'
  if (ids.length > 1 && !(await askYes(`Delete ${plural(ids.length, 'workflow')}?`, text, 'Delete'))) return
  void deleteWorkflows(ids)
}

function showRuns(one: WorkflowSummary): void {
  setFilter({ workflow: [one.name] })
  navigate(['runs'])
}

const menuFor = (one: WorkflowSummary, selected: ReadonlySet<string>): readonly MenuItem[] => {
  const ids = selected.has(one.id) ? [...selected] : [one.id]
  const isOne = ids.length === 1
  return [
    { label: 'Edit', icon: 'pen', disabled: !isOne, run: () => edit(one) },
    {
      ...{ label: 'Run…', keys: 'r', icon: 'play', disabled: !isOne },
      run: () => navigate(['workflows', 'run'], { workflow: one.id })
    },
    { label: 'Export as MISP JSON', icon: 'download', run: () => ids.forEach((id) => void exportWorkflow(id)) },
    {
      ...{ label: 'Update of MISP…', disabled: !isOne },
      run: () => navigate(['workflows', 'upgrade'], { workflow: one.id })
    },
    {
      ...{ label: 'Coverage…', icon: 'check', disabled: !isOne },
      run: () => navigate(['workflows', 'coverage'], { workflow: one.id })
    },
    {
      ...{ label: 'Impact…', icon: 'compare', disabled: !isOne },
      run: () => navigate(['workflows', 'impact'], { workflow: one.id })
    },
    {
      ...{ label: 'Run its cases', disabled: !isOne || casesOf(one).length === 0 },
      run: () => void testCases(casesOf(one).map(({ id }) => id))
    },
    { label: 'Show its runs', disabled: !isOne, run: () => showRuns(one) },
    { label: 'Delete', keys: 'delete', icon: 'trash', danger: true, run: () => void remove(ids) }
  ]
}

export function WorkflowsList() {
  const workflows = useStore(library, (state) => state.workflows)
  const { search, selected, setSearch, select } = useList('Workflows')
  useEffect(watchCases, [])
  const [isNew, setNew] = useState(() => router.getState().query.has('new'))
  useEffect(
    () =>
      addCommands([
        { id: 'workflows.new', title: 'New workflow', group: 'Workflows', keys: 'n', run: () => setNew(true) },
        {
          ...{ id: 'workflows.blueprints', title: 'Blueprints', group: 'Workflows', keys: 'b' },
          run: () => navigate(['workflows', 'blueprints'])
        },
        {
          ...{ id: 'workflows.upgrade', title: 'Update assistant: what an update of MISP changes', group: 'Workflows' },
          run: () => navigate(['workflows', 'upgrade'])
        },
        {
          ...{ id: 'workflows.coverage', title: 'Coverage: what of a workflow has run', group: 'Workflows' },
          run: () => navigate(['workflows', 'coverage'])
        },
        {
          ...{ id: 'workflows.impact', title: 'Impact: what a change would have changed', group: 'Workflows' },
          run: () => navigate(['workflows', 'impact'])
        }
      ]),
    []
  )
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    return (
      workflows
        ?.filter((one) => `${one.name} ${one.trigger ?? ''} ${one.note}`.toLowerCase().includes(wanted))
        .sort((a, b) => a.name.localeCompare(b.name)) ?? null
    )
  }, [workflows, search])
  return (
    <>
      <ListView
        title="Workflows"
        label="Workflows"
        search={{ label: 'Search workflows', placeholder: 'Name, trigger, note', value: search, onChange: setSearch }}
        count={workflows ? plural(workflows.length, 'workflow') : ''}
        tools={<Tools onNew={() => setNew(true)} />}
        items={shown}
        empty={<NoWorkflows isSearch={search !== ''} onNew={() => setNew(true)} onAll={() => setSearch('')} />}
        columns={columns}
        id={(one) => one.id}
        selected={selected}
        onSelect={select}
        onOpen={edit}
        menu={(one) => menuFor(one, selected)}
        heading={(one) => one.name}
        several={(count) => plural(count, 'workflow')}
        preview={(one) => <WorkflowPreview key={one.id} workflow={one} />}
      />
      {isNew && <NewWorkflowDialog onClose={() => setNew(false)} />}
    </>
  )
}

function Tools({ onNew }: { onNew: () => void }) {
  return (
    <>
      <button className="btn" onClick={chooseWorkspace}>
        <Icon name="star" /> Demonstrations…
      </button>
      <button className="btn" onClick={() => navigate(['workflows', 'blueprints'])}>
        <Icon name="shapes" /> Blueprints
      </button>
      <button
        className="btn"
        onClick={() => navigate(['workflows', 'upgrade'])}
        title="What an update of MISP changes for your workflows"
      >
        <Icon name="compare" /> Update…
      </button>
      <button className="btn" onClick={() => pickFiles()}>
        <Icon name="upload" /> Import
      </button>
      <button className="btn" onClick={onNew}>
        <Icon name="plus" /> New workflow…
      </button>
      <button className="btn primary" onClick={() => navigate(['workflows', 'run'])}>
        <Icon name="play" /> Run a workflow…
      </button>
    </>
  )
}

function NoWorkflows({ isSearch, onNew, onAll }: { isSearch: boolean; onNew: () => void; onAll: () => void }) {
  if (isSearch)
    return (
      <EmptyState
        title="No matching workflows"
        actions={
          <button className="btn" onClick={onAll}>
            Show all
          </button>
        }
      />
    )
  return (
    <EmptyState
      title="No workflows yet"
      actions={
        <>
          <button className="btn primary" onClick={onNew}>
            New workflow…
          </button>
          <button className="btn" onClick={() => pickFiles()}>
            Import from MISP
          </button>
          <button className="btn" onClick={chooseWorkspace}>
            Open a demonstration…
          </button>
        </>
      }
    >
      In MISP, open the workflow and choose Export. Then drop the file here. You can also save a workflow rebuilt from
      captured posts.
    </EmptyState>
  )
}
