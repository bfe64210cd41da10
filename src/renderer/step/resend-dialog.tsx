import { useEffect, useState } from 'react'
import type { Result } from '../../contract/operations.ts'
import { client } from '../client/client.ts'
import { Dialog } from '../components/dialog.tsx'
import { FailureState, Loading } from '../components/empty-state.tsx'
import { Icon } from '../components/icons.tsx'
import type { Failure } from '../../contract/wire.ts'
import { answerBody, answerLabel, answerTone, prettyText } from './effect-text.ts'

/** Asks the host whom it would contact, asks the person, and shows the real answer. */
export function ResendDialog({ runId, index, onClose }: { runId: string; index: number; onClose: () => void }) {
  const [state, setState] = useState<Result<'run.resend'> | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [sending, setSending] = useState(false)
  useEffect(() => {
    void client
      .call('run.resend', { runId, effect: index })
      .then((answer) => (answer.ok ? setState(answer.data) : setFailure(answer.error)))
  }, [])
  const send = async () => {
    if (!state?.token) return
    setSending(true)
    const answer = await client.call('run.resend', { runId, effect: index, confirm: state.token })
    setSending(false)
    if (answer.ok) setState(answer.data)
    else setFailure(answer.error)
  }
  const done = state?.answer ?? null
  return (
    <Dialog
      title={done ? 'Sent' : 'Send it for real?'}
      onClose={onClose}
      footer={
        <>
          <button className="btn" onClick={onClose}>
            {done || failure ? 'Close' : 'Cancel'}
          </button>
          {!done && !failure && (
            <button
              className="btn primary"
              disabled={!state?.token || sending || state.refused !== null}
              onClick={() => void send()}
            >
              <Icon name="paper-plane" /> {sending ? 'Sending…' : 'Send'}
            </button>
          )}
        </>
      }
    >
      {failure ? (
        <FailureState failure={failure} />
      ) : !state ? (
        <Loading label="Finding out what it would contact" />
      ) : done ? (
        <>
          <p>
            <span className={`tag ${answerTone(done)}`}>{answerLabel(done)}</span> from{' '}
            <span className="mono">{state.target}</span>
          </p>
          <pre
            className="mono"
            style={{ maxHeight: 320, overflow: 'auto', whiteSpace: 'pre-wrap' }}
            tabIndex={0}
            aria-label="Answer"
          >
            {prettyText(answerBody(done)).slice(0, 60_000)}
          </pre>
          <p className="muted">The run itself is not changed.</p>
        </>
      ) : (
        <>
          <p>This leaves your machine. It contacts:</p>
          <p className="mono" style={{ padding: '8px 0', overflowWrap: 'anywhere' }}>
            {state.target}
          </p>
          {state.refused === null && (
            <p className="muted">
              No name has been resolved and nothing was contacted so far. The address is checked when you send.
            </p>
          )}
          {state.refused !== null && (
            <div className="banner error" role="alert">
              {state.refused}
            </div>
          )}
        </>
      )}
    </Dialog>
  )
}
