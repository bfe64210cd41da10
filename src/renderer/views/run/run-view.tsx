import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { runTitle } from '../../../contract/run-views.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { tellingStep } from '../../../engine/replay/telling-step.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Panes } from '../../components/panes.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import type { GraphNode } from '../../components/workflow-graph/graph-model.ts'
import { toast } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { loadRun, openRun, openRuns } from '../../stores/run.ts'
import type { OpenRun } from '../../stores/run.ts'
import { Inspector } from './inspector.tsx'
import { RunHeader } from './run-header.tsx'
import { VerifyPanel } from './verify-panel.tsx'
import { Unreached } from './unreached.tsx'
import { useSettled } from '../../hooks/use-settled.ts'
import { useShownProfile } from '../../hooks/use-shown-profile.ts'
import { useTitle } from '../../hooks/use-title.ts'
import '../../step/step.css'
import './run.css'
import { useNodeCommands, useRunCommands } from './run-commands.ts'
import { Overview } from './run-overview.tsx'

/** A link to a step that the run does not have, of an earlier run or mistyped. */
function useMissingStep(detail: RunDetail, wanted: number, shown: number): void {
  const isMissing = detail.summary.state === 'done' && wanted > detail.steps.length
  useEffect(() => {
    if (isMissing) toast(`The run has no step ${wanted}; step ${shown} is shown.`)
  }, [isMissing, wanted])
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
