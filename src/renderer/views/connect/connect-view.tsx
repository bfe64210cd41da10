import { useState } from 'react'
import type { DragEvent } from 'react'
import { useStore } from 'zustand'
import type { TakeOverSource } from '../../../contract/effects.ts'
import { TextRow } from '../../components/form-row.tsx'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { TakeoverResults } from '../../components/takeover-results.tsx'
import { PlainTable } from '../../components/plain-table.tsx'
import { useLatest } from '../../hooks/use-latest.ts'
import { toast } from '../../stores/app.ts'
import { buildHash } from '../../stores/router.ts'
import { importAnswers, pickAnswers, takeover } from '../../stores/takeover.ts'
import { copyText } from '../../stores/clipboard.ts'
import { FetchForm, kindWord } from './fetch-form.tsx'
import { WorldChoice } from './world-choice.tsx'
import './connect.css'

/** The page is also a place to drop files; the window's own drop target would take them for data sets. */
function DropAnswers({ fresh, taken }: { fresh: boolean; taken: () => void }) {
  const [over, setOver] = useState(false)
  const busy = useStore(takeover, (state) => state.busy !== null)
  const bring = (files: readonly File[]) =>
    void importAnswers(files, fresh).then((count) => {
      if (count > 0) toast(`${plural(count, 'file')} imported`, { tone: 'success' })
      taken()
    })
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setOver(false)
    bring([...event.dataTransfer.files])
  }
  return (
    <div
      className={`drop-here${over ? ' over' : ''}`}
      role="group"
      aria-label="Drop saved responses"
      onDragOver={(event) => {
        event.preventDefault()
        event.stopPropagation()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <p style={{ marginBottom: 8 }}>Drop saved responses here. File types are detected.</p>
      <button className="btn" disabled={busy} onClick={() => pickAnswers(bring)}>
        <Icon name="upload" /> Choose files…
      </button>
    </div>
  )
}

function Sources({ sources }: { sources: readonly TakeOverSource[] }) {
  return (
    <PlainTable label="URLs to save" heads={['What', 'URL to open and save', 'Used for']}>
      {sources.map((source) => (
        <tr key={`${source.kind} ${source.url}`}>
          <td style={{ whiteSpace: 'nowrap' }}>{kindWord(source.kind)}</td>
          <td>
            <span style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
              <code className="mono">{source.url}</code>
              <button
                className="btn quiet icon"
                aria-label={`Copy the URL of ${kindWord(source.kind)}`}
                title="Copy"
                onClick={() => copyText(source.url, 'the URL')}
              >
                <Icon name="copy" />
              </button>
            </span>
          </td>
          <td className="muted">{source.text}</td>
        </tr>
      ))}
    </PlainTable>
  )
}

/** `#/connect`: a form that fetches from MISP, and a place to drop its saved pages, with the URLs to save. */
export default function ConnectView() {
  const [address, setAddress] = useState('')
  const { answer } = useLatest('takeover.sources', { address })
  // A new world is begun once; what is taken over after that belongs to it.
  const [fresh, setFresh] = useState(false)
  const taken = () => setFresh(false)
  return (
    <div className="column">
      <div className="toolbar">
        <h1>Import from MISP</h1>
        <span className="grow" />
        <a className="btn" href={buildHash(['world'])}>
          <Icon name="globe" /> World
        </a>
      </div>
      <div className="scroll connect-page" tabIndex={0} role="region" aria-label="Import from MISP">
        <section className="section" aria-labelledby="connect-address-head">
          <h2 id="connect-address-head">Workflows, events and their context</h2>
          <p className="muted" style={{ fontSize: 12, marginBottom: 8 }}>
            Let Retrace fetch them with an auth key, or save pages in your browser and drop them here. Both ways only
            read from MISP.
          </p>
          <div style={{ maxWidth: 420 }}>
            <TextRow
              mono
              id="connect-address"
              label="Address of your MISP"
              placeholder="https://misp.example.org"
              value={address}
              onChange={(text) => setAddress(text.trim())}
            />
          </div>
          <WorldChoice fresh={fresh} change={setFresh} />
          <TakeoverResults />
        </section>
        <section className="section" aria-labelledby="connect-fetch">
          <h2 id="connect-fetch">Fetch with a key</h2>
          <FetchForm address={address} sources={answer?.ok ? answer.data : []} fresh={fresh} taken={taken} />
        </section>
        <section className="section" aria-labelledby="connect-save">
          <h2 id="connect-save">Or save in the browser and drop here</h2>
          <ol className="steps-list">
            <li>Log in to MISP in your browser.</li>
            <li>Open a URL from the table and save the page (Ctrl+S). Nothing is changed in MISP.</li>
            <li>Drop the files here.</li>
          </ol>
          <DropAnswers fresh={fresh} taken={taken} />
          <h3 id="connect-urls">URLs to save</h3>
          {!answer ? (
            <Loading />
          ) : answer.ok ? (
            <Sources sources={answer.data} />
          ) : (
            <FailureState failure={answer.error} />
          )}
        </section>
      </div>
    </div>
  )
}
