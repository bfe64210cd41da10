import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { isModuleRun, runTitle } from '../../../contract/run-views.ts'
import type { RunDetail, RunStep, RunSummary } from '../../../contract/run-views.ts'
import { tellingStep } from '../../../engine/replay/telling-step.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { Panes } from '../../components/panes.tsx'
import { drawingOf, marksOf, skippedOf } from '../../components/workflow-graph/graph-model.ts'
import type { GraphNode } from '../../components/workflow-graph/graph-model.ts'
import { toast } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { loadRun, openRun, openRuns } from '../../stores/run.ts'
import type { OpenRun } from '../../stores/run.ts'
import { againAsItWas, againToday } from '../../stores/run-again.ts'
import { showAccepted, verifyRun } from '../../stores/verify.ts'
import { searchRuns } from '../../stores/run-search.ts'
import { chooseOther } from '../../stores/other-run.ts'
import { navigate } from '../../stores/router.ts'
import { Inspector } from './inspector.tsx'
import { goToNode } from './jump.ts'
import { breakpoints, toggleBreakpoint, useStanding } from './paused.tsx'
import { RunHeader } from './run-header.tsx'
import { focusInspector, goToStep, stepOfNode } from './selection.ts'
import { Timeline, timelineShare } from './timeline.tsx'
import { VerifyPanel } from './verify-panel.tsx'
import { Unreached } from './unreached.tsx'
import { useSettled } from '../../hooks/use-settled.ts'
import { WorkflowGraph } from '../../components/workflow-graph/workflow-graph.tsx'
import { useShownProfile } from '../../hooks/use-shown-profile.ts'
import { useTitle } from '../../hooks/use-title.ts'
import '../../step/step.css'
import './run.css'

/** One of Retrace's own that can be run again. */
const isOver = ({ origin, state }: RunSummary): boolean =>
  origin === 'local' && state !== 'running' && state !== 'paused'

function useRunCommands(runId: string, detail: RunDetail, current: { readonly current: number }): void {
  useEffect(() => {
    const go = (to: number) => goToStep(runId, Math.max(0, Math.min(detail.steps.length, to)))
    const failed = () =>
      detail.steps.find((one) => one.step > current.current && one.moduleType !== 'logic' && !one.success)
    return addCommands([
      { id: 'run.next', title: 'Next step', group: 'Run', keys: 'j', run: () => go(current.current + 1) },
      { id: 'run.previous', title: 'Previous step', group: 'Run', keys: 'k', run: () => go(current.current - 1) },
      { id: 'run.first', title: 'Trigger (start of the run)', group: 'Run', keys: '0', run: () => go(0) },
      {
        id: 'run.telling',
        title: 'Deciding step',
        group: 'Run',
        keys: 'e',
        run: () => go(failed()?.step ?? tellingStep(detail))
      },
      {
        id: 'run.again',
        title: 'Run again…',
        group: 'Run',
        keys: 'r',
        run: () => navigate(['workflows', 'run'], { again: runId })
      },
      {
        id: 'run.asItWas',
        title: 'Run again as it was',
        group: 'Run',
        keys: 'a',
        when: () => isOver(detail.summary),
        run: () => void againAsItWas(runId)
      },
      {
        id: 'run.verify',
        title: 'Verify: does an offline run do what MISP did?',
        group: 'Run',
        keys: 'v',
        when: () => detail.summary.origin === 'captured',
        run: () => void verifyRun(runId)
      },
      { id: 'run.accepted', title: 'Accepted differences…', group: 'Run', run: showAccepted },
      {
        id: 'run.today',
        title: 'Run again with today’s world',
        group: 'Run',
        keys: 't',
        when: () => isOver(detail.summary),
        run: () => void againToday(runId)
      },
      {
        id: 'run.effects',
        title: 'Effects of the run',
        group: 'Run',
        keys: 'f',
        run: () => navigate(['runs', runId, 'effects'])
      },
      {
        id: 'run.alone',
        title: 'Run this module…',
        group: 'Run',
        keys: 'x',
        run: () =>
          navigate(['modules', detail.steps[current.current - 1]?.moduleId ?? '', 'execute'], {
            run: runId,
            step: String(current.current)
          }),
        when: () => current.current > 0
      },
      {
        id: 'run.original',
        title: 'Compare with the original run',
        group: 'Run',
        keys: 'c',
        when: () => detail.summary.parent !== null,
        run: () => navigate(['runs', detail.summary.parent?.runId ?? ''], { with: runId })
      },
      {
        id: 'run.search',
        title: 'Search in this run…',
        group: 'Run',
        keys: 's',
        run: () => searchRuns({ run: runId })
      },
      {
        id: 'run.other',
        title: 'Compare with another run…',
        group: 'Run',
        keys: detail.summary.parent === null ? 'c' : 'm',
        run: () => chooseOther(detail.summary)
      },
      { id: 'run.list', title: 'Back to the list of runs', group: 'Run', keys: 'escape', run: () => navigate(['runs']) }
    ])
  }, [runId, detail, current])
}

