// What an effect sends: the request line, its headers, and the body as its receiver reads it; as it was sent behind a switch.
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import type { RunEffect } from '../../contract/run-views.ts'
import { FailureState, Loading } from '../components/empty-state.tsx'
import { formatBytes } from '../components/format.ts'
import { Icon } from '../components/icons.tsx'
import { useAnswer } from '../hooks/use-answer.ts'
import { copyText } from '../stores/clipboard.ts'
import { decodeEffect, decodeHeader, decodeMail } from './body.ts'
import type { DecodedBody } from './body.ts'
import { prettyText, requestBody, titleOf } from './effect-text.ts'

/** Longer texts are cut until somebody asks for all of it. */
const shownText = 60_000

export function LongText({ text, label }: { text: string; label: string }) {
  const [all, setAll] = useState(false)
  if (text === '')
    return (
      <p className="muted" style={{ padding: '2px 12px 10px', fontSize: 12 }}>
        Empty.
      </p>
    )
  const cut = !all && text.length > shownText
  return (
    <>
      <pre tabIndex={0} aria-label={label}>
        {cut ? text.slice(0, shownText) : text}
      </pre>
      {cut && (
        <button className="btn quiet" style={{ margin: '4px 8px' }} onClick={() => setAll(true)}>
          Show all {formatBytes(text.length)}
        </button>
      )}
    </>
  )
}

export function Part({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="part" role="group" aria-label={title}>
      <div className="part-head">
        <h3 className="grow">{title}</h3>
        {actions}
      </div>
      {children}
    </div>
  )
}

export const CopyButton = ({ text, what }: { text: string; what: string }) => (
  <button
    className="btn quiet icon"
    aria-label={`Copy ${what}`}
    title={`Copy ${what}`}
    onClick={() => copyText(text, what)}
  >
    <Icon name="copy" />
  </button>
)

export function Headers({ headers }: { headers: readonly (readonly [string, string])[] }) {
  if (headers.length === 0) return null
  return (
    <dl className="headers">
      {headers.map(([name, value], i) => (
        <div key={i} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const bodyLabels: Readonly<Record<DecodedBody['kind'], string>> = {
  message: 'Message',
  form: 'Form',
  parts: 'Parts',
  json: 'Body',
  text: 'Body'
}

function Decoded({ decoded, label }: { decoded: DecodedBody; label: string }) {
  const [first, ...rest] = decoded.fields
  if (decoded.kind === 'json' && first) return <LongText text={first.text} label={label} />
  const lead = decoded.kind === 'message' ? first : undefined
  const others = lead ? rest : decoded.fields
  return (
    <div className="decoded" role="group" aria-label={label}>
      {lead && (
        <div className="message">
          <LongText text={lead.text} label="Message" />
        </div>
      )}
      {others.length > 0 && (
        <dl className="body-fields">
          {others.map(({ name, text, note }, i) => (
            <div key={i}>
              <dt>
                {name || (note ? '' : 'text')} {note && <span className="muted">{note}</span>}
              </dt>
              <dd>
                <LongText text={text} label={name || note || 'text'} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

function RawSwitch({ raw, onChange }: { raw: boolean; onChange: (raw: boolean) => void }) {
  return (
    <button
      className="btn quiet"
      aria-pressed={raw}
      title="The body as it is sent, to the byte"
      onClick={() => onChange(!raw)}
    >
      Raw
    </button>
  )
}

interface MailTexts {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly encrypted: string | null
}

/** The mail as its reader would see it. */
function Mail({ runId, index, item }: { runId: string; index: number; item: RunEffect }) {
  const answer = useAnswer('run.mail', { runId, effect: index })
  if (!answer) return <Loading label="Rendering the mail" />
  if (answer.ok) return <MailSheet mail={answer.data} />
  if (item.effect.kind !== 'mail') return <FailureState failure={answer.error} />
  const { to, subject, text } = item.effect
  return <MailSheet mail={{ from: '', to, subject, text, encrypted: null }} />
}

function MailSheet({ mail: { from, to, subject, text, encrypted } }: { mail: MailTexts }) {
  const parts = useMemo(() => decodeMail(text), [text])
  const title = decodeHeader(subject)
  const [raw, setRaw] = useState(false)
  return (
    <article className="mail" aria-label="Mail">
      <header>
        <div className="part-title">
          <h3 className="grow">{(raw ? subject : title) || '(no subject)'}</h3>
          {(parts || title !== subject) && <RawSwitch raw={raw} onChange={setRaw} />}
        </div>
        <dl className="props">
          {from !== '' && (
            <>
              <dt>From</dt>
              <dd>{from}</dd>
            </>
          )}
          <dt>To</dt>
          <dd>{to}</dd>
        </dl>
        {encrypted && (
          <p className="muted" style={{ marginTop: 6 }}>
            MISP encrypts this mail with {encrypted}; this is the text before encryption. Retrace does not encrypt and
            therefore never sends it, not even live.
          </p>
        )}
      </header>
      {parts && !raw ? (
        <Decoded decoded={parts} label="Text of the mail" />
      ) : (
        <LongText text={text} label="Text of the mail" />
      )}
    </article>
  )
}

function RequestLine({ effect }: { effect: RunEffect['effect'] }) {
  switch (effect.kind) {
    case 'http':
      return (
        <>
          <p className="start-line">
            <b>{effect.method.toUpperCase()}</b> {titleOf(effect).slice(effect.method.length + 1)}
          </p>
          <Headers headers={effect.headers} />
          {effect.selfSigned && (
            <p className="muted" style={{ padding: '0 12px 8px' }}>
              Self-signed certificates are accepted.
            </p>
          )}
        </>
      )
    case 'zmq':
      return (
        <p className="start-line">
          topic <b>{effect.topic}</b>
        </p>
      )
    case 'misp-modules':
      return (
        <p className="start-line">
          <b>POST</b> /query <span className="muted">· at most {effect.timeoutSeconds} s</span>
        </p>
      )
    default:
      return null
  }
}

export function Request({ runId, index, item }: { runId: string; index: number; item: RunEffect }) {
  const { effect } = item
  const decoded = useMemo(() => decodeEffect(effect), [effect])
  const [raw, setRaw] = useState(false)
  if (effect.kind === 'mail') return <Mail runId={runId} index={index} item={item} />
  const body = requestBody(effect)
  const shown = decoded && !raw ? decoded : null
  return (
    <>
      <Part title={effect.kind === 'template' ? 'Template' : 'Request'}>
        <RequestLine effect={effect} />
      </Part>
      <Part
        title={shown ? bodyLabels[shown.kind] : 'Body'}
        actions={
          <>
            {decoded && <RawSwitch raw={raw} onChange={setRaw} />}
            <CopyButton text={body} what="the body" />
          </>
        }
      >
        {shown ? (
          <Decoded decoded={shown} label="Request body" />
        ) : (
          <LongText text={effect.kind === 'http' && !raw ? prettyText(body) : body} label="Request body" />
        )}
      </Part>
    </>
  )
}
