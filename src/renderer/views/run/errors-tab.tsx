import type { RunStep } from '../../../contract/run-views.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { showValue } from './node-params.ts'

export function ErrorsTab({ step }: { step: RunStep }) {
  const errors = typeof step.errors === 'object' && step.errors !== null ? Object.entries(step.errors) : []
  if (errors.length === 0 && !step.message && step.notes.length === 0)
    return <EmptyState title="No errors">The node reported none and logged nothing.</EmptyState>
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
          <h2>Errors that the module returned</h2>
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {errors.map(([key, text]) => (
              <li key={key} className="mono">
                {showValue(text)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {step.notes.length > 0 && (
        <div className="section">
          <h2>Notes and log</h2>
          {step.notes.map((note, i) => (
            <p
              key={i}
              className={note.code === 'log' ? 'mono' : ''}
              style={{ whiteSpace: 'pre-wrap', marginBottom: 4 }}
            >
              {note.text}
            </p>
          ))}
        </div>
      )}
    </div>
  )
}
