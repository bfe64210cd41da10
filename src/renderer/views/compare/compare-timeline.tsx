import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useMemo, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import type { RunStep } from '../../../contract/run-views.ts'
import { branchLabel, formatMs, resultLabels, resultTone } from '../../components/format.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { shareOfRows } from '../../components/panes.tsx'
import { definitionNow } from '../../stores/added-modules.ts'
import { stateOf, stepsOf } from './lines.ts'
import type { Lines } from './lines.ts'
import { StateTag } from './state-tag.tsx'

const rowHeight = 26

interface CompareTimelineProps {
  readonly lines: Lines
  readonly line: number
  /** Lines that are the same are hidden. */
  readonly isShort: boolean
  readonly onLine: (line: number) => void
  readonly onOpen: () => void
}

/** Percent of the height that its lines fill. */
export const compareShare = ({ rows }: Lines): number => shareOfRows(rows.length + 1, rowHeight)

/** The lines of both runs, aligned; their results and durations side by side. */
export function CompareTimeline({ lines, line, isShort, onLine, onOpen }: CompareTimelineProps) {
  const shown = useMemo(
    () => (isShort ? lines.differing : Array.from({ length: lines.rows.length + 1 }, (_, i) => i)),
    [lines, isShort]
  )
  const longest = useMemo(
    () => [...lines.a.steps, ...lines.b.steps].reduce((most, { ms }) => Math.max(most, ms ?? 0), 0),
    [lines]
  )
  const scroll = useRef<HTMLDivElement>(null)
  const at = shown.indexOf(line)
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    useFlushSync: false
  })
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
  }, [at, virtual])
  useEffect(() => {
    if (!document.activeElement?.closest('.view, [role="dialog"]')) scroll.current?.focus({ preventScroll: true })
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: shown.length - 1,
      PageDown: at + 15,
      PageUp: at - 15
    }
    const to = moves[event.key]
    if (event.key === 'Enter') onOpen()
    else if (to === undefined) return
    event.preventDefault()
    const next = to === undefined ? undefined : shown[Math.max(0, Math.min(shown.length - 1, to))]
    if (next !== undefined) onLine(next)
  }
  return (
    <section className="column" aria-label="Timeline">
      <div className="compare-columns">
        <span>State</span>
        <span className="num">A</span>
        <span className="num">B</span>
        <span>Node</span>
        <span>Result in A</span>
        <span>Result in B</span>
        <span>Duration in A</span>
        <span>Duration in B</span>
      </div>
      <div
        ref={scroll}
        className="scroll"
        role="grid"
        aria-label="Lines"
        aria-rowcount={shown.length}
        tabIndex={0}
        onKeyDown={onKeyDown}
        aria-activedescendant={at >= 0 ? `line-${line}` : undefined}
      >
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const number = shown[index] as number
            return (
              <div
                key={number}
                id={`line-${number}`}
                role="row"
                aria-rowindex={index + 1}
                aria-selected={number === line}
                className={`compare-row ${stateOf(lines, number).replace(' ', '-')}`}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => onLine(number)}
              >
                <LineCells lines={lines} line={number} longest={longest} />
              </div>
            )
          })}
        </div>
        {shown.length === 0 && <p className="muted compare-none">No line differs.</p>}
      </div>
    </section>
  )
}

interface LineCellsProps {
  readonly lines: Lines
  readonly line: number
  readonly longest: number
}

const LineCells = memo(function LineCells({ lines, line, longest }: LineCellsProps) {
  const [a, b] = stepsOf(lines, line)
  const step = a ?? b
  const type = step?.moduleType ?? 'trigger'
  const moduleId = step?.moduleId ?? lines.a.summary.trigger
  const name = step ? step.name || step.moduleId : 'Trigger data'
  const definition = definitionNow(type, moduleId)
  return (
    <>
      <span role="gridcell">
        <StateTag state={stateOf(lines, line)} />
      </span>
      <span role="gridcell" className="num side-a">
        {line === 0 ? '0' : (a?.step ?? '–')}
      </span>
      <span role="gridcell" className="num side-b">
        {line === 0 ? '0' : (b?.step ?? '–')}
      </span>
      <span role="gridcell" className="name">
        <Icon name={moduleIcon(definition?.icon)} />
        <span className="ellipsis" title={step ? `${name} (${moduleId}), node ${step.nodeId ?? '–'}` : name}>
          {name} {step && <span className="muted">· {step.nodeId}</span>}
        </span>
        {step?.job && <span className="tag">job</span>}
      </span>
      <ResultCell step={a} />
      <ResultCell step={b} />
      <DurationCell step={a} longest={longest} side="a" />
      <DurationCell step={b} longest={longest} side="b" />
    </>
  )
})

function ResultCell({ step }: { step: RunStep | undefined }) {
  if (!step) return <span role="gridcell" />
  const branch = branchLabel(step)
  return (
    <span role="gridcell" className="result">
      {branch && step.result === 'success' ? (
        <span className="branch">{branch}</span>
      ) : (
        <span className={`tag ${resultTone(step.result, step.success || step.moduleType === 'logic')}`}>
          {resultLabels[step.result]}
        </span>
      )}
    </span>
  )
}

function DurationCell({ step, longest, side }: { step: RunStep | undefined; longest: number; side: 'a' | 'b' }) {
  if (!step || step.ms === null) return <span role="gridcell" />
  const part = longest > 0 ? step.ms / longest : 0
  return (
    <span
      role="gridcell"
      className="duration"
      title={step.derived.includes('duration') ? 'Derived from the posts’ times' : undefined}
    >
      <span className={`meter ${side}`} style={{ width: `max(2px, ${part * 30}px)` }} />
      <span className="muted">
        {step.derived.includes('duration') ? '~' : ''}
        {formatMs(step.ms)}
      </span>
    </span>
  )
}
