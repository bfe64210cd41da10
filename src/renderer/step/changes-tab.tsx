import { useState } from 'react'
import { firstChanges } from '../../contract/run-views.ts'
import type { RunDetail, RunStep } from '../../contract/run-views.ts'
import type { ChangeSentence, ValueChange, ValueChanges, ValuePath, ValueSummary } from '../../contract/values.ts'
import { EmptyState, FailureState, Loading } from '../components/empty-state.tsx'
import { plural } from '../../contract/words.ts'
import { useAnswer } from '../hooks/use-answer.ts'

const signs = { added: '+', removed: '−', changed: '~' } as const

/** One place with its value before and after. */
function ChangeRow({ change, onShow }: { change: ValueChange; onShow?: () => void }) {
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

type Show = (tab: string, path: ValuePath) => void
const showOne = (show: Show, change: ValueChange) => show(change.op === 'removed' ? 'input' : 'output', change.path)

/** A sentence for changes of the same kind; several of them open below it. */
export function ChangeSentenceRow({
  sentence,
  changes,
  show
}: {
  sentence: ChangeSentence
  changes: readonly ValueChange[]
  show?: Show | undefined
}) {
  const [open, setOpen] = useState(false)
  const [first] = sentence.of
  const only = sentence.of.length === 1 && first !== undefined ? changes[first] : undefined
  return (
    <li>
      <div className={`change-row ${sentence.op}`}>
        <span className="op" role="img" aria-label={sentence.op}>
          {signs[sentence.op]}
        </span>
        {only && !show ? (
          <span>{sentence.text}</span>
        ) : (
          <button
            className="where"
            {...(only ? {} : { 'aria-expanded': open })}
            title={only ? 'Show in the data' : open ? 'Hide locations' : 'Show locations'}
            onClick={() => (only && show ? showOne(show, only) : setOpen(!open))}
          >
            {sentence.text} {!only && <span className="muted">{open ? '▾' : '▸'}</span>}
          </button>
        )}
      </div>
      {open && (
        <ul className="change-places">
          {sentence.of.map((at) => {
            const change = changes[at]
            return (
              change && (
                <ChangeRow key={at} change={change} {...(show ? { onShow: () => showOne(show, change) } : {})} />
              )
            )
          })}
        </ul>
      )}
    </li>
  )
}

/** Place by place, as a diff of the JSON. */
export function RawDiff({ changes }: { changes: readonly ValueChange[] }) {
  return (
    <div className="raw-diff" role="table" aria-label="Raw diff">
      {changes.map(({ op, path, before, after }, i) => (
        <div key={i} role="row">
          <div className="path" role="rowheader">
            {path.join('.') || '(whole value)'}
          </div>
          {op !== 'added' && (
            <div className="del" role="cell">
              − {rawText(before)}
            </div>
          )}
          {op !== 'removed' && (
            <div className="add" role="cell">
              + {rawText(after)}
            </div>
          )}
        </div>
      ))}
    </div>
  )
}

const rawText = (value: ValueSummary | null): string =>
  value === null
    ? ''
    : value.type === 'string'
      ? JSON.stringify(value.preview)
      : value.type === 'object' && value.count > 0
        ? `{ ${value.preview} }`
        : value.type === 'array' && value.count > 0
          ? `[ ${value.preview} ]`
          : value.preview

/** Changes in words, with the raw diff behind them. */
export function ChangeList({ answer, show }: { answer: ValueChanges; show?: Show }) {
  const { changes, words, total } = answer
  const [raw, setRaw] = useState(false)
  return (
    <div className="column">
      <div className="toolbar" style={{ gap: 8 }}>
        <span className="muted grow">
          {answer.isCut && 'more than '}
          {plural(total, 'change')}
          {changes.length < total ? `, the first ${changes.length} shown` : ''}
        </span>
        <button className="btn" aria-pressed={raw} onClick={() => setRaw(!raw)}>
          Raw diff
        </button>
      </div>
      {raw ? (
        <div className="scroll grow" tabIndex={0} aria-label="Raw diff">
          <RawDiff changes={changes} />
        </div>
      ) : (
        <ul className="scroll grow plain-list" aria-label="Changes" tabIndex={0}>
          {words.map((sentence, i) => (
            <ChangeSentenceRow key={i} sentence={sentence} changes={changes} show={show} />
          ))}
        </ul>
      )}
    </div>
  )
}

/** What the node changed in the roaming data; attributes, objects and tags are aligned by what they are. */
export function ChangesTab({ detail, step, show }: { detail: RunDetail; step: RunStep; show: Show }) {
  const answer = useAnswer('run.changes', { runId: detail.summary.id, step: step.step, limit: 500 })
  if (!answer) return <Loading label="Comparing" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  if (answer.data.total === 0) {
    return (
      <EmptyState title="No changes">
        This node did not change the roaming data.
        {step.worldChanges > 0 &&
          ' It changed MISP’s database: see Effects. The roaming data shows this only after reload-full-event.'}
      </EmptyState>
    )
  }
  return <ChangeList answer={answer.data} show={show} />
}

/** The first sentences, for the summary. */
export function ShortChanges({ detail, step, show }: { detail: RunDetail; step: RunStep; show: Show }) {
  const answer = useAnswer('run.changes', { runId: detail.summary.id, step: step.step, limit: firstChanges })
  if (!answer?.ok || answer.data.total === 0) return null
  const { changes, words, total } = answer.data
  return (
    <div className="section" style={{ padding: '10px 0' }}>
      <h2 style={{ padding: '0 12px' }}>Changes</h2>
      <ul className="plain-list">
        {words.slice(0, 6).map((sentence, i) => (
          <ChangeSentenceRow key={i} sentence={sentence} changes={changes} show={show} />
        ))}
      </ul>
      {(words.length > 6 || changes.length < total) && (
        <button className="btn quiet" style={{ margin: '6px 12px 0' }} onClick={() => show('changes', [])}>
          {answer.data.isCut ? 'More than' : 'All'} {plural(total, 'change')}
        </button>
      )}
    </div>
  )
}
