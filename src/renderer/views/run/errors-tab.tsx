import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { showValue } from '../../step/node-params.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

/** What the node reported, and its lines in MISP's execution log: a local run writes them, those of captured runs are imported. */
export function ErrorsTab({ detail, step }: { detail: RunDetail; step: RunStep }) {
  const { id, origin } = detail.summary
  const answer = useAnswer('log.list', { runId: id, step: step.step, search: '', cursor: null, limit: 100 })
  const errors = typeof step.errors === 'object' && step.errors !== null ? Object.entries(step.errors) : []
  const lines = answer?.ok ? answer.data.lines : []
  const answerErrors = step.answerErrors ?? []
  const none = errors.length === 0 && !step.message && step.notes.length === 0 && answerErrors.length === 0
  if (none && !answer) return <Loading label="Loading log" />
  if (none && answer && !answer.ok) return <FailureState failure={answer.error} />
  if (none && lines.length === 0)
    return (
      <EmptyState title="No errors">
        The node reported no errors.{' '}
        {origin === 'captured'
          ? 'Its log lines appear here once MISP’s workflow-execution.log is imported.'
          : 'It logged nothing.'}
      </EmptyState>
    )
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Errors and log">
      {step.message && (
        <div className="section">
          <h2>Message</h2>
          <p className="mono">{step.message}</p>
        </div>
      )}
      {errors.length > 0 && (
        <div className="section">
          <h2>Errors returned by the module</h2>
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {errors.map(([key, text]) => (
              <li key={key} className="mono">
                {showValue(text)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {answerErrors.length > 0 && (
        <div className="section">
          <h2>Errors inside answers</h2>
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {answerErrors.map((text) => (
              <li key={text} className="mono">
                {text}
              </li>
            ))}
          </ul>
        </div>
      )}
      {step.notes.length > 0 && (
        <div className="section">
          <h2>Notes</h2>
          {step.notes.map((note, i) => (
            <p key={i} style={{ whiteSpace: 'pre-wrap', marginBottom: 4 }}>
              {note.text}
            </p>
          ))}
        </div>
      )}
      {lines.length > 0 && (
        <div className="section">
          <h2>Log</h2>
          {lines.map(({ id: line, at, text }) => (
            <p key={line} className="mono" style={{ whiteSpace: 'pre-wrap', marginBottom: 4 }}>
              <span className="muted">{at}</span> {text}
            </p>
          ))}
        </div>
      )}
    </div>
  )
}