/** A link to a step that the run does not have, of an earlier run or mistyped. */
function useMissingStep(detail: RunDetail, wanted: number, shown: number): void {
  const isMissing = detail.summary.state === 'done' && wanted > detail.steps.length
  useEffect(() => {
    if (isMissing) toast(`The run has no step ${wanted}; step ${shown} is shown.`)
  }, [isMissing, wanted])
}

/** Every node of the run can be found by name in the command palette. */
function useNodeCommands(runId: string, detail: RunDetail): void {
  useEffect(() => {
    const seen = new Map<number | null, RunStep>()
    for (const step of detail.steps) if (!seen.has(step.nodeId) && seen.size < 600) seen.set(step.nodeId, step)
    return addCommands(
      [...seen.values()]
        .map((step) => ({
          id: `run.node.${step.nodeId}`,
          title: `Go to node ${step.nodeId}: ${step.name || step.moduleId}`,
          group: 'Nodes',
          words: step.moduleId,
          run: () => goToStep(runId, step.step)
        }))
        .concat(
          skippedOf(detail.unreached)
            .slice(0, 100)
            .map(({ nodeId, name, moduleId }) => ({
              id: `run.node.${nodeId}`,
              title: `Go to node ${nodeId}, which was skipped: ${name}`,
              group: 'Nodes',
              words: moduleId,
              run: () => goToNode(runId, nodeId)
            }))
        )
    )
  }, [runId, detail])
}

interface RunViewProps {
  readonly runId: string
  readonly step: number
  /** A node that was not executed, instead of a step. */
  readonly nodeId: number | null
}

export default function RunView({ runId, step: wanted, nodeId }: RunViewProps) {
  useEffect(() => openRun(runId, wanted), [runId])
  const run = useStore(openRuns, ({ byId }) => byId.get(runId))
  useTitle(run?.detail ? runTitle(run.detail.summary) : null)
  if (run?.detail) return <LoadedRun key={runId} run={run} detail={run.detail} wanted={wanted} nodeId={nodeId} />
  if (run?.failure) return <FailureState failure={run.failure} retry={() => void loadRun(runId)} />
  return <Loading label="Opening run" />
}

interface LoadedRunProps {
  readonly run: OpenRun
  readonly detail: RunDetail
  /** A step of it, or -1 for the one that explains the outcome. */
  readonly wanted: number
  readonly nodeId: number | null
}

function LoadedRun({ run, detail, wanted, nodeId }: LoadedRunProps) {
  const { id: runId } = detail.summary
  useShownProfile(detail.profile)
  const step = wanted >= 0 && wanted <= detail.steps.length ? wanted : tellingStep(detail)
  useMissingStep(detail, wanted, step)
  const current = useRef(step)
  current.current = step
  const settled = useSettled(step)
  useRunCommands(runId, detail, current)
  useNodeCommands(runId, detail)
  const [tab, setTab] = useState('summary')
  const [beside, setBeside] = useState<number | null>(null)
  useEffect(
    () =>
      addCommands([
        {
          id: 'run.beside',
          title: 'Compare this step with others, or stop comparing',
          group: 'Run',
          keys: 'b',
          run: () => setBeside((was) => (was === null ? current.current : null))
        }
      ]),
    []
  )
  const unreached = useUnreached(run, nodeId)
  return (
    <div className="column">
      <RunHeader detail={detail} rebuilt={run.rebuilt} workflow={run.workflow} />
      <VerifyPanel detail={detail} />
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="run"
          direction="row"
          panes={[
            {
              id: 'overview',
              size: 55,
              min: 25,
              content: <Overview run={run} detail={detail} step={step} node={unreached} />
            },
            {
              id: 'inspector',
              size: 45,
              min: 22,
              content:
                unreached !== undefined ? (
                  <Unreached detail={detail} node={unreached} workflow={run.workflow} />
                ) : beside === null ? (
                  <Inspector detail={detail} step={settled} workflow={run.workflow} />
                ) : (
                  <div className="pair">
                    <Inspector detail={detail} step={beside} workflow={run.workflow} tab={tab} onTab={setTab} />
                    <Inspector detail={detail} step={settled} workflow={run.workflow} tab={tab} onTab={setTab} />
                  </div>
                )
            }
          ]}
        />
      </div>
    </div>
  )
}

