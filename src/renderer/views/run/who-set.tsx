import { capturedBlame } from '../../../contract/chain.ts'
import type { BlameEntry } from '../../../contract/chain.ts'
import type { Json } from '../../../contract/json.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { shownAs } from '../../../contract/words.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { Icon } from '../../components/icons.tsx'
import { hashPath } from '../../components/json-tree/tree-model.ts'
import { jumpTo } from './jump.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

interface Asked {
  readonly detail: RunDetail
  readonly step: number
  readonly which: 'input' | 'output'
  readonly path: ValuePath
  readonly close: () => void
}

const shortly = (value: Json): string => shownAs(previewOf(value))

/** What a step did to the value, in words. */
function Change({ entry }: { entry: BlameEntry }) {
  const { op, before, after } = entry
  if (entry.step === 0) return <code>{shortly(after)}</code>
  if (op === 'removed')
    return (
      <>
        removed <code>{shortly(before)}</code>
      </>
    )
  if (op === 'added')
    return (
      <>
        added <code>{shortly(after)}</code>
      </>
    )
  return (
    <>
      changed <code>{shortly(before)}</code> to <code>{shortly(after)}</code>
    </>
  )
}

/** Something came from where nobody can see. */
const isOpen = ({ summary }: RunDetail, entries: readonly BlameEntry[]): boolean =>
  summary.origin === 'captured' && entries.some(({ step, from }) => step > 0 && from === null)

/** The steps that wrote the selected value, newest first, back to what the run started with. */
export function WhoSet({ detail, step, which, path, close }: Asked) {
  const { id: runId } = detail.summary
  const answer = useAnswer('run.blame', { runId, step, which, path: [...path] })
  const go = ({ step: number, nodeId, op, path: place, between }: BlameEntry) =>
    jumpTo(runId, {
      step: number,
      nodeId,
      which: number === 0 ? 'normalized' : (op === 'removed') !== (between !== undefined) ? 'input' : 'output',
      path: place
    })
  const name = (number: number) => {
    const found = detail.steps[number - 1]
    return number === 0 ? 'Input of the run' : `${number}. ${found?.name || found?.moduleId || ''}`
  }
  return (
    <section className="who-set" aria-label="Who set it">
      <header>
        <b>Who set it</b> <span className="mono ellipsis grow">{hashPath(path) ?? ''}</span>
        <button className="btn quiet icon" aria-label="Close" onClick={close}>
          <Icon name="xmark" />
        </button>
      </header>
      {answer && !answer.ok && <p>{answer.error.message}</p>}
      {answer?.ok && answer.data.length === 0 && (
        <p className="muted">No step of this run wrote it, and its input does not have it.</p>
      )}
      {answer?.ok && (
        <ol>
          {answer.data.map((entry, i) => (
            <li key={i}>
              <button className="chain-link" onClick={() => go(entry)}>
                {entry.between ? 'Before ' : ''}
                {name(entry.step)}
              </button>{' '}
              <Change entry={entry} />
              {entry.from !== null && <span className="muted"> from {entry.from}</span>}
            </li>
          ))}
        </ol>
      )}
      {answer?.ok && isOpen(detail, answer.data) && <p className="muted">{capturedBlame}</p>}
    </section>
  )
}
