import { useVirtualizer } from '@tanstack/react-virtual'
import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import type { RunDetail } from '../../../contract/run-views.ts'
import { formatMs } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { lanesOf, skippedOf } from '../../components/workflow-graph/graph-marks.ts'
import { addCommands } from '../../stores/commands.ts'
import { SizeProfile } from './size-profile.tsx'
import { focusInspector } from './selection.ts'
import { timeScale } from './time-scale.ts'
import type { TimeScale } from './time-scale.ts'
import { shareOfRows } from '../../components/panes.tsx'
import { SkippedRow, StepRow, TriggerRow } from './timeline-rows.tsx'
import { useWatchColumns } from './watch-columns.tsx'
import { useWatchDialog, WatchDialog } from './watch-dialog.tsx'

const rowHeight = 24
const followMs = 240

interface TimelineProps {
  readonly detail: RunDetail
  readonly step: number
  readonly onStep: (step: number) => void
  /** The node without a step that is looked at. */
  readonly node?: number | null
  readonly onNode: (nodeId: number) => void
}

/** Keeps the row of the step in sight. */
function useFollow(
  virtual: Virtualizer<HTMLDivElement, Element>,
  scroll: RefObject<HTMLDivElement | null>,
  step: number,
  /** Pixels above the rows that stay in sight. */
  head: number
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
    else if (top + head + rowHeight > from + height) scroll.current.scrollTop = top + head + rowHeight - height
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
  readonly runId: string
  readonly last: number
  /** How many branches run beside the first. */
  readonly lanes: number
  readonly folds: TimeScale['folds']
}

function LaneHead({ runId, step, last, lanes, folds, onStep }: LaneHeadProps) {
  const [playing, setPlaying] = usePlaying(step, last, onStep)
  const [watching, setWatching] = useWatchDialog()
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
      <button className="btn quiet" onClick={() => setWatching(true)} title="Hash paths as columns (W)">
        <Icon name="eye" /> Watch…
      </button>
      {watching && <WatchDialog runId={runId} step={step} onClose={() => setWatching(false)} />}
    </div>
  )
}

/** Percent of the height that its rows fill. */
export const timelineShare = ({ steps, unreached }: RunDetail): number =>
  shareOfRows(steps.length + 1 + skippedOf(unreached).length, rowHeight)

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
  const rows = virtual.getVirtualItems()
  const runId = detail.summary.id
  const watch = useWatchColumns({ runId, steps: steps.length, from: rows[0]?.index ?? 0, to: rows.at(-1)?.index ?? 0 })
  useFollow(virtual, scroll, step, watch.headHeight)
  // Who opened the run by keyboard goes on in its steps.
  useEffect(() => {
    if (!document.activeElement?.closest('.view, [role="dialog"]')) scroll.current?.focus({ preventScroll: true })
  }, [])
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
      <LaneHead runId={runId} step={step} last={steps.length} lanes={lanes.size} folds={scale.folds} onStep={onStep} />
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
        {watch.head}
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative', ...watch.listStyle }}>
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
                style={{ transform: `translateY(${start}px)`, ...(left ? {} : watch.rowStyle) }}
                onClick={() => (left ? onNode(left.nodeId) : onStep(index))}
              >
                {left ? (
                  <SkippedRow {...left} />
                ) : item ? (
                  <StepRow
                    step={item}
                    scale={scale}
                    lane={item.job === null ? 0 : (lanes.get(item.job) ?? 0)}
                    cells={watch.cellsOf(index)}
                  />
                ) : (
                  <TriggerRow detail={detail} cells={watch.cellsOf(0)} />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}