/** The node of the workflow that is asked for and that no step came to. */
function useUnreached({ workflow, detail }: OpenRun, nodeId: number | null): GraphNode | undefined {
  return useMemo(() => {
    if (nodeId === null || workflow === null || detail?.steps.some((step) => step.nodeId === nodeId)) return undefined
    return drawingOf(workflow).nodes.find((node) => node.nodeId === nodeId && node.moduleType !== 'trigger')
  }, [workflow, detail?.steps, nodeId])
}

interface OverviewProps {
  readonly run: OpenRun
  readonly detail: RunDetail
  readonly step: number
  readonly node: GraphNode | undefined
}

function Overview({ run, detail, step, node }: OverviewProps) {
  const runId = detail.summary.id
  // What happened comes first; the picture of it right after.
  const isDrawn = useDeferredValue(true, false)
  const share = detail.summary.state === 'running' ? 48 : timelineShare(detail)
  return (
    <Panes
      name="run-overview"
      direction="column"
      panes={[
        {
          id: 'graph',
          size: 100 - share,
          min: 15,
          content: isDrawn ? <RunGraph run={run} detail={detail} step={step} node={node} /> : null
        },
        {
          id: 'timeline',
          size: share,
          min: 15,
          content: (
            <Timeline
              detail={detail}
              step={step}
              onStep={(to) => goToStep(runId, to)}
              node={node?.nodeId ?? null}
              onNode={(to) => goToNode(runId, to)}
            />
          )
        }
      ]}
    />
  )
}

function RunGraph({ run, detail, step: wanted, node }: OverviewProps) {
  // Under a slider the timeline comes first.
  const step = useDeferredValue(wanted)
  const [automatic, setAutomatic] = useState(false)
  const paused = detail.summary.state === 'paused'
  const next = useStanding(detail.summary.id, paused, detail.steps.length)
  const stops = useStore(breakpoints, ({ byRun }) => byRun.get(detail.summary.id))
  const drawing = useMemo(
    () => (run.workflow === null ? null : drawingOf(run.workflow, automatic || run.rebuilt)),
    [run.workflow, run.rebuilt, automatic]
  )
  const { steps, unreached } = detail
  const marks = useMemo(() => (drawing ? marksOf(steps, drawing, unreached) : null), [drawing, steps, unreached])
  useEffect(
    () =>
      addCommands([
        {
          id: 'run.layout',
          title: 'Graph: automatic layout, or MISP’s positions',
          group: 'Run',
          keys: 'l',
          run: () => setAutomatic((was) => !was)
        }
      ]),
    []
  )
  const trigger = drawing?.nodes.find((node) => node.moduleType === 'trigger')
  const { id: runId } = detail.summary
  const select = (nodeId: number) => {
    if (nodeId === trigger?.nodeId) return goToStep(runId, 0)
    const to = stepOfNode(detail.steps, nodeId, step)
    if (to !== null) goToStep(runId, to)
    else if (paused) toggleBreakpoint(runId, nodeId)
    else goToNode(runId, nodeId)
  }
  if (!drawing)
    return (
      <EmptyState title="No graph">
        {isModuleRun(detail.summary)
          ? 'This module was run on its own, without a workflow.'
          : 'The workflow of this run is unknown. Its steps are in the timeline.'}
      </EmptyState>
    )
  const current = detail.steps[step - 1]?.nodeId ?? null
  return (
    <section style={{ height: '100%' }} aria-label="Graph">
      <WorkflowGraph
        drawing={drawing}
        marks={marks}
        selected={node ? node.nodeId : step === 0 ? (trigger?.nodeId ?? null) : current}
        onSelect={select}
        onOpen={focusInspector}
        next={next}
        stops={paused ? stops : undefined}
      />
    </section>
  )
}
