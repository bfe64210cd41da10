import type { Json } from '../../../contract/json.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { ShortChanges } from '../../step/changes-tab.tsx'
import { showValue } from '../../step/node-params.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { StepWorldChanges } from '../../step/world-diff.tsx'

const branchWords = {
  output_1: 'true (output 1)',
  output_2: 'false (output 2)',
  none: 'none: its branches run as background jobs'
} as const

/** Why the branch was taken: in words, with the values that decided it. */
function Why({ detail, step }: { detail: RunDetail; step: RunStep }) {
  const answer = useAnswer('run.why', { runId: detail.summary.id, step: step.step })
  if (!answer?.ok || !answer.data) return null
  const { text, facts } = answer.data
  return (
    <div className="section">
      <h2>Why</h2>
      <div className="why">
        <p>
          <Sentence text={text} />
        </p>
        {facts.length > 0 && (
          <dl className="props" style={{ marginTop: 6 }}>
            {facts.map(({ name, value }) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd className="mono">{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </div>
  )
}

export function SummaryTab({
  detail,
  step,
  show
}: {
  detail: RunDetail
  step: RunStep
  workflow: Json
  show: (tab: string, path: ValuePath) => void
}) {
  const errors = typeof step.errors === 'object' && step.errors !== null ? Object.values(step.errors) : []
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Summary">
      {(step.message ?? errors.length > 0) && (
        <div className="section">
          <h2>{step.success ? 'Reported errors' : 'Failed'}</h2>
          <div className="why" style={{ borderLeftColor: 'var(--blocked)' }}>
            {step.message && <p>{step.message}</p>}
            {errors.map((text, i) => (
              <p key={i}>{showValue(text)}</p>
            ))}
          </div>
        </div>
      )}
      {(step.answerErrors?.length ?? 0) > 0 && (
        <div className="section">
          <h2>Errors inside answers</h2>
          <div className="why" style={{ borderLeftColor: 'var(--failure)' }}>
            {step.answerErrors?.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </div>
        </div>
      )}
      {step.moduleType === 'logic' && step.branch && (
        <div className="section">
          <h2>Branch taken</h2>
          {branchWords[step.branch]} {step.derived.includes('branch') && <span className="tag derived">derived</span>}
        </div>
      )}
      {/* What MISP gave as the reason stands above. */}
      {(step.success || step.moduleType === 'logic' || errors.length === 0) && <Why detail={detail} step={step} />}
      <ShortChanges detail={detail} step={step} show={show} />
      {step.worldChanges > 0 && <StepWorldChanges runId={detail.summary.id} step={step.step} />}
      {step.notes.length > 0 && (
        <div className="section">
          <h2>Notes</h2>
          {step.notes.map((note, i) => (
            <p key={i}>{note.text}</p>
          ))}
        </div>
      )}
      <div className="section">
        <dl className="props">
          <dt>Module</dt>
          <dd className="mono">
            {step.moduleId} ({step.moduleType})
          </dd>
          <dt>Node</dt>
          <dd className="mono">{step.nodeId}</dd>
          {step.path.length > 0 && (
            <>
              <dt>Path</dt>
              <dd className="mono">
                {step.path.length >= 16 && '… → '}
                {step.path.map((edge) => edge.split(':')[0]).join(' → ')} → {step.nodeId}
              </dd>
            </>
          )}
          {step.job && (
            <>
              <dt>Job</dt>
              <dd>{step.job}</dd>
            </>
          )}
          {step.derived.length > 0 && (
            <>
              <dt>Derived</dt>
              <dd>{step.derived.join(', ')}</dd>
            </>
          )}
        </dl>
      </div>
    </div>
  )
}
