import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { RunDetail } from '../../../contract/run-views.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { openRun, openRuns } from '../../stores/run.ts'
import { Inspector } from './inspector.tsx'
import { goToNode } from './jump.ts'
import { RunHeader } from './run-header.tsx'
import { Panes } from '../../components/panes.tsx'
import { tellingStep } from '../../../engine/replay/telling-step.ts'
import { Timeline } from './timeline.tsx'
import '../../step/step.css'
import { runTitle } from '../../components/format.ts'
import { useTitle } from '../../hooks/use-title.ts'
import './run.css'

/** The step of the other run that stands at the same place: same node, same visit; else the same position. */
function counterpart(from: RunDetail, step: number, to: RunDetail): number {
  const item = from.steps[step - 1]
  if (!item) return 0
  const visit = from.steps.filter((one) => one.nodeId === item.nodeId && one.step <= step).length
  return to.steps.filter((one) => one.nodeId === item.nodeId)[visit - 1]?.step ?? Math.min(step, to.steps.length)
}

/** Two runs side by side: selecting a step of one selects the same node in the other. */
export default function CompareView({ left, right }: { left: string; right: string }) {
  useEffect(() => {
    openRun(left)
    openRun(right)
  }, [left, right])
  const runs = useStore(openRuns, ({ byId }) => byId)
  const [a, b] = [runs.get(left), runs.get(right)]
  useTitle(a?.detail && b?.detail ? `${runTitle(a.detail.summary)} compared` : null)
  const [steps, setSteps] = useState<readonly [number, number] | null>(null)
  const [tab, setTab] = useState('summary')
  const failure = a?.failure ?? b?.failure
  if (failure) return <FailureState failure={failure} />
  if (!a?.detail || !b?.detail) return <Loading label="Opening both runs" />
  const details = [a.detail, b.detail] as const
  const start = tellingStep(details[0])
  const [first, second] = steps ?? [start, counterpart(details[0], start, details[1])]
  const side = (detail: RunDetail, step: number, other: RunDetail, isLeft: boolean) => ({
    id: isLeft ? 'left' : 'right',
    size: 50,
    min: 25,
    content: (
      <section className="column" aria-label={isLeft ? 'First run' : 'Second run'}>
        <RunHeader detail={detail} rebuilt={(isLeft ? a : b).rebuilt} workflow={(isLeft ? a : b).workflow} />
        <div className="grow" style={{ minHeight: 0 }}>
          <Panes
            name={`compare-${isLeft ? 'left' : 'right'}`}
            direction="column"
            panes={[
              {
                id: 'steps',
                size: 38,
                content: (
                  <Timeline
                    detail={detail}
                    step={step}
                    onStep={(to) =>
                      setSteps(isLeft ? [to, counterpart(detail, to, other)] : [counterpart(detail, to, other), to])
                    }
                    onNode={(nodeId) => goToNode(detail.summary.id, nodeId)}
                  />
                )
              },
              {
                id: 'values',
                size: 62,
                content: (
                  <Inspector
                    detail={detail}
                    step={step}
                    workflow={(isLeft ? a : b).workflow}
                    tab={tab}
                    onTab={setTab}
                  />
                )
              }
            ]}
          />
        </div>
      </section>
    )
  })
  return (
    <Panes
      name="compare"
      direction="row"
      panes={[side(details[0], first, details[1], true), side(details[1], second, details[0], false)]}
    />
  )
}
