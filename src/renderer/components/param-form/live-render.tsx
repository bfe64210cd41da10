import { useState } from 'react'
import { useStore } from 'zustand'
import type { DataSource, Result } from '../../../contract/operations.ts'
import type { Answer } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { mispSettings } from '../../stores/misp-settings.ts'
import { textDiff } from './text-diff.ts'

interface Asked {
  readonly key: string
  readonly answer: Answer<Result<'template.renderLive'>> | null
}

/** Renders the template at the misp-modules service that is set, when the button is pressed, and compares. */
export function LiveRender({ template, data, text }: { template: string; data: DataSource; text: string }) {
  const serviceSet = useStore(mispSettings, (state) => state.serviceSet)
  const [asked, setAsked] = useState<Asked | null>(null)
  if (!serviceSet) return null
  const key = JSON.stringify([template, data])
  const render = async () => {
    setAsked({ key, answer: null })
    const answer = await client.call('template.renderLive', { template, data })
    // A later question has its own answer.
    setAsked((now) => (now?.key === key ? { key, answer } : now))
  }
  // What was answered to an older text says nothing about this one.
  const shown = asked?.key === key ? asked : null
  return (
    <div className="live-render">
      <button
        type="button"
        className="btn quiet"
        disabled={shown !== null && shown.answer === null}
        title="Sends the template and the data to the configured misp-modules service"
        onClick={() => void render()}
      >
        {shown !== null && shown.answer === null ? 'Asking misp-modules…' : 'Render with misp-modules'}
      </button>
      <div role="status" aria-label="Rendered by misp-modules">
        {shown?.answer && <Compared answer={shown.answer} own={text} />}
      </div>
    </div>
  )
}

function Compared({ answer, own }: { answer: Answer<Result<'template.renderLive'>>; own: string }) {
  if (!answer.ok) return <p className="preview-note muted">No request sent: {answer.error.message}</p>
  if ('error' in answer.data) return <p className="preview-note muted">{answer.data.error}</p>
  const { same, text, characters } = answer.data
  if (same) {
    return (
      <p className="preview-note">misp-modules renders the same text{characters === 0 ? ': the empty text' : ''}.</p>
    )
  }
  const diff = textDiff(own, text)
  if (!diff)
    return (
      <p className="preview-note">
        misp-modules renders a different text; the difference is after the part shown here.
      </p>
    )
  return (
    <>
      <p className="preview-note">misp-modules renders a different text from line {diff.line}:</p>
      <pre tabIndex={0} aria-label="Differences">
        {diff.own.map((line, i) => (
          <del key={`own ${i}`}>- {line}</del>
        ))}
        {diff.other.map((line, i) => (
          <ins key={`other ${i}`}>+ {line}</ins>
        ))}
      </pre>
      {diff.more > 0 && <p className="preview-note muted">{diff.more} more lines differ.</p>}
      <p className="preview-note muted">“-” is rendered by Retrace, “+” by misp-modules.</p>
    </>
  )
}
