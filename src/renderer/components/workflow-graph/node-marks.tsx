// What a run did to a node: its steps, and badges for what it changed and sent.
import type { NodeMarks } from './graph-marks.ts'

const shownSteps = 5

type Compared = NonNullable<NodeMarks['compared']>

/** The states of a comparison, in words and with a sign, so that none is told by its colour alone. */
export const comparedStates: { readonly [S in Compared['is']]: { readonly sign: string; readonly label: string } } = {
  none: { sign: '', label: 'in neither run' },
  same: { sign: '=', label: 'same' },
  different: { sign: '≠', label: 'different' },
  before: { sign: '↳', label: 'input differs' },
  'only a': { sign: 'A', label: 'only in A' },
  'only b': { sign: 'B', label: 'only in B' }
}

const numbers = (steps: readonly number[]): string =>
  `${steps.slice(0, 3).join(', ')}${steps.length > 3 ? ` +${steps.length - 3}` : ''}`

/** How a node came out in two runs, and its steps in each. */
export function ComparedMarks({ compared: { is, a, b } }: { compared: Compared }) {
  if (is === 'none') return null
  const { sign, label } = comparedStates[is]
  return (
    <>
      <div className="steps compared">
        {a.length > 0 && <span className="a">A {numbers(a)}</span>}
        {b.length > 0 && <span className="b">B {numbers(b)}</span>}
      </div>
      <div className="badges">
        <span className={`cmp cmp-${is.replace(' ', '-')}`}>
          <b>{sign}</b> {label}
        </span>
      </div>
    </>
  )
}

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
