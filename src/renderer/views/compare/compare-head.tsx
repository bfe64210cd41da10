import { memo } from 'react'
import type { SummaryLine } from '../../../contract/comparison.ts'
import { runTitle } from '../../../contract/run-views.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { formatMs, formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { buildHash } from '../../stores/router.ts'
import { goToLine, nextDifference } from './lines.ts'
import type { Lines } from './lines.ts'

/** One of the runs: its letter, how it ended, what it ran and when. */
function RunCard({ letter, detail }: { letter: 'A' | 'B'; detail: RunDetail }) {
  const { summary } = detail
  return (
    <section className={`run-card ${letter.toLowerCase()}`} aria-label={`Run ${letter}`}>
      <span className="letter">{letter}</span>
      <span className={`tag ${outcomeTone(summary)}`}>{outcomeLabel(summary)}</span>
      <a className="ellipsis" href={buildHash(['runs', summary.id])} title={`Open run ${letter}: ${runTitle(summary)}`}>
        {summary.name ?? summary.workflowName ?? 'Unknown workflow'}
      </a>
      <span className="ellipsis muted grow" title={summary.event?.info}>
        {[summary.trigger, summary.event?.info].filter(Boolean).join(' · ')}
      </span>
      <span className="muted nowrap" title={summary.startedAt}>
        {[formatTime(summary.startedAt), formatMs(summary.durationMs), summary.origin].filter(Boolean).join(' · ')}
      </span>
    </section>
  )
}

interface CompareHeadProps {
  readonly lines: Lines
  readonly line: number
  readonly choose: () => void
  readonly swap: () => void
  /** Lines that are the same are hidden. */
  readonly isShort: boolean
  readonly setShort: (on: boolean) => void
}

export const CompareHead = memo(function CompareHead({
  lines,
  line,
  choose,
  swap,
  isShort,
  setShort
}: CompareHeadProps) {
  const { a, b, differing } = lines
  const [idA, idB] = [a.summary.id, b.summary.id]
  const at = differing.indexOf(line)
  const go = (by: 1 | -1) => {
    const next = nextDifference(differing, line, by)
    if (next !== null) goToLine(idA, idB, next)
  }
  return (
    <header className="compare-head">
      <h1 className="sr-only">Two runs compared</h1>
      <div className="compare-runs">
        <RunCard letter="A" detail={a} />
        <RunCard letter="B" detail={b} />
      </div>
      <div className="compare-tools">
        <span className="nowrap" role="status">
          {differing.length === 0
            ? 'No differences'
            : at < 0
              ? `${differing.length} of ${lines.rows.length + 1} lines differ`
              : `Difference ${at + 1} of ${differing.length}`}
        </span>
        <button
          className="btn icon"
          aria-label="Previous difference"
          title="Previous difference ([)"
          disabled={nextDifference(differing, line, -1) === null}
          onClick={() => go(-1)}
        >
          <Icon name="chevron-up" />
        </button>
        <button
          className="btn icon"
          aria-label="Next difference"
          title="Next difference (])"
          disabled={nextDifference(differing, line, 1) === null}
          onClick={() => go(1)}
        >
          <Icon name="chevron-down" />
        </button>
        <button
          className="btn"
          aria-pressed={isShort}
          title="Hide what is the same (H)"
          onClick={() => setShort(!isShort)}
        >
          Only differences
        </button>
        <button className="btn" title="Swap A and B (S)" onClick={swap}>
          Swap
        </button>
        <button className="btn" title="Compare A with another run (C)" onClick={choose}>
          <Icon name="compare" /> Compare with…
        </button>
      </div>
    </header>
  )
})

/** What made the runs differ; each sentence leads to the line that it speaks of. */
export function Summary({ lines }: { lines: Lines }) {
  const { a, b, comparison } = lines
  const lineOf = ({ row, start }: SummaryLine): number | null => (start ? 0 : row === null ? null : row + 1)
  return (
    <section className="compare-summary" aria-label="What differs">
      <ul>
        {comparison.summary.map((said, i) => {
          const line = lineOf(said)
          return (
            <li key={i}>
              {line === null ? (
                <span>
                  <Sentence text={said.text} />
                </span>
              ) : (
                <button onClick={() => goToLine(a.summary.id, b.summary.id, line)} title="Show the step">
                  <Sentence text={said.text} />
                </button>
              )}
            </li>
          )
        })}
      </ul>
      <details>
        <summary>What is not compared</summary>
        {comparison.leftOut.map((text) => (
          <p key={text}>{text}.</p>
        ))}
      </details>
    </section>
  )
}
