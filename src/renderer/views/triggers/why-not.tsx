import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { TriggerRow, WhyNotCheck, WhyNotState } from '../../../contract/authoring.ts'
import type { JsonMap } from '../../../contract/json.ts'
import type { WorkflowSource } from '../../../contract/operations.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { emptyPaste, problemOf, sourceOf } from '../../components/chosen-data.ts'
import type { Chosen } from '../../stores/chosen.ts'
import { DataChooser } from '../../components/data-chooser.tsx'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import type { IconName } from '../../components/icons.tsx'
import { JsonEditor } from '../../components/json-editor.tsx'
import { useTitle } from '../../hooks/use-title.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { toast } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { mispSettings, saveSettings } from '../../stores/misp-settings.ts'
import { navigate } from '../../stores/router.ts'
import { triggers, watchTriggers } from '../../stores/triggers.ts'
import { openWorkflow } from './triggers-list.tsx'

const states: Record<WhyNotState, { readonly icon: IconName; readonly label: string }> = {
  problem: { icon: 'xmark', label: 'problem' },
  unknown: { icon: 'question', label: 'unknown' },
  note: { icon: 'circle-info', label: 'note' },
  ok: { icon: 'check', label: 'fine' }
}

/** Everything between a save in MISP and the first node, with what is known, what is assumed and where to look. */
export function WhyNot({ trigger, dataId }: { trigger: string; dataId: string | null }) {
  const rows = useStore(triggers, (state) => state.rows)
  const workflows = useStore(library, (state) => state.workflows)
  const known = useStore(mispSettings, (state) => state.settings)
  const [chosen, setChosen] = useState<Chosen>(dataId ? { kind: 'data', id: dataId, index: null } : emptyPaste)
  const [said, setSaid] = useState<JsonMap>({})
  const [workflowId, setWorkflowId] = useState<string | null>(null)
  useEffect(watchTriggers, [])
  const row = rows?.find((one) => one.definition.id === trigger)
  useTitle(row ? `Why didn’t ${row.definition.name} run?` : null)
  const own = (workflows ?? []).filter((one) => one.trigger === trigger)
  const used = workflowId ?? row?.workflow?.id ?? ''
  const problem = problemOf(chosen) ?? (chosen.kind === 'step' && chosen.runId === '' ? 'Choose a run.' : null)
  const data = problem === null ? sourceOf(chosen) : null
  const workflow: WorkflowSource | null = used === '' ? null : { workflowId: used }
  const { answer } = useLatest(
    'triggers.whyNot',
    { trigger, settings: said, ...(data ? { data } : {}), ...(workflow ? { workflow } : {}) },
    100
  )
  const report = answer?.ok ? answer.data : null
  const order = useMemo(() => (report ? [...report.checks].sort(byState) : []), [report])
  // A setting of the workspace changed: ask again.
  useEffect(() => setSaid((was) => ({ ...was })), [known])
  if (!rows) return <Loading label="Loading triggers" />
  if (!row) return <FailureState failure={{ code: 'TRIGGER_UNKNOWN', message: `MISP has no trigger “${trigger}”.` }} />
  const say = (name: string, value: boolean | null) =>
    setSaid((was) =>
      value === null
        ? Object.fromEntries(Object.entries(was).filter(([key]) => key !== name))
        : { ...was, [name]: value }
    )
  const keep = async () => {
    await saveSettings(said)
    setSaid({})
    toast('Saved: runs and checks in this workspace use these settings', { tone: 'success' })
  }
  return (
    <div className="column">
      <Toolbar row={row} workflowId={used} dataId={chosen.kind === 'data' ? chosen.id : null} />
      <div className="why-not grow">
        <aside aria-label="Check against">
          <div className="section">
            <SelectRow id="why-workflow" label="Workflow" value={used} onChange={setWorkflowId}>
              <option value="">None</option>
              {own.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </SelectRow>
          </div>
          <div className="why-data">
            <span className="label">Data that MISP passed</span>
            <DataChooser id="why-data" label="Data that MISP passed" chosen={chosen} onChange={setChosen} />
            {chosen.kind === 'paste' && (
              <div className="why-editor">
                <JsonEditor
                  value={chosen.text}
                  onChange={(text) => setChosen({ kind: 'paste', text })}
                  label="Trigger data"
                  placeholder={
                    trigger === 'tag-attached-after-save' ? '{"Tag": {"name": "tlp:red", …}}' : '{"Event": {…}}'
                  }
                />
              </div>
            )}
            {problem && chosen.kind === 'paste' && chosen.text !== '' && <p className="finds bad">{problem}</p>}
          </div>
        </aside>
        <section className="scroll" aria-label="Checks" tabIndex={0}>
          {answer && !answer.ok && <FailureState failure={answer.error} />}
          {!answer && <Loading label="Checking" />}
          {report && (
            <>
              <div className="why-summary">
                <p role="status">{report.summary}</p>
                {Object.keys(said).length > 0 && (
                  <button className="btn" onClick={() => void keep()}>
                    Save these settings in the workspace
                  </button>
                )}
              </div>
              <ol className="why-checks" aria-label="Checklist">
                {order.map((check) => (
                  <Check key={check.id} check={check} said={said} onSay={say} />
                ))}
              </ol>
            </>
          )}
        </section>
      </div>
    </div>
  )
}

function Toolbar({ row, workflowId, dataId }: { row: TriggerRow; workflowId: string; dataId: string | null }) {
  return (
    <div className="toolbar" role="toolbar" aria-label="Why didn’t it run?">
      <a className="btn quiet" href="#/triggers">
        ‹ Triggers
      </a>
      <Icon name={moduleIcon(row.definition.icon)} size={15} />
      <h1 className="ellipsis">Why didn’t {row.definition.name} run?</h1>
      <span className="mono muted ellipsis">{row.definition.id}</span>
      <span className="grow" />
      <button className="btn" onClick={() => openWorkflow(row)}>
        <Icon name="sitemap" /> {row.workflow ? 'Open the workflow' : 'Create a workflow'}
      </button>
      {row.workflow && (
        <button
          className="btn primary"
          onClick={() => navigate(['workflows', 'run'], { workflow: workflowId, data: dataId ?? undefined })}
        >
          <Icon name="play" /> Run it here…
        </button>
      )}
    </div>
  )
}

const rank: Record<WhyNotState, number> = { problem: 0, unknown: 1, note: 2, ok: 3 }
const byState = (a: WhyNotCheck, b: WhyNotCheck): number => rank[a.state] - rank[b.state]

function Check({
  check,
  said,
  onSay
}: {
  check: WhyNotCheck
  said: JsonMap
  onSay: (name: string, value: boolean | null) => void
}) {
  const { icon, label } = states[check.state]
  const { menu, setting, command } = check.lookUp
  const single =
    setting !== null && /^[\w.-]+$/.test(setting) && setting !== 'Plugin.Workflow_debug_url' ? setting : null
  return (
    <li className={`why-check ${check.state}`} aria-label={`${check.title}: ${label}`}>
      <span className="why-icon">
        <Icon name={icon} size={11} title={label} />
      </span>
      <div className="why-body">
        <h2>
          {check.title}
          {check.assumed && <span className="tag derived">assumed: {check.assumed}</span>}
          {single && (check.state === 'unknown' || Object.hasOwn(said, single)) && (
            <span className="why-say" role="group" aria-label={`${single} in your MISP`}>
              {(['on', 'off'] as const).map((one) => (
                <button
                  key={one}
                  className="chip"
                  aria-pressed={said[single] === (one === 'on')}
                  onClick={() => onSay(single, said[single] === (one === 'on') ? null : one === 'on')}
                >
                  it is {one}
                </button>
              ))}
            </span>
          )}
        </h2>
        <p>{check.text}</p>
        {(menu ?? setting ?? command) && (
          <dl className="why-where" aria-label="Where to check in MISP">
            {menu && <Where name="Menu" text={menu} />}
            {setting && <Where name="Setting" text={setting} code />}
            {command && <Where name="Command" text={command} code />}
          </dl>
        )}
      </div>
    </li>
  )
}

function Where({ name, text, code = false }: { name: string; text: string; code?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={code ? 'mono' : ''}>
        {text}
        {code && (
          <button
            className="why-copy"
            aria-label={`Copy ${text}`}
            title="Copy"
            onClick={() => void navigator.clipboard.writeText(text).then(() => toast('Copied'))}
          >
            <Icon name="copy" size={10} />
          </button>
        )}
      </dd>
    </>
  )
}
