import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { TriggerRow } from '../../../contract/authoring.ts'
import { isAdHocId } from '../../../engine/modules/ad-hoc/definition.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import { Facts } from '../../components/list/preview.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { useList } from '../../hooks/use-list.ts'
import { formatTime } from '../../components/format.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Switch } from '../../components/switch.tsx'
import { setEnabled } from '../../stores/misp-settings.ts'
import { navigate } from '../../stores/router.ts'
import { setFilter } from '../../stores/runs.ts'
import { setDebug } from '../../stores/workflow-files.ts'
import { reloadTriggers, triggers, watchTriggers } from '../../stores/triggers.ts'
import { createWorkflow } from '../../stores/workflow-files.ts'

const overheads: Record<number, { readonly label: string; readonly tone: string }> = {
  1: { label: 'low', tone: '' },
  2: { label: 'medium', tone: 'mock' },
  3: { label: 'high', tone: 'failure' }
}

const checks: readonly { readonly id: string; readonly test: (row: TriggerRow) => boolean }[] = [
  { id: 'enabled', test: (row) => row.enabled },
  { id: 'disabled', test: (row) => !row.enabled },
  { id: 'blocking', test: (row) => row.definition.blocking },
  { id: 'with workflow', test: (row) => row.workflow !== null }
]

export function openWorkflow(row: TriggerRow): void {
  if (row.workflow) navigate(['workflows', row.workflow.id])
  else void createWorkflow(row.definition.id)
}

const showRuns = (row: TriggerRow) => {
  setFilter({ trigger: [row.definition.id] })
  navigate(['runs'])
}

const why = (row: TriggerRow) => navigate(['triggers', row.definition.id])

/** Today's as a time, others as a date. */
const shortTime = (iso: string): string => formatTime(iso).slice(0, 10)

type Toggle = (ids: readonly string[], on: boolean) => void

function Overhead({ row: { definition } }: { row: TriggerRow }) {
  const overhead = overheads[definition.trigger_overhead ?? 1]
  return (
    <span className={`tag ${overhead?.tone ?? ''}`}>
      {overhead?.label}
      {definition.trigger_overhead_message && (
        <Icon name="circle-question" size={10} title={definition.trigger_overhead_message} />
      )}
    </span>
  )
}

function WorkflowLink({ row }: { row: TriggerRow }) {
  const { workflow } = row
  return (
    <span className="trigger-workflow">
      <button
        className={`ellipsis ${workflow ? 'link' : 'link faint'}`}
        onClick={(event) => (event.stopPropagation(), openWorkflow(row))}
      >
        {workflow ? workflow.name : 'Create…'}
      </button>
      {row.drafts > 0 && (
        <span className="muted" title="Other workflows with this trigger in this workspace; MISP has only one">
          +{row.drafts}
        </span>
      )}
    </span>
  )
}

function DebugSwitch({ workflow }: Pick<TriggerRow, 'workflow'>) {
  if (workflow?.debug === null)
    return (
      <span className="muted" title="Not set in the workflow; MISP then treats it as off">
        off
      </span>
    )
  return (
    workflow && (
      <Switch
        on={workflow.debug}
        label={`Debug mode of ${workflow.name}`}
        onChange={(on) => void setDebug(workflow.id, on)}
      />
    )
  )
}

