// What is told above a run: what its outcome meant, what is not there of it, what changed since the run that it repeats.
import { useState } from 'react'
import { againCodes, incompleteCodes } from '../../../contract/run.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { outcomeTone } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'

/** MISP posts no text for its user: what the node said that stopped the run is in its own post. */
function errorsOfStop({ summary, steps }: RunDetail): readonly string[] {
  if (summary.outcome !== 'blocked') return []
  const stopped = steps.findLast(({ moduleType, success }) => moduleType !== 'logic' && !success)
  const errors = typeof stopped?.errors === 'object' && stopped.errors !== null ? Object.values(stopped.errors) : []
  return errors
    .filter((text) => typeof text === 'string')
    .map((text) => `${stopped?.moduleId} (${stopped?.nodeId}): ${text}`)
}

/** What the outcome meant in MISP, in MISP's own text where there is one. */
export function Consequence({ detail }: { detail: RunDetail }) {
  const { summary, consequence, throwable, blockingErrors } = detail
  const tone = outcomeTone(summary)
  // Why nothing was run, or why nobody can tell how it ended, is all that there is to say then.
  const reason = ['not started', 'cannot tell'].includes(summary.outcome ?? '') ? summary.outcomeText : ''
  if (!consequence && !throwable && blockingErrors.length === 0 && reason === '') return null
  const texts = throwable
    ? [`${throwable.class}: ${throwable.message}`]
    : [...(blockingErrors.length > 0 ? blockingErrors : errorsOfStop(detail)), ...(reason === '' ? [] : [reason])]
  return (
    <div className={`consequence ${['blocked', 'aborted', 'failure'].includes(tone) ? tone : 'plain'}`} role="note">
      {consequence && <b>{consequence}</b>}
      {texts.map((text) => (
        <span key={text} className="mono">
          {text}
        </span>
      ))}
      {throwable?.hint && <span>{throwable.hint}</span>}
      {detail.aftermath && (
        <details>
          <summary>What MISP shows</summary>
          {detail.aftermath}
        </details>
      )}
    </div>
  )
}

/** What is not there of the run, and why. */
export function Incomplete({ notes }: Pick<RunDetail, 'notes'>) {
  const texts = notes.flatMap(({ code, text }) => (incompleteCodes.includes(code) ? [text] : []))
  if (texts.length === 0) return null
  return (
    <div className="consequence plain" role="note" aria-label="Not all of the run is here">
      {texts.map((text) => (
        <span key={text}>{text}</span>
      ))}
    </div>
  )
}

/** Of a run that was run again: what is another thing than it was. */
export function SinceThen({ notes }: Pick<RunDetail, 'notes'>) {
  const texts = notes.flatMap(({ code, text }) => (againCodes.includes(code) ? [text] : []))
  const [all, setAll] = useState(false)
  if (texts.length === 0) return null
  return (
    <div className="consequence plain" role="note" aria-label="Changed since the original run">
      <b>Changed since the original run</b>
      {(all ? texts : texts.slice(0, fewTexts)).map((text) => (
        <span key={text}>{text}</span>
      ))}
      {!all && texts.length > fewTexts && (
        <button className="btn quiet" onClick={() => setAll(true)}>
          {plural(texts.length - fewTexts, 'more change')}
        </button>
      )}
    </div>
  )
}

const fewTexts = 3
