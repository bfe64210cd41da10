import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Params, Result, WorkflowSource } from '../../../contract/operations.ts'
import type { Answer, Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { Loading } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { GoLiveDialog } from '../../components/run-with/go-live.tsx'
import { MockFields } from '../../components/run-with/mock-fields.tsx'
import { goesLive, PolicyFields } from '../../components/run-with/policies.tsx'
import { OptionFields, parseOptions } from '../../components/run-with/run-options.tsx'
import type { OptionTexts } from '../../components/run-with/run-options.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { app, showFailure } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { library } from '../../stores/library.ts'
import { mocks, ownSet } from '../../stores/mocks.ts'
import { navigate } from '../../stores/router.ts'
import { startRun } from '../../stores/start-run.ts'
import { WorldNeeds } from './needs.tsx'
import { useEffectfulNodes, useSetupData } from './setup-data.ts'
import type { SetupData } from './setup-data.ts'
import { DataPane, DataRow, EditMarks, RunAs, WorkflowRow } from './setup-parts.tsx'
import { useRunWith } from './use-run-with.ts'
import '../../step/effects.css'

type Plan = Params<'run.plan'>
type Mode = 'run' | 'paused'

/** What run.start and run.plan take; a failure where something is missing. */
function requestOf(
  workflow: WorkflowSource | null,
  data: SetupData,
  options: OptionTexts,
  more: Pick<NonNullable<Plan['options']>, 'mockSet' | 'effects'>
): Plan | Failure {
  const parsed = parseOptions(options)
  if (typeof parsed === 'string') return { code: 'INPUT_NOT_JSON', message: parsed }
  if (!workflow) return { code: 'PARAMS_INVALID', message: 'Choose a workflow first.' }
  return { workflow, data: data.given(), options: { ...parsed, ...more } }
}

/** Starts runs, and goes to what was started. `asking`: what a person is asked about before it goes live. */
function useStart(extra: { readonly edited: boolean; readonly parent?: string }, started: () => void) {
  const [starting, setStarting] = useState(false)
  const [asking, ask] = useState<{ readonly plan: Plan; readonly mode: Mode } | null>(null)
  const begin = async (plan: Plan, mode: Mode) => {
    setStarting(true)
    const answer = await startRun({ ...plan, mode, ...extra })
    setStarting(false)
    if (!answer) return
    if (!answer.ok) return showFailure(answer.error)
    started()
    navigate(['runs', answer.data.runId])
  }
  return { starting, asking, ask, begin }
}

/** Of a run of a workflow. A module that was run on its own is run again where modules are run. */
export function RunSetup({ query }: { query: ReadonlyMap<string, string> }) {
  const again = query.get('again')
  const original = useAnswer('runs.get', { runId: again ?? 'none' })
  const moduleId = original?.ok ? original.data.options?.['moduleId'] : undefined
  useEffect(() => {
    if (again !== undefined && typeof moduleId === 'string')
      navigate(['modules', moduleId, 'execute'], { run: again, step: '1' }, true)
  }, [again, moduleId])
  if (typeof moduleId === 'string') return <Loading />
  return <Setup query={query} original={original} />
}

interface SetupProps {
  readonly query: ReadonlyMap<string, string>
  /** Of the run that is run again; null until it is there. */
  readonly original: Answer<Result<'runs.get'>> | null
}

function Setup({ query, original }: SetupProps) {
  useTitle('Run a workflow')
  const { workflows, data: sets } = useStore(library)
  const again = query.get('again')
  const isAgain = again !== undefined
  const [workflowId, setWorkflowId] = useState(query.get('workflow') ?? (again ? 'again' : ''))
  const data = useSetupData(query)
  const runWith = useRunWith(query, original?.ok ? original.data.options : undefined)
  const { options, effects, chosenSet, set } = runWith
  const [showDiff, setShowDiff] = useState(false)
  const workflow: WorkflowSource | null =
    workflowId === 'again' && again ? { runId: again } : workflowId ? { workflowId } : null
  const nodes = useEffectfulNodes(workflow)
  const { answer: profile } = useLatest('workflows.profile', workflow ? { workflow } : null, 0)
  // Until somebody chooses: the workflow's own, which holds the stand-in results chosen in its editor and recorded answers.
  const mockSets = useStore(mocks, (state) => state.sets)
  const mockSet = chosenSet === undefined ? (ownSet(mockSets, workflow)?.id ?? null) : chosenSet
  const undo = () => {
    data.edit(null)
    runWith.draft.settle()
  }
  const { starting, asking, ask, begin } = useStart(
    { edited: data.changed && data.source.kind !== 'paste', ...(again ? { parent: again } : {}) },
    undo
  )
  const waiting = starting || mockSets === null || (data.problem !== null && !data.original.tooLarge)
  const start = async (mode: Mode) => {
    // As the button, the shortcut waits; what is wrong with the data is said beside it.
    if (waiting) return
    const plan = requestOf(workflow, data, options, {
      ...(mockSet ? { mockSet } : {}),
      ...(Object.keys(effects).length > 0 ? { effects } : {})
    })
    if ('code' in plan) return showFailure(plan)
    if (goesLive(effects)) ask({ plan, mode })
    else await begin(plan, mode)
  }
  useEffect(() =>
    addCommands([{ id: 'setup.run', title: 'Run', group: 'Run', keys: 'mod+enter', run: () => void start('run') }])
  )
  if (!workflows || !sets) return <Loading />
  const usual = usualProfile(profile)
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
        <EditMarks
          data={data.changed}
          options={runWith.draft.changed}
          showDiff={showDiff}
          onDiff={setShowDiff}
          undo={undo}
        />
        <StartButtons live={goesLive(effects)} waiting={waiting} start={(mode) => void start(mode)} />
      </div>
      <div className="setup grow">
        <aside aria-label="What to run">
          <div className="section">
            <WorkflowRow value={workflowId} workflows={workflows} again={isAgain} onChange={setWorkflowId} />
            <DataRow data={data} sets={sets} again={isAgain} />
          </div>
          <RunAs options={options} usual={usual} onChange={(options) => set({ options })} />
          <PolicyFields value={effects} onChange={(effects) => set({ effects })} nodes={nodes} again={isAgain} />
          <MockFields
            workflowId={workflow && 'workflowId' in workflow ? workflow.workflowId : null}
            value={mockSet}
            onChange={(chosenSet) => set({ chosenSet })}
            nodes={nodes}
          />
          <WorldNeeds workflow={workflow} data={data.saved} />
          <OptionFields value={options} onChange={(options) => set({ options })} />
        </aside>
        <DataPane data={data} showDiff={showDiff} />
      </div>
      {asking && (
        <GoLiveDialog
          plan={() => client.call('run.plan', asking.plan)}
          onClose={() => ask(null)}
          onConfirm={(confirm) => {
            ask(null)
            const { plan, mode } = asking
            void begin({ ...plan, options: { ...plan.options, effects: { ...effects, confirm } } }, mode)
          }}
        />
      )}
    </div>
  )
}

/** What holds without a choice, and why. */
function usualProfile(answer: Answer<Result<'workflows.profile'>> | null): string {
  if (!answer?.ok) return 'That of the workflow or the workspace'
  const { profile, how } = answer.data
  return `${profile} (${how === 'workspace' ? 'workspace' : `${how} for this workflow`})`
}

interface StartButtonsProps {
  readonly live: boolean
  readonly waiting: boolean
  readonly start: (mode: Mode) => void
}

function StartButtons({ live, waiting, start }: StartButtonsProps) {
  const writable = useStore(app, (state) => state.workspace?.writable ?? true)
  return (
    <>
      <button className="btn" disabled={waiting} onClick={() => start('paused')} title="Pauses before the first node">
        <Icon name="forward-step" /> Step
      </button>
      <button
        className="btn primary"
        disabled={waiting || !writable}
        onClick={() => start('run')}
        title="Run (Ctrl+Enter)"
      >
        <Icon name="play" /> {live ? 'Run live…' : 'Run'}
      </button>
    </>
  )
}