const columnsFor = (toggle: Toggle): readonly Column<TriggerRow>[] => [
  {
    ...{ id: 'enabled', label: 'Enabled', width: 52, sort: (row) => (row.enabled ? 0 : 1) },
    cell: (row) => (
      <Switch
        on={row.enabled}
        assumed={!row.enabledKnown}
        label={`${row.definition.name} enabled`}
        onChange={(on) => toggle([row.definition.id], on)}
      />
    )
  },
  {
    ...{ id: 'name', label: 'Name', width: 226, grow: 1.6, sort: (row) => row.definition.name },
    title: ({ definition }) => `${definition.id}: ${definition.description}`,
    cell: ({ definition }) => (
      <span className="trigger-name">
        <Icon name={moduleIcon(definition.icon)} />
        <span className="ellipsis">{definition.name}</span>
      </span>
    )
  },
  {
    ...{ id: 'scope', label: 'Scope', width: 104, sort: (row) => row.definition.scope ?? null, spare: 5 },
    cell: (row) => row.definition.scope
  },
  {
    ...{ id: 'overhead', label: 'Overhead', width: 82, spare: 4 },
    ...{ sort: (row) => row.definition.trigger_overhead ?? 1, cell: (row) => <Overhead row={row} /> },
    title: (row) => row.definition.trigger_overhead_message || undefined
  },
  {
    ...{ id: 'blocking', label: 'Blocking', width: 68, sort: (row) => (row.definition.blocking ? 0 : 1), spare: 2 },
    cell: (row) => row.definition.blocking && <span className="tag accent">blocking</span>
  },
  {
    ...{ id: 'format', label: 'Core format', width: 74, spare: 8 },
    sort: (row) => (row.definition.misp_core_format ? 0 : 1),
    cell: (row) => (row.definition.misp_core_format ? 'yes' : <span className="muted">no</span>)
  },
  {
    ...{ id: 'runs', label: 'Runs', right: true, width: 44, sort: (row) => row.runs },
    title: ({ workflow }) =>
      workflow?.counter ? `MISP’s counter when the workflow was exported: ${workflow.counter}` : undefined,
    cell: (row) => (row.runs > 0 ? formatCount(row.runs) : <span className="muted">0</span>)
  },
  {
    ...{ id: 'last', label: 'Last run', width: 76, sort: (row) => row.lastRunAt, spare: 3 },
    title: (row) => row.lastRunAt ?? undefined,
    cell: (row) => row.lastRunAt && shortTime(row.lastRunAt)
  },
  {
    ...{ id: 'workflow', label: 'Workflow', width: 110, grow: 1.4, sort: (row) => row.workflow?.name ?? null },
    title: (row) => row.workflow?.name,
    cell: (row) => <WorkflowLink row={row} />
  },
  {
    ...{ id: 'update', label: 'Last update', width: 76, sort: (row) => row.workflow?.savedAt ?? null, spare: 6 },
    title: (row) => row.workflow?.savedAt,
    cell: (row) => row.workflow && shortTime(row.workflow.savedAt)
  },
  {
    ...{ id: 'debug', label: 'Debug', width: 46, sort: (row) => (row.workflow?.debug ? 0 : 1), spare: 7 },
    cell: (row) => <DebugSwitch workflow={row.workflow} />
  }
]

function menuFor(row: TriggerRow, selected: ReadonlySet<string>, toggle: Toggle): readonly MenuItem[] {
  const ids = selected.has(row.definition.id) ? [...selected] : [row.definition.id]
  const isOne = ids.length === 1
  return [
    {
      ...{ label: row.workflow ? 'Open the workflow' : 'Create a workflow', disabled: !isOne },
      ...{ icon: row.workflow ? 'sitemap' : 'plus', run: () => openWorkflow(row) }
    },
    { label: 'Why didn’t it run?', keys: 'y', icon: 'circle-question', disabled: !isOne, run: () => why(row) },
    { label: 'Show its runs', disabled: row.runs === 0 || !isOne, run: () => showRuns(row) },
    { label: 'About this trigger', disabled: !isOne, run: () => navigate(['modules', row.definition.id]) },
    {
      ...{ label: row.enabled ? 'Disable' : 'Enable', keys: 'e', icon: row.enabled ? 'ban' : 'check' },
      run: () => toggle(ids, !row.enabled)
    }
  ]
}

