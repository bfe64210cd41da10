import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { JsonMap } from '../../../contract/json.ts'
import type { EffectOptions } from '../../../contract/effects.ts'
import type { DataSource, Params, WorkflowSource } from '../../../contract/operations.ts'
import { client } from '../../client/client.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { formatBytes } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { completeMisp } from '../../components/misp-completion.ts'
import { app, showFailure } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { library } from '../../stores/library.ts'
import { mocks, ownSet } from '../../stores/mocks.ts'
import { navigate } from '../../stores/router.ts'
import { startRun, triggerChoices } from '../../stores/start-run.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { EntryChooser } from '../../components/data-chooser.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { GoLiveDialog } from '../../components/run-with/go-live.tsx'
import { MockFields } from '../../components/run-with/mock-fields.tsx'
import { WorldNeeds } from './needs.tsx'
import { goesLive, PolicyFields } from '../../components/run-with/policies.tsx'
import type { Choices } from '../../components/run-with/policies.tsx'
import { emptyOptions, OptionFields, parseOptions, RawRow, textsOf } from '../../components/run-with/run-options.tsx'
import type { OptionTexts } from '../../components/run-with/run-options.tsx'
import { useDraft } from '../../hooks/use-draft.ts'
import { useEffectfulNodes, useOriginal } from './setup-data.ts'
import type { Source } from './setup-data.ts'
import '../../step/effects.css'

interface RunWith {
  readonly options: OptionTexts
  readonly effects: Choices
  /** Undefined: nobody chose. */
  readonly chosenSet?: string | null
}

/** What the form starts with: as the run that is repeated had it. */
function runWith(before: JsonMap | undefined, mocksAsked: string | null): RunWith {
  const { confirm: _confirm, ...effects } = (before?.['effects'] ?? {}) as EffectOptions
  const own = before?.['mockSet']
  const chosenSet = mocksAsked ?? (typeof own === 'string' ? own : null)
  return { options: before ? textsOf(before) : emptyOptions, effects, ...(chosenSet === null ? {} : { chosenSet }) }
}

