import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { TriggerRow } from '../../../contract/authoring.ts'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { formatTime } from '../../components/format.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Switch } from '../../components/switch.tsx'
import { addCommands } from '../../stores/commands.ts'
import { setEnabled } from '../../stores/misp-settings.ts'
import { navigate } from '../../stores/router.ts'
import { setFilter } from '../../stores/runs.ts'
import { setDebug } from '../../stores/workflow-files.ts'
import { reloadTriggers, triggers, watchTriggers } from '../../stores/triggers.ts'
import { createWorkflow } from '../../stores/workflow-files.ts'

const columns = [
  { label: 'Enabled' },
  { label: 'Name' },
  { label: 'Scope' },
  { label: 'Overhead' },
  { label: 'Blocking' },
  { label: 'Core format' },
  { label: 'Runs', right: true },
  { label: 'Last run' },
  { label: 'Workflow' },
  { label: 'Last update' },
  { label: 'Debug' },
  { label: '' }
]

const overheads: Record<number, { readonly label: string; readonly tone: string }> = {
  1: { label: 'low', tone: 'ok' },
  2: { label: 'medium', tone: 'mock' },
  3: { label: 'high', tone: 'blocked' }
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

export function TriggersList() {
  const { rows, failure } = useStore(triggers)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [search, setSearch] = useState('')
  const [active, setActive] = useState<string | null>(null)
  const [scope, setScope] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(watchTriggers, [])
  useEffect(
    () =>
      addCommands([
        {
          id: 'triggers.search',
          title: 'Search triggers',
          group: 'Triggers',
          keys: '/',
          run: () => field.current?.focus()
        }
      ]),
    []
  )
  if (failure && !rows) return <FailureState failure={failure} retry={() => void reloadTriggers()} />
  if (!rows) return <Loading label="Loading triggers" />
  const all = rows.map((row) => row.definition.id)
  const toggle = (ids: readonly string[], on: boolean) =>
    void setEnabled(
      'enabled_triggers',
      ids,
      on,
      rows.filter((row) => row.enabled).map((row) => row.definition.id)
    ).then(reloadTriggers)
  const wanted = search.toLowerCase()
  const test = checks.find((one) => one.id === active)?.test
  const shown = rows.filter(
    (row) =>
      `${row.definition.name} ${row.definition.id} ${row.definition.description}`.toLowerCase().includes(wanted) &&
      (scope === '' || row.definition.scope === scope) &&
      (test?.(row) ?? true)
  )
  const scopes = [...new Set(rows.map((row) => row.definition.scope ?? 'others'))].sort()
  const assumed = rows.some((row) => !row.enabledKnown)
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Triggers">
        <h1>Triggers</h1>
        <input
          ref={field}
          className="field"
          type="search"
          aria-label="Search triggers"
          title="Search triggers (/)"
          placeholder="Search name, ID, description"
          style={{ width: 200 }}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <div className="chips" role="group" aria-label="Filters">
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
        </div>
        <select className="field" aria-label="Scope" value={scope} onChange={(event) => setScope(event.target.value)}>
          <option value="">All scopes</option>
          {scopes.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <span className="grow" />
        <span className="muted">
          {shown.length === all.length ? plural(all.length, 'trigger') : `${shown.length} of ${all.length}`}
        </span>
      </div>
      {assumed && (
        <div className="banner info">
          The workspace does not say which triggers are enabled in your MISP: they are assumed enabled.
        </div>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        {shown.length === 0 ? (
          <EmptyState
            title="No matching triggers"
            actions={
              <button className="btn" onClick={() => (setSearch(''), setActive(null), setScope(''))}>
                Show all
              </button>
            }
          />
        ) : (
          <DataGrid
            label="Triggers"
            layout="trigger-columns"
            columns={columns}
            items={shown}
            id={(row) => row.definition.id}
            selected={selected}
            onSelect={(ids) => setSelected(new Set(ids))}
            onOpen={openWorkflow}
            menu={(row) => [
              { label: row.workflow ? 'Open the workflow' : 'Create a workflow', run: () => openWorkflow(row) },
              { label: 'Why didn’t it run?', keys: 'y', run: () => why(row) },
              { label: 'Show its runs', disabled: row.runs === 0, run: () => showRuns(row) },
              { label: 'About this trigger', run: () => navigate(['modules', row.definition.id]) },
              {
                label: row.enabled ? 'Disable' : 'Enable',
                keys: ' ',
                run: () => toggle(selected.has(row.definition.id) ? [...selected] : [row.definition.id], !row.enabled)
              }
            ]}
            cells={(row) => <TriggerCells row={row} toggle={toggle} />}
          />
        )}
      </div>
    </div>
  )
}

/** Today's as a time, others as a date. */
const shortTime = (iso: string): string => formatTime(iso).slice(0, 10)

function TriggerCells({ row, toggle }: { row: TriggerRow; toggle: (ids: readonly string[], on: boolean) => void }) {
  const { definition, workflow } = row
  const overhead = overheads[definition.trigger_overhead ?? 1]
  return (
    <>
      <Cell>
        <Switch
          on={row.enabled}
          assumed={!row.enabledKnown}
          label={`${definition.name} enabled`}
          onChange={(on) => toggle([definition.id], on)}
        />
      </Cell>
      <Cell title={`${definition.id}: ${definition.description}`}>
        <span className="trigger-name">
          <Icon name={moduleIcon(definition.icon)} />
          <span className="ellipsis">{definition.name}</span>
        </span>
      </Cell>
      <Cell>{definition.scope}</Cell>
      <Cell title={definition.trigger_overhead_message || undefined}>
        <span className={`tag ${overhead?.tone ?? ''}`}>
          {overhead?.label}
          {definition.trigger_overhead_message && (
            <Icon name="circle-question" size={10} title={definition.trigger_overhead_message} />
          )}
        </span>
      </Cell>
      <Cell>{definition.blocking && <span className="tag blocked">blocking</span>}</Cell>
      <Cell>{definition.misp_core_format ? 'yes' : <span className="muted">no</span>}</Cell>
      <Cell
        right
        title={workflow?.counter ? `MISP’s counter when the workflow was exported: ${workflow.counter}` : undefined}
      >
        {row.runs > 0 ? formatCount(row.runs) : <span className="muted">0</span>}
      </Cell>
      <Cell title={row.lastRunAt ?? undefined}>{row.lastRunAt ? shortTime(row.lastRunAt) : ''}</Cell>
      <Cell title={workflow?.name}>
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
      </Cell>
      <Cell title={workflow?.savedAt}>{workflow ? shortTime(workflow.savedAt) : ''}</Cell>
      <Cell>
        {workflow?.debug === null && (
          <span className="muted" title="Not set in the workflow; MISP then treats it as off">
            off
          </span>
        )}
        {workflow && workflow.debug !== null && (
          <Switch
            on={workflow.debug}
            label={`Debug mode of ${workflow.name}`}
            onChange={(on) => void setDebug(workflow.id, on)}
          />
        )}
      </Cell>
      <Cell right>
        <button
          className="btn quiet"
          aria-label={`Why didn’t it run? ${definition.name}`}
          title="Why didn’t it run? (Y)"
          onClick={(event) => (event.stopPropagation(), why(row))}
        >
          Why didn’t it run?
        </button>
      </Cell>
    </>
  )
}
