import { useMemo } from 'react'
import type { RowDiff, RunWorldChange, WorldDiff } from '../../contract/effects.ts'
import { firstWorldChanges } from '../../contract/run-views.ts'
import type { RunDetail } from '../../contract/run-views.ts'
import { EmptyState, FailureState, Loading } from '../components/empty-state.tsx'
import { formatCount, plural } from '../../contract/words.ts'
import { Panes } from '../components/panes.tsx'
import { buildHash } from '../stores/router.ts'
import { changeInWords, showCell, tableWord } from './effect-text.ts'
import { useAnswer } from '../hooks/use-answer.ts'

const signs = { added: '+', removed: '−', changed: '~' } as const

const useWorldChanges = (runId: string) => useAnswer('run.worldChanges', { runId, offset: 0, limit: firstWorldChanges })

const opOf = ({ before, after }: RowDiff): 'added' | 'removed' | 'changed' =>
  before === null ? 'added' : after === null ? 'removed' : 'changed'

function RowCells({ row }: { row: RowDiff }) {
  const names = [...new Set([...Object.keys(row.before ?? {}), ...Object.keys(row.after ?? {})])]
  const value = (side: RowDiff['before'], name: string) =>
    side && Object.hasOwn(side, name) ? showCell(side[name]) : null
  return (
    <table className="world-diff">
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const before = value(row.before, name)
          const after = value(row.after, name)
          const same = before === after
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={same || before === null ? '' : 'was'}>{before ?? ''}</td>
              <td className={same || after === null ? '' : 'is'}>{after ?? ''}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const rowLabel = (row: RowDiff, table: string): string =>
  row.label === '' || row.label.startsWith('#') ? `${tableWord(table)} ${row.id ?? ''}` : row.label

/** Rows that only hold ids are called after what the ids stand for. */
function labelsOf(diff: WorldDiff): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  for (const { change, names } of diff.changes) {
    const id = change.op === 'changed' ? change.id : String(change.row['id'])
    const name = names?.['tag_id'] ?? names?.['attribute_id'] ?? names?.['event_id']
    if (name) labels.set(`${change.table} ${id}`, name)
  }
  return labels
}

function Tables({ diff }: { diff: WorldDiff }) {
  const labels = useMemo(() => labelsOf(diff), [diff])
  return (
    <section className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Tables before and after">
      {diff.tables.map(({ table, rows, total }) => (
        <div key={table}>
          <div className="section" style={{ padding: '6px 12px', background: 'var(--bg-pane)' }}>
            <h2 style={{ margin: 0 }}>
              {table}{' '}
              <span className="muted">
                · {plural(total, 'row')}
                {total > rows.length && `, the first ${formatCount(rows.length)} are shown`}
              </span>
            </h2>
          </div>
          {rows.map((row, i) => (
            <details key={i} className="row-diff" open={rows.length <= 3}>
              <summary>
                <span className={`op-sign ${opOf(row)}`} aria-label={opOf(row)}>
                  {signs[opOf(row)]}
                </span>
                <span className="ellipsis grow">{labels.get(`${table} ${row.id}`) ?? rowLabel(row, table)}</span>
                {row.id !== null && <span className="mono muted">{row.id}</span>}
              </summary>
              <RowCells row={row} />
            </details>
          ))}
        </div>
      ))}
    </section>
  )
}

function ChangeSentence({ entry }: { entry: RunWorldChange }) {
  const { op } = entry.change
  return (
    <>
      <span className={`op-sign ${op}`} aria-label={op}>
        {signs[op]}
      </span>
      <span style={{ overflowWrap: 'anywhere', minWidth: 0 }}>{changeInWords(entry)}</span>
    </>
  )
}

function InOrder({ diff, detail }: { diff: WorldDiff; detail: RunDetail }) {
  const names = useMemo(() => new Map(detail.steps.map((step) => [step.step, step.name || step.moduleId])), [detail])
  return (
    <ol
      className="scroll"
      style={{ margin: 0, padding: 0, listStyle: 'none', height: '100%' }}
      tabIndex={0}
      aria-label="Changes in order"
    >
      {diff.changes.map((entry, i) => (
        <li
          key={i}
          style={{ display: 'flex', gap: 8, padding: '4px 12px', fontSize: 12, borderBottom: '1px solid var(--line)' }}
        >
          <ChangeSentence entry={entry} />
          <span className="grow" />
          {entry.step !== null && (
            <a href={buildHash(['runs', detail.summary.id, 'step', entry.step])} style={{ flex: 'none' }}>
              {names.get(entry.step) ?? 'step'} · {entry.step}
            </a>
          )}
        </li>
      ))}
    </ol>
  )
}

/** What the run changed in MISP's database: in order and in words, and each row before and after. */
export function WorldDiffView({ detail }: { detail: RunDetail }) {
  const answer = useWorldChanges(detail.summary.id)
  if (!answer) return <Loading label="Comparing World before and after" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const diff = answer.data
  if (diff.total === 0)
    return (
      <EmptyState title="No changes in MISP’s database">
        No action of this run changed an event, attribute or tag in it.
      </EmptyState>
    )
  return (
    <div className="column">
      <div className="toolbar">
        <span className="muted">
          {plural(diff.total, 'change')} in {plural(diff.tables.length, 'table')}
          {diff.changes.length < diff.total ? `, the first ${formatCount(diff.changes.length)} shown` : ''}. What
          changed in the roaming data is in the Changes of each step.
        </span>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="world-diff"
          direction="row"
          panes={[
            { id: 'order', size: 50, min: 25, content: <InOrder diff={diff} detail={detail} /> },
            { id: 'tables', size: 50, min: 25, content: <Tables diff={diff} /> }
          ]}
        />
      </div>
    </div>
  )
}

/** The changes of one step in words; nothing where there are none. */
export function StepWorldChanges({ runId, step }: { runId: string; step: number }) {
  const answer = useWorldChanges(runId)
  if (!answer?.ok) return null
  const own = answer.data.changes.filter((entry) => entry.step === step)
  if (own.length === 0) return null
  return (
    <div className="section">
      <h2>Changed in MISP’s database</h2>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }} aria-label="Database changes">
        {own.slice(0, 50).map((entry, i) => (
          <li key={i} style={{ display: 'flex', gap: 8, padding: '2px 0', fontSize: 12 }}>
            <ChangeSentence entry={entry} />
          </li>
        ))}
      </ul>
      {own.length > 50 && <p className="muted">and {own.length - 50} more</p>}
      <a href={buildHash(['runs', runId, 'effects', 'world'])} style={{ fontSize: 12 }}>
        Before and after, per table
      </a>
    </div>
  )
}
