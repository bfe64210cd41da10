import { useState } from 'react'
import type { RunEffect } from '../../contract/run-views.ts'
import { client } from '../client/client.ts'
import { EmptyState } from '../components/empty-state.tsx'
import { formatMs } from '../components/format.ts'
import { Icon } from '../components/icons.tsx'
import { showFailure } from '../stores/app.ts'
import { copyText } from '../stores/clipboard.ts'
import { answerBody, answeredBy, answerWord, hasSecret, kindLabels, prettyText, titleOf } from './effect-text.ts'
import { KeepMockDialog } from './keep-mock.tsx'
import { ResendDialog } from './resend-dialog.tsx'
import { CopyButton, Headers, LongText, Part, Request } from './request-body.tsx'
import './effects.css'

export function ByTag({ item }: { item: Pick<RunEffect, 'by' | 'effect' | 'answer'> }) {
  const { label, tone, text } = answeredBy(item)
  return (
    <span className={`tag ${tone}`} title={text}>
      {label}
    </span>
  )
}

export function AnswerTag({ item }: { item: Pick<RunEffect, 'by' | 'answer'> }) {
  const { label, tone } = answerWord(item)
  return <span className={`tag ${tone}`}>{label}</span>
}

function Answer({ item }: { item: RunEffect }) {
  const { answer } = item
  const body = answerBody(answer)
  return (
    <Part title="Response" actions={body === '' ? undefined : <CopyButton text={body} what="the response" />}>
      <p className="start-line">
        <AnswerTag item={item} />
        {item.takes !== undefined && (
          <span className="muted" title="Counted in the run’s times without waiting">
            {' '}
            after {formatMs(item.takes)}, set by the mock
          </span>
        )}
      </p>
      {'redirects' in answer && answer.redirects && <p className="muted">Redirected: {answer.redirects.join('; ')}</p>}
      {'headers' in answer && answer.headers && <Headers headers={answer.headers} />}
      {'sent' in answer ? null : <LongText text={'text' in answer ? body : prettyText(body)} label="Response body" />}
    </Part>
  )
}

const copyCurl = async (runId: string, effect: number, unmasked: boolean) => {
  const answer = await client.call('run.curl', { runId, effect, unmasked })
  if (!answer.ok) return showFailure(answer.error)
  copyText(answer.data.text, unmasked ? 'as curl, with its secrets' : 'as curl, secrets masked')
}

const reveal = async (runId: string, offset: number, show: (item: RunEffect | null) => void) => {
  const answer = await client.call('run.effects', { runId, offset, limit: 1, unmasked: true })
  if (!answer.ok) return showFailure(answer.error)
  show(answer.data.effects[0] ?? null)
}

/** One effect in full: what was asked, who answered, what. */
export function EffectDetail({
  runId,
  index,
  item: masked,
  flow
}: {
  runId: string
  index: number
  item: RunEffect
  /** Among others in a pane that scrolls by itself. */
  flow?: boolean
}) {
  const [open, setOpen] = useState<RunEffect | null>(null)
  const revealed = open !== null
  const item = open ?? masked
  const [dialog, setDialog] = useState<'resend' | 'mock' | null>(null)
  const { effect } = item
  const by = answeredBy(item)
  return (
    <section className={`effect-detail${flow ? '' : ' column'}`} aria-label={flow ? `Effect ${index + 1}` : 'Effect'}>
      <div className="inspector-head">
        <div className="line">
          <span className="kind-tag">{kindLabels[effect.kind]}</span>
          <h2 className="ellipsis grow" title={titleOf(effect)}>
            {titleOf(effect)}
          </h2>
          <ByTag item={item} />
        </div>
        <p className="muted" style={{ fontSize: 12, margin: '4px 0 6px' }}>
          {by.text}
        </p>
        <div className="chips" role="toolbar" aria-label="Effect">
          {(revealed || hasSecret(masked)) && (
            <button
              className="btn"
              aria-pressed={revealed}
              onClick={() => (revealed ? setOpen(null) : void reveal(runId, index, setOpen))}
            >
              <Icon name={revealed ? 'eye-slash' : 'eye'} /> {revealed ? 'Hide secrets' : 'Show secrets'}
            </button>
          )}
          {(effect.kind === 'http' || effect.kind === 'misp-modules') && (
            <button className="btn" onClick={() => void copyCurl(runId, index, revealed)}>
              <Icon name="copy" /> Copy as curl
            </button>
          )}
          {effect.kind !== 'template' && (
            <button className="btn" onClick={() => setDialog('mock')}>
              <Icon name="thumbtack" /> Save as mock…
            </button>
          )}
          {effect.kind !== 'template' && (
            <button className="btn danger" onClick={() => setDialog('resend')}>
              <Icon name="paper-plane" /> {item.by === 'live' ? 'Send again…' : 'Send for real…'}
            </button>
          )}
        </div>
      </div>
      <div
        {...(flow ? {} : { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Request and response' })}
      >
        <Request runId={runId} index={index} item={item} />
        <Answer item={item} />
      </div>
      {dialog === 'resend' && <ResendDialog runId={runId} index={index} onClose={() => setDialog(null)} />}
      {dialog === 'mock' && <KeepMockDialog runId={runId} indexes={[index]} onClose={() => setDialog(null)} />}
    </section>
  )
}

export function NoEffect() {
  return <EmptyState title="Choose an effect">Its request and response are shown here in full.</EmptyState>
}
