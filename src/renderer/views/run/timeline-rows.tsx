// The rows of the timeline: a step, a node that was skipped, the trigger.
import { memo } from 'react'
import type { ReactNode } from 'react'
import { isModuleRun } from '../../../contract/run-views.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { branchLabel, formatMs, formatTime, resultLabels, resultTone } from '../../components/format.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { laneColour } from '../../components/workflow-graph/graph-marks.ts'
import type { skippedOf } from '../../components/workflow-graph/graph-marks.ts'
import { definitionNow, modulesNow } from '../../stores/added-modules.ts'
import { StepTags } from './answered-tags.tsx'
import type { TimeScale } from './time-scale.ts'

const iconOf = (type: string, id: string) => moduleIcon(definitionNow(type, id)?.icon)

function Bar({ step, scale, lane }: { step: RunStep; scale: TimeScale; lane: number }) {
  const from = scale.position(step.at)
  const to = scale.position(step.at + (step.ms ?? 0))
  return (
    <div className="bar-track">
      <div
        className={`bar ${step.derived.includes('duration') ? 'derived' : ''}`}
        style={{ left: `${from * 100}%`, width: `max(3px, ${(to - from) * 100}%)`, background: laneColour(lane) }}
      />
    </div>
  )
}

interface StepRowProps {
  readonly step: RunStep
  readonly scale: TimeScale
  readonly lane: number
  /** What is watched. */
  readonly cells: ReactNode
}

// Memoised: scrolling moves rows, it does not draw them anew.
export const StepRow = memo(function StepRow({ step, scale, lane, cells }: StepRowProps) {
  const branch = branchLabel(step)
  return (
    <>
      <span className="no" style={lane > 0 ? { borderLeftColor: laneColour(lane) } : undefined}>
        {step.step}
      </span>
      <span className="name" role="gridcell">
        <Icon name={iconOf(step.moduleType, step.moduleId)} />
        <span className="ellipsis" title={`${step.name} (${step.moduleId}), node ${step.nodeId ?? '–'}`}>
          {step.name || step.moduleId} <span className="muted">· {step.nodeId}</span>
        </span>
        {branch && (
          <span
            className={`branch ${step.derived.includes('branch') ? 'tag derived' : ''}`}
            title={step.derived.includes('branch') ? 'Derived: MISP does not report the branch' : 'Branch taken'}
          >
            {branch}
          </span>
        )}
        <StepTags step={step} small />
        {step.changed && (
          <span className="tag mock" style={{ height: 15 }} title="Changed the roaming data">
            Δ
          </span>
        )}
      </span>
      <span role="gridcell">
        <span className={`tag ${resultTone(step.result, step.success || step.moduleType === 'logic')}`}>
          {resultLabels[step.result]}
        </span>
      </span>
      {cells}
      <Bar step={step} scale={scale} lane={lane} />
      <span
        className="num muted"
        role="gridcell"
        title={step.derived.includes('duration') ? 'Derived from the posts’ times' : undefined}
      >
        {step.derived.includes('duration') ? '~' : ''}
        {formatMs(step.ms)}
      </span>
    </>
  )
})

/** A node that MISP left out: it has no step. */
export function SkippedRow({ nodeId, moduleId, name, why }: ReturnType<typeof skippedOf>[number]) {
  const type = modulesNow().byId(moduleId)?.module_type ?? 'action'
  return (
    <>
      <span className="no">–</span>
      <span className="name" role="gridcell">
        <Icon name={iconOf(type, moduleId)} />
        <span className="ellipsis" title={`${name} (${moduleId}), node ${nodeId}`}>
          {name} <span className="muted">· {nodeId}</span>
        </span>
      </span>
      <span role="gridcell">
        <span className="tag">skipped</span>
      </span>
      <span className="why-skipped ellipsis" role="gridcell" title={why}>
        {why}
      </span>
    </>
  )
}

export function TriggerRow({ detail, cells }: { detail: RunDetail; cells: ReactNode }) {
  const { trigger, startedAt } = detail.summary
  const isAlone = isModuleRun(detail.summary)
  return (
    <>
      <span className="no">0</span>
      <span className="name" role="gridcell">
        <Icon name={isAlone ? 'play' : iconOf('trigger', trigger)} />
        <span className="ellipsis">{isAlone ? 'Start' : (definitionNow('trigger', trigger)?.name ?? trigger)}</span>
      </span>
      <span role="gridcell">{!isAlone && <span className="tag accent">trigger</span>}</span>
      {cells}
      <span className="bar-track" />
      <span className="num muted" role="gridcell">
        {formatTime(startedAt).slice(-8)}
      </span>
    </>
  )
}