export function TriggersList() {
  const { rows, failure } = useStore(triggers)
  const { search, selected, setSearch, select } = useList('Triggers')
  const [active, setActive] = useState<string | null>(null)
  const [scope, setScope] = useState('')
  useEffect(watchTriggers, [])
  const toggle: Toggle = (ids, on) => {
    const enabled = (triggers.getState().rows ?? []).filter((row) => row.enabled).map((row) => row.definition.id)
    const isOf = (adHoc: boolean) => (id: string) => isAdHocId(id) === adHoc
    const change = async (): Promise<void> => {
      for (const adHoc of [false, true]) {
        const some = ids.filter(isOf(adHoc))
        if (some.length === 0) continue
        await setEnabled(adHoc ? 'enabled_adhoc' : 'enabled_triggers', some, on, enabled.filter(isOf(adHoc)))
      }
    }
    void change().then(reloadTriggers)
  }
  const columns = useMemo(() => columnsFor(toggle), [])
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    const test = checks.find((one) => one.id === active)?.test
    return (rows ?? []).filter(
      (row) =>
        `${row.definition.name} ${row.definition.id} ${row.definition.description}`.toLowerCase().includes(wanted) &&
        (scope === '' || row.definition.scope === scope) &&
        (test?.(row) ?? true)
    )
  }, [rows, search, active, scope])
  const all = rows?.length ?? 0
  const scopes = [...new Set((rows ?? []).map((row) => row.definition.scope ?? 'others'))].sort()
  return (
    <ListView
      title="Triggers"
      label="Triggers"
      search={{ label: 'Search triggers', placeholder: 'Name, ID, description', value: search, onChange: setSearch }}
      filters={
        <>
          {checks.map((one) => (
            <button
              key={one.id}
              className="chip"
              aria-pressed={active === one.id}
              onClick={() => setActive(active === one.id ? null : one.id)}
            >
              {one.id}
            </button>
          ))}
          <select className="field" aria-label="Scope" value={scope} onChange={(event) => setScope(event.target.value)}>
            <option value="">All scopes</option>
            {scopes.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </>
      }
      count={shown.length === all ? plural(all, 'trigger') : `${shown.length} of ${all}`}
      notices={
        rows?.some((row) => !row.enabledKnown) && (
          <div className="banner info">
            The workspace does not say which triggers are enabled in your MISP: they are assumed enabled.
          </div>
        )
      }
      items={rows || failure ? shown : null}
      failure={failure}
      retry={() => void reloadTriggers()}
      empty={
        <EmptyState
          title="No matching triggers"
          actions={
            <button className="btn" onClick={() => (setSearch(''), setActive(null), setScope(''))}>
              Show all
            </button>
          }
        />
      }
      columns={columns}
      id={(row) => row.definition.id}
      selected={selected}
      onSelect={select}
      onOpen={openWorkflow}
      menu={(row) => menuFor(row, selected, toggle)}
      heading={(row) => row.definition.name}
      several={(count) => plural(count, 'trigger')}
      preview={(row) => <TriggerPreview row={row} />}
    />
  )
}

function TriggerPreview({ row }: { row: TriggerRow }) {
  const { definition, workflow } = row
  return (
    <>
      <p className="section">{definition.description}</p>
      <Facts
        rows={[
          ['ID', <span className="mono">{definition.id}</span>],
          ['Scope', definition.scope],
          ['Overhead', <Overhead row={row} />],
          ['', definition.trigger_overhead_message && <span>{definition.trigger_overhead_message}</span>],
          ['Blocking', definition.blocking ? 'yes: a workflow can stop what MISP does' : 'no'],
          ['Core format', definition.misp_core_format ? 'yes' : 'no'],
          ['Workflow', workflow ? `${workflow.name}, version ${workflow.version}` : 'none'],
          ['Saved', workflow && formatTime(workflow.savedAt)],
          [
            'Debug mode',
            workflow &&
              (workflow.debug
                ? `on: MISP posts its runs. While nobody listens, ${definition.blocking ? 'what fires the trigger fails in MISP' : 'its jobs fail in MISP'}`
                : 'off: MISP posts nothing')
          ],
          ['Runs', formatCount(row.runs)],
          ['Last run', row.lastRunAt && formatTime(row.lastRunAt)]
        ]}
      />
    </>
  )
}
