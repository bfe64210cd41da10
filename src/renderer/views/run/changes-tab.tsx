import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import type { ValueChange, ValuePath } from '../../../contract/values.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { plural } from '../../components/format.ts'
import { useAnswer } from './use-answer.ts'

const signs = { added: '+', removed: '−', changed: '~' } as const

export function ChangeRow({ change, onShow }: { change: ValueChange; onShow?: () => void }) {
  return (
    <li className={`change-row ${change.op}`}>
      <span className="op" aria-label={change.op}>
        {signs[change.op]}
      </span>
      <div style={{ minWidth: 0 }}>
        {onShow ? (
          <button className="where" onClick={onShow} title="Show it in the data">
            {change.label}
          </button>
        ) : (
          change.label
        )}
        <div className="values">
          {change.before && change.op !== 'added' && <span className="before">{change.before.preview}</span>}
          {change.op === 'changed' && <span className="muted"> → </span>}
          {change.after && change.op !== 'removed' && <span className="after">{change.after.preview}</span>}
        </div>
      </div>
    </li>
  )
}

/** What the node changed in the roaming data; attributes, objects and tags are aligned by what they are. */
export function ChangesTab({
  detail,
  step,
  show
}: {
  detail: RunDetail
  step: RunStep
  show: (tab: string, path: ValuePath) => void
}) {
  const answer = useAnswer('run.changes', { runId: detail.summary.id, step: step.step, limit: 500 })
  if (!answer) return <Loading label="Comparing" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const { changes, total } = answer.data
  if (total === 0) {
    return (
      <EmptyState title="No change">
        This node left the roaming data as it was.
        {step.worldChanges > 0 &&
          ' It changed MISP’s database: see Effects. The roaming data shows that only after reload-full-event.'}
      </EmptyState>
    )
  }
  return (
    <div className="column">
      <div className="section muted" style={{ padding: '6px 12px' }}>
        {plural(total, 'change')}
        {changes.length < total ? `, the first ${changes.length} shown` : ''}
      </div>
      <ul className="scroll" style={{ margin: 0, padding: 0, listStyle: 'none' }} aria-label="Changes" tabIndex={0}>
        {changes.map((change, i) => (
          <ChangeRow
            key={i}
            change={change}
            onShow={() => show(change.op === 'removed' ? 'input' : 'output', change.path)}
          />
        ))}
      </ul>
    </div>
  )
}
