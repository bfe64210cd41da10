// A run beside its inspector: its graph, and its steps below.
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { isModuleRun } from '../../../contract/run-views.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Panes } from '../../components/panes.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { marksOf } from '../../components/workflow-graph/graph-marks.ts'
import type { GraphNode } from '../../components/workflow-graph/graph-model.ts'
import { addCommands } from '../../stores/commands.ts'
import type { OpenRun } from '../../stores/run.ts'
import { goToNode } from './jump.ts'
import { breakpoints, toggleBreakpoint, useStanding } from './paused.tsx'
import { focusInspector, goToStep, stepOfNode } from './selection.ts'
import { Timeline, timelineShare } from './timeline.tsx'
import { WorkflowGraph } from '../../components/workflow-graph/workflow-graph.tsx'

interface OverviewProps {
  readonly run: OpenRun
  readonly detail: RunDetail
  readonly step: number
  readonly node: GraphNode | undefined
}

export function Overview({ run, detail, step, node }: OverviewProps) {
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
