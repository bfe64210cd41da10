import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { DataSource, Params } from '../../../contract/operations.ts'
import { client } from '../../client/client.ts'
import { AreaRow } from '../../components/form-row.tsx'
import { nameOf, problemOf } from '../../components/chosen-data.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Panes } from '../../components/panes.tsx'
import { ParamForm } from '../../components/param-form/param-form.tsx'
import { addAttempt } from '../../stores/attempts.ts'
import type { Attempt } from '../../stores/attempts.ts'
import { showFailure } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { library } from '../../stores/library.ts'
import { buildHash } from '../../stores/router.ts'
import { canSend } from '../../components/run-with/effectful-nodes.ts'
import { GoLiveDialog } from '../../components/run-with/go-live.tsx'
import { MockFields } from '../../components/run-with/mock-fields.tsx'
import { goesLive, PolicyFields } from '../../components/run-with/policies.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useDraft } from '../../hooks/use-draft.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { OptionFields, ProfileRow, RawRow } from '../../components/run-with/run-options.tsx'
import { UnsavedMark } from '../../components/unsaved-mark.tsx'
import { blank, requestOf, usable, usePrefill } from './execute-form.ts'
import type { Form, Prefill } from './execute-form.ts'
import { InputPane } from './input-pane.tsx'
import { ResultPane } from './result-pane.tsx'

/** One module alone: parameters, input, result side by side. */
export function ExecuteView({ moduleId, query }: { moduleId: string; query: ReadonlyMap<string, string> }) {
  const definition = useAnswer('modules.get', { moduleId })
  const prefill = usePrefill(query)
  useTitle(definition?.ok ? `Run ${definition.data.name}` : null)
  if (!definition || !prefill) return <Loading label="Opening module" />
  if (!definition.ok) return <FailureState failure={definition.error} />
  const from = [query.get('run'), query.get('step'), query.get('data')].map((part) => part ?? '').join('/')
  return <Execute definition={definition.data} prefill={prefill} draftKey={`module/${moduleId}/${from}`} />
}

interface ExecuteProps {
  readonly definition: ModuleDefinition
  readonly prefill: Prefill
  readonly draftKey: string
}

interface ParametersPaneProps {
  readonly definition: ModuleDefinition
  readonly form: Form
  readonly set: (change: Partial<Form>) => void
  /** That the form was filled from. */
  readonly step: Prefill['step']
  readonly data: DataSource | null
}

function ParametersPane({ definition, form, set, step, data }: ParametersPaneProps) {
  const { params, filters, options, world, effects, mockSet } = form
  return (
    <section className="execute-pane" aria-label="Parameters">
      <div className="pane-head">
        <h2>Parameters</h2>
        {step && <span className="tag">as in step {step.step}</span>}
      </div>
      <div className="scroll execute-form">
        <ParamForm
          definition={definition}
          params={params}
          filters={filters}
          onChange={({ params, filters }) => set({ params, filters })}
          {...(data ? { data } : {})}
        />
        {(definition.is_custom || canSend(definition.module_type, definition.id)) && (
          <>
            <PolicyFields value={effects} onChange={(effects) => set({ effects })} nodes={[]} again={false} />
            <MockFields
              workflowId={null}
              value={mockSet}
              onChange={(mockSet) => set({ mockSet })}
              nodes={[]}
              pins={false}
            />
          </>
        )}
        <details style={{ marginTop: 14 }}>
          <summary>Settings and World</summary>
          <ProfileRow
            value={options.profile}
            usual="As the workspace"
            onChange={(profile) => set({ options: { ...options, profile } })}
          />
          <RawRow checked={options.raw} onChange={(raw) => set({ options: { ...options, raw } })} />
          <OptionFields value={options} onChange={(options) => set({ options })} />
          <AreaRow
            mono
            id="execute-world"
            label="World (JSON: tags, organisations, users, warninglists…)"
            rows={4}
            spellCheck={false}
            placeholder='{"tags": [{"id": "1", "name": "tlp:red"}]}'
            value={world}
            onChange={(text) => set({ world: text })}
          />
        </details>
      </div>
    </section>
  )
}