export default function RunSetup({ query }: { query: ReadonlyMap<string, string> }) {
  const { workflows, data } = useStore(library)
  useTitle('Run a workflow')
  const again = query.get('again')
  const original = useAnswer('runs.get', { runId: again ?? 'none' })
  const [workflowId, setWorkflowId] = useState(query.get('workflow') ?? (again ? 'again' : ''))
  const [source, setSource] = useState<Source>(
    query.get('data') ? { kind: 'data', id: query.get('data') ?? '' } : again ? { kind: 'again' } : { kind: 'paste' }
  )
  // Of each source its own: who looks at another one, or leaves the page, finds it again.
  const sourceKey = source.kind === 'data' ? `data/${source.id}` : `${source.kind}/${again ?? ''}`
  const [edited, setEdited] = useDraft<string | null>(`run/${sourceKey}`, null)
  // Of each source its own, too: which of several entries.
  const [entry, setEntry] = useState<{ readonly of: string; readonly index: number | null } | null>(null)
  const index = entry?.of === sourceKey ? entry.index : null
  const [showDiff, setShowDiff] = useState(false)
  const [asking, setAsking] = useState<{ readonly params: Params<'run.plan'>; readonly mode: 'run' | 'paused' } | null>(
    null
  )
  const [starting, setStarting] = useState(false)
  const before = original?.ok ? original.data.options : undefined
  const mocksAsked = query.get('mocks') ?? null
  const startWith = useMemo(() => runWith(before, mocksAsked), [before, mocksAsked])
  const withKey = `run-with/${again ?? query.get('workflow') ?? ''}/${mocksAsked ?? ''}`
  const [{ options, effects, chosenSet }, setWith, withState] = useDraft(withKey, startWith)
  const setOptions = (next: OptionTexts) => setWith((now) => ({ ...now, options: next }))
  const setEffects = (next: Choices) => setWith((now) => ({ ...now, effects: next }))
  const setMockSet = (next: string | null) => setWith((now) => ({ ...now, chosenSet: next }))
  const text = useOriginal(source, again)
  const current = edited ?? text.text ?? ''
  const changed = edited !== null && edited !== text.text

  const jsonError = useMemo(() => {
    if (current === '')
      return source.kind === 'paste'
        ? 'Paste the trigger data: an event as exported by MISP, or any JSON object.'
        : null
    try {
      const value: unknown = JSON.parse(current)
      return typeof value === 'object' && value !== null ? null : 'The data is not a JSON object.'
    } catch (error) {
      return error instanceof Error ? error.message : 'Invalid JSON.'
    }
  }, [current, source.kind])

  const workflow: WorkflowSource | null =
    workflowId === 'again' && again ? { runId: again } : workflowId ? { workflowId } : null
  const nodes = useEffectfulNodes(workflow)
  const isGone =
    workflowId !== '' && workflowId !== 'again' && workflows !== null && !workflows.some(({ id }) => id === workflowId)
  // Until somebody chooses: the workflow's own, which holds the stand-in results chosen in its editor and recorded answers.
  const sets = useStore(mocks, (state) => state.sets)
  const waiting = starting || sets === null
  const mockSet = chosenSet === undefined ? (ownSet(sets, workflow)?.id ?? null) : chosenSet
  const savedData: DataSource | null =
    source.kind === 'data'
      ? { dataId: source.id }
      : source.kind === 'again' && again
        ? { runId: again, step: 0, which: 'original' }
        : null

  /** What run.start and run.plan take, or null when something is missing; a person is told. */
  const request = (): Params<'run.plan'> | null => {
    const parsed = parseOptions(options)
    if (typeof parsed === 'string') return (showFailure({ code: 'INPUT_NOT_JSON', message: parsed }), null)
    if (!workflow) return (showFailure({ code: 'PARAMS_INVALID', message: 'Choose a workflow first.' }), null)
    const source = changed || !savedData ? { json: JSON.parse(current) as JsonMap } : savedData
    const data = index === null || 'runId' in source ? source : { ...source, index }
    const chosen = Object.keys(effects).length > 0 ? { effects } : {}
    return { workflow, data, options: { ...parsed, ...(mockSet ? { mockSet } : {}), ...chosen } }
  }
  const begin = async (params: Params<'run.plan'>, mode: 'run' | 'paused') => {
    setStarting(true)
    const answer = await startRun({
      ...params,
      mode,
      edited: changed && source.kind !== 'paste',
      ...(again ? { parent: again } : {})
    })
    setStarting(false)
    if (!answer) return
    if (!answer.ok) return showFailure(answer.error)
    setEdited(null)
    withState.settle()
    navigate(['runs', answer.data.runId])
  }
  const start = async (mode: 'run' | 'paused') => {
    const params = request()
    if (!params) return
    if (goesLive(effects)) setAsking({ params, mode })
    else await begin(params, mode)
  }
  useEffect(() =>
    addCommands([{ id: 'setup.run', title: 'Run', group: 'Run', keys: 'mod+enter', run: () => void start('run') }])
  )
  const writable = useStore(app, (state) => state.workspace?.writable ?? true)
  if (!workflows || !data) return <Loading />
  const summary = original?.ok ? original.data.summary : null
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Run a workflow">
        <h1>{again ? 'Run again' : 'Run a workflow'}</h1>
        {summary && (
          <span className="muted ellipsis">
            {summary.workflowName ?? summary.trigger} · {summary.event?.info}
          </span>
        )}
        <span className="grow" />
        {goesLive(effects) && <span className="tag live">live</span>}
        {mockSet && <span className="tag mock">mocks</span>}
        {changed && <span className="tag mock">data edited</span>}
        {changed && (
          <button className="btn" aria-pressed={showDiff} onClick={() => setShowDiff(!showDiff)}>
            <Icon name="compare" /> Diff
          </button>
        )}
        {withState.changed && <span className="tag mock">options edited</span>}
        {(changed || withState.changed) && (
          <button
            className="btn"
            onClick={() => {
              setEdited(null)
              withState.settle()
            }}
          >
            Undo edits
          </button>
        )}
        <button
          className="btn"
          disabled={waiting || (jsonError !== null && !text.tooLarge)}
          onClick={() => void start('paused')}
          title="Pauses before the first node"
        >
          <Icon name="forward-step" /> Step
        </button>
        <button
          className="btn primary"
          disabled={waiting || !writable || (jsonError !== null && !text.tooLarge)}
          onClick={() => void start('run')}
          title="Run (Ctrl+Enter)"
        >
          <Icon name="play" /> {goesLive(effects) ? 'Run live…' : 'Run'}
        </button>
      </div>
      <div className="setup grow">
        <aside aria-label="What to run">
          <div className="section">
            <div className="form-row">
              <label htmlFor="setup-workflow">Workflow</label>
              <select
                id="setup-workflow"
                className="field"
                value={workflowId}
                onChange={(event) => setWorkflowId(event.target.value)}
              >
                {again ? <option value="again">The workflow of that run</option> : <option value="">Choose…</option>}
                {workflows.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} ({one.trigger ?? 'no trigger'})
                  </option>
                ))}
              </select>
              {isGone && (
                <div className="banner warn" role="alert">
                  There is no workflow “{workflowId}”. Choose another one.
                </div>
              )}
            </div>
            <div className="form-row">
              <label htmlFor="setup-data">Data</label>
              <select
                id="setup-data"
                className="field"
                value={source.kind === 'data' ? source.id : source.kind}
                onChange={(event) =>
                  setSource(
                    event.target.value === 'again' || event.target.value === 'paste'
                      ? { kind: event.target.value }
                      : { kind: 'data', id: event.target.value }
                  )
                }
              >
                {again && <option value="again">The data of that run</option>}
                <option value="paste">Paste or type</option>
                {data.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} ({formatBytes(one.size)})
                  </option>
                ))}
              </select>
              {source.kind === 'data' && (
                <EntryChooser
                  source={{ dataId: source.id }}
                  index={index}
                  onChange={(next) => setEntry({ of: sourceKey, index: next })}
                />
              )}
            </div>
          </div>
          <div className="section">
            <SelectRow
              id="setup-as"
              label="Run as"
              value={options.as}
              onChange={(as) => setOptions({ ...options, as })}
            >
              <option value="">The workflow’s own trigger</option>
              {triggerChoices().map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </SelectRow>
            <RawRow checked={options.raw} onChange={(raw) => setOptions({ ...options, raw })} />
          </div>
          <PolicyFields value={effects} onChange={setEffects} nodes={nodes} again={again !== undefined} />
          <MockFields
            workflowId={workflow && 'workflowId' in workflow ? workflow.workflowId : null}
            value={mockSet}
            onChange={setMockSet}
            nodes={nodes}
          />
          <WorldNeeds workflow={workflow} data={savedData} />
          <OptionFields value={options} onChange={setOptions} />
        </aside>
        <section className="column" aria-label="Data">
          {jsonError && !text.loading && !text.tooLarge && !text.failure && (
            <div className="banner warn">{jsonError}</div>
          )}
          <div className="grow" style={{ minHeight: 0 }}>
            {text.loading ? (
              <Loading label="Loading data" />
            ) : text.failure ? (
              <FailureState failure={text.failure} />
            ) : text.tooLarge ? (
              <EmptyState title="Too large to edit here">
                It is used unchanged. To change a value, edit a copy of the file, or run step by step and edit the
                roaming data.
              </EmptyState>
            ) : (
              <DataEditor
                value={current}
                onChange={setEdited}
                complete={completeMisp}
                label="Trigger data"
                original={showDiff ? text.text : null}
                placeholder='{"Event": {…}}'
              />
            )}
          </div>
        </section>
      </div>
      {asking && (
        <GoLiveDialog
          plan={() => client.call('run.plan', asking.params)}
          onClose={() => setAsking(null)}
          onConfirm={(confirm) => {
            setAsking(null)
            void begin(
              { ...asking.params, options: { ...asking.params.options, effects: { ...effects, confirm } } },
              asking.mode
            )
          }}
        />
      )}
    </div>
  )
}
