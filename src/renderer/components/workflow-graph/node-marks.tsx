// What a run did to a node: its steps, and badges for what it changed and sent.
import type { NodeMarks } from './graph-model.ts'

const shownSteps = 5

export function StepNumbers({ marks: { steps, lane } }: { marks: NodeMarks }) {
  if (steps.length === 0) return null
  return (
    <div className="steps">
      {steps.slice(0, shownSteps).map((step) => (
        <span key={step} style={lane > 0 ? { background: `var(--lane-${lane % 6})` } : undefined}>
          {step}
        </span>
      ))}
      {steps.length > shownSteps && <span>+{steps.length - shownSteps}</span>}
    </div>
  )
}

export function Badges({ marks }: { marks: NodeMarks }) {
  return (
    <div className="badges">
      {marks.state === 'skipped' && (
        <span className="skp" title={marks.why}>
          skipped
        </span>
      )}
      {marks.changed && (
        <span className="chg" title="The node changed the roaming data">
          changed
        </span>
      )}
      {marks.effects > 0 && (
        <span className="eff" title="Requests, mails, messages">
          {marks.effects} out
        </span>
      )}
      {marks.worldChanges > 0 && (
        <span className="wld" title="Changed MISP’s database">
          {marks.worldChanges} db
        </span>
      )}
      {marks.live && (
        <span className="liv" title="Live: really sent, or attempted">
          live
        </span>
      )}
      {marks.pinned ? (
        <span className="mck" title="Not executed: its pinned output was used">
          pinned
        </span>
      ) : (
        marks.mocked && (
          <span className="mck" title="Its response was mocked or recorded">
            mock
          </span>
        )
      )}
    </div>
  )
}