/** `shown`: the attempt whose result is shown. */
function useExecution(moduleId: string, { params, filters, chosen, convert }: Form) {
  const [running, setRunning] = useState(false)
  const [shown, setShown] = useState<number | null>(null)
  const sets = useStore(library, (state) => state.data) ?? []
  const execute = async (request: Params<'module.plan'>) => {
    setRunning(true)
    const began = performance.now()
    const answer = await client.call('module.execute', request)
    setRunning(false)
    const took = performance.now() - began
    const result = answer.ok ? { execution: answer.data, failure: null } : { execution: null, failure: answer.error }
    setShown(
      addAttempt({
        moduleId,
        at: new Date().toISOString(),
        params,
        filters,
        chosen,
        convert,
        input: nameOf(chosen, sets),
        took,
        ...result
      })
    )
  }
  return { running, shown, setShown, execute }
}

function Execute({ definition, prefill, draftKey }: ExecuteProps) {
  const { step, ...filled } = prefill
  const [form, setForm, draft] = useDraft<Form>(draftKey, { ...blank, ...filled })
  const { chosen, convert, effects, mockSet } = form
  const set = (change: Partial<Form>) => setForm((now) => ({ ...now, ...change }))
  const [asking, setAsking] = useState<Params<'module.plan'> | null>(null)
  const { running, shown, setShown, execute } = useExecution(definition.id, form)
  const problem = problemOf(chosen) ?? (chosen.kind === 'step' && chosen.runId === '' ? 'Choose a run.' : null)
  const key = JSON.stringify([chosen, convert])
  const data = useMemo(() => usable(problem, chosen, convert), [key, problem])

  const run = async () => {
    const request = requestOf(definition.id, form, problem)
    if ('code' in request) return showFailure(request)
    if (goesLive(effects)) setAsking(request)
    else await execute(request)
  }
  useRunCommand(definition.name, run)
  const again = (attempt: Attempt) => {
    setShown(attempt.id)
    const { params, filters, chosen, convert } = attempt
    set({ params, filters, chosen, convert })
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Run a module">
        <a className="btn quiet" href={buildHash(['modules', definition.id])}>
          ‹ {definition.name}
        </a>
        <Icon name={moduleIcon(definition.icon)} size={15} />
        <h1 className="ellipsis">Run this module</h1>
        <span className="tag">{definition.module_type}</span>
        <span className="muted ellipsis" style={{ flex: '1 1 0', textAlign: 'right' }} title={problem ?? undefined}>
          {problem}
        </span>
        {goesLive(effects) && <span className="tag live">live</span>}
        {mockSet && <span className="tag mock">mocks</span>}
        <UnsavedMark changed={draft.changed} undo={() => draft.settle()} />
        <RunButton running={running} disabled={problem !== null} run={() => void run()} />
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="execute"
          direction="row"
          panes={[
            {
              id: 'parameters',
              size: 32,
              min: 20,
              content: <ParametersPane definition={definition} form={form} set={set} step={step} data={data} />
            },
            {
              id: 'input',
              size: 30,
              min: 18,
              content: (
                <InputPane
                  chosen={chosen}
                  onChange={(chosen) => set({ chosen })}
                  step={step}
                  convert={convert}
                  onConvert={(convert) => set({ convert })}
                  problem={problem}
                />
              )
            },
            {
              id: 'result',
              size: 38,
              min: 20,
              content: (
                <ResultPane
                  moduleId={definition.id}
                  shown={shown}
                  onShow={setShown}
                  onAgain={again}
                  running={running}
                />
              )
            }
          ]}
        />
      </div>
      {asking && (
        <GoLiveDialog
          what="module"
          plan={() => client.call('module.plan', asking)}
          onClose={() => setAsking(null)}
          onConfirm={(confirm) => {
            setAsking(null)
            void execute({ ...asking, options: { ...asking.options, effects: { ...effects, confirm } } })
          }}
        />
      )}
    </div>
  )
}

function RunButton({ running, disabled, run }: { running: boolean; disabled: boolean; run: () => void }) {
  return (
    <>
      {running && <span className="spinner" role="status" aria-label="Running" />}
      <button className="btn primary" disabled={running || disabled} title="Run (Ctrl+Enter)" onClick={run}>
        <Icon name="play" /> Run
      </button>
    </>
  )
}

/** Ctrl+Enter, and a line of the command palette. */
function useRunCommand(name: string, run: () => Promise<void>): void {
  useEffect(() =>
    addCommands([
      {
        id: 'module.run',
        title: `Run ${name}`,
        group: 'Modules',
        keys: 'mod+enter',
        run: () => void run()
      }
    ])
  )
}
