import { useVirtualizer } from '@tanstack/react-virtual'
import type { Virtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { branchLabel, formatMs, formatTime, resultLabels, resultTone } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { laneColour, lanesOf, skippedOf } from '../../components/workflow-graph/graph-model.ts'
import { addCommands } from '../../stores/commands.ts'
import { StepTags } from './answered-tags.tsx'
import { SizeProfile } from './size-profile.tsx'
import { focusInspector } from './selection.ts'
import { timeScale } from './time-scale.ts'
import type { TimeScale } from './time-scale.ts'
import { modulesNow } from '../../stores/added-modules.ts'

const rowHeight = 24
const followMs = 240
const iconOf = (type: string, id: string) => moduleIcon(modulesNow().find(type, id)?.icon)

interface TimelineProps {
  readonly detail: RunDetail
  readonly step: number
  readonly onStep: (step: number) => void
  /** The node without a step that is looked at. */
  readonly node?: number | null
  readonly onNode: (nodeId: number) => void
}

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

// Memoised: scrolling moves rows, it does not draw them anew.
const StepRow = memo(function StepRow({ step, scale, lane }: { step: RunStep; scale: TimeScale; lane: number }) {
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

/** Keeps the row of the step in sight. */
function useFollow(
  virtual: Virtualizer<HTMLDivElement, Element>,
  scroll: RefObject<HTMLDivElement | null>,
  step: number
): void {
  // Rows have one height: asking the list where a row is would lay the page out in every frame.
  const followedAt = useRef(-Infinity)
  const follow = () => {
    if (!scroll.current) return
    followedAt.current = performance.now()
    const from = virtual.scrollOffset ?? 0
    const height = virtual.scrollRect?.height ?? scroll.current.clientHeight
    const top = step * rowHeight
    if (top < from) scroll.current.scrollTop = top
    else if (top + rowHeight > from + height) scroll.current.scrollTop = top + rowHeight - height
  }
  // Under a slider rows pass faster than anybody reads.
  useEffect(() => {
    const wait = followedAt.current + followMs - performance.now()
    if (wait <= 0) return follow()
    const timer = setTimeout(follow, wait)
    return () => clearTimeout(timer)
  }, [step])
}

/** Goes from step to step while it plays; at the last it stops. */
function usePlaying(step: number, last: number, onStep: (step: number) => void) {
  const [playing, setPlaying] = useState(false)
  useEffect(() => {
    if (!playing) return
    if (step >= last) return setPlaying(false)
    const timer = setTimeout(() => onStep(step + 1), 450)
    return () => clearTimeout(timer)
  }, [playing, step, last])
  useEffect(
    () =>
      addCommands([
        {
          id: 'run.play',
          title: 'Play the run in the graph, or pause',
          group: 'Run',
          keys: ' ',
          run: () => setPlaying((was) => !was)
        }
      ]),
    []
  )
  return [playing, setPlaying] as const
}

interface LaneHeadProps extends Pick<TimelineProps, 'step' | 'onStep'> {
  readonly last: number
  /** How many branches run beside the first. */
  readonly lanes: number
  readonly folds: TimeScale['folds']
}

function LaneHead({ step, last, lanes, folds, onStep }: LaneHeadProps) {
  const [playing, setPlaying] = usePlaying(step, last, onStep)
  return (
    <div className="lane-head">
      <button
        className="btn quiet icon"
        aria-label={playing ? 'Pause' : 'Play'}
        title="Play in the graph (Space)"
        onClick={() => (step >= last ? onStep(0) : undefined, setPlaying(!playing))}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <input
        className="scrubber"
        type="range"
        min={0}
        max={last}
        value={step}
        aria-label="Step"
        onChange={(event) => onStep(Number(event.target.value))}
      />
      <span className="num">
        {step} / {last}
      </span>
      {lanes > 0 && <span>{plural(lanes, 'concurrent branch', 'concurrent branches')}</span>}
      {folds.length > 0 && (
        <span title={folds.map((fold) => `${formatMs(fold.ms)} without a step`).join('\n')}>
          {plural(folds.length, 'gap')} folded
        </span>
      )}
    </div>
  )
}

/** One row a step, lanes for jobs, true time with long gaps folded; plays over the graph. */
export function Timeline({ detail, step, onStep, node = null, onNode }: TimelineProps) {
  const { steps } = detail
  const skipped = useMemo(() => skippedOf(detail.unreached), [detail.unreached])
  const scroll = useRef<HTMLDivElement>(null)
  const scale = useMemo(() => timeScale(steps), [steps])
  const lanes = useMemo(() => lanesOf(steps), [steps])
  const virtual = useVirtualizer({
    count: steps.length + 1 + skipped.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    useFlushSync: false
  })
  useFollow(virtual, scroll, step)
  // Who opened the run by keyboard goes on in its steps.
  useEffect(() => {
    if (!document.activeElement?.closest('.view, [role="dialog"]')) scroll.current?.focus({ preventScroll: true })
  }, [])
  const rows = virtual.getVirtualItems()
  // A row that leaves at one end is used again for the one that comes at the other.
  const slots = useRef(16)
  slots.current = Math.max(slots.current, 8 * Math.ceil(rows.length / 8))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const moves: Record<string, number> = {
      ArrowDown: step + 1,
      ArrowRight: step + 1,
      ArrowUp: step - 1,
      ArrowLeft: step - 1,
      Home: 0,
      End: steps.length,
      PageDown: step + 15,
      PageUp: step - 15
    }
    const to = moves[event.key]
    if (event.key === 'Enter' && event.target === scroll.current) focusInspector()
    else if (to === undefined) return
    event.preventDefault()
    if (to !== undefined) onStep(Math.max(0, Math.min(steps.length, to)))
  }
  return (
    <section className="column" aria-label="Timeline">
      <LaneHead step={step} last={steps.length} lanes={lanes.size} folds={scale.folds} onStep={onStep} />
      <SizeProfile detail={detail} step={step} onStep={onStep} />
      <div
        ref={scroll}
        className="scroll"
        role="grid"
        aria-label="Steps"
        aria-rowcount={steps.length + 1 + skipped.length}
        tabIndex={0}
        onKeyDown={onKeyDown}
        aria-activedescendant={`step-${step}`}
      >
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {rows.map(({ index, start }) => {
            const item = index === 0 ? null : steps[index - 1]
            const left = skipped[index - 1 - steps.length]
            return (
              <div
                key={index % slots.current}
                id={`step-${index}`}
                role="row"
                aria-rowindex={index + 1}
                aria-selected={left ? left.nodeId === node : index === step && node === null}
                className={left ? 'timeline-row skipped' : 'timeline-row'}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => (left ? onNode(left.nodeId) : onStep(index))}
              >
                {left ? (
                  <SkippedRow {...left} />
                ) : item ? (
                  <StepRow step={item} scale={scale} lane={item.job === null ? 0 : (lanes.get(item.job) ?? 0)} />
                ) : (
                  <TriggerRow detail={detail} />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

/** A node that MISP left out: it has no step. */
function SkippedRow({ nodeId, moduleId, name, why }: ReturnType<typeof skippedOf>[number]) {
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

function TriggerRow({ detail }: { detail: RunDetail }) {
  const { trigger, startedAt } = detail.summary
  return (
    <>
      <span className="no">0</span>
      <span className="name" role="gridcell">
        <Icon name={iconOf('trigger', trigger)} />
        <span className="ellipsis">{modulesNow().find('trigger', trigger)?.name ?? trigger}</span>
      </span>
      <span role="gridcell">
        <span className="tag accent">trigger</span>
      </span>
      <span className="bar-track" />
      <span className="num muted" role="gridcell">
        {formatTime(startedAt).slice(-8)}
      </span>
    </>
  )
}
