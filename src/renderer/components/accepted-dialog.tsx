// The differences between MISP and Retrace that somebody accepted, with the way to take one back.
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { ListedDifference } from '../../contract/verify.ts'
import type { Answer } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { buildHash } from '../stores/router.ts'
import { acceptedList, takeBack } from '../stores/verify.ts'
import { Dialog } from './dialog.tsx'
import { FailureState, Loading } from './empty-state.tsx'
import { kindLabels } from './verdict.ts'
import './accepted-dialog.css'

const close = (): void => acceptedList.setState({ open: false })

export function AcceptedDialog() {
  const open = useStore(acceptedList, (state) => state.open)
  return open && <Accepted />
}

function Accepted() {
  const [answer, setAnswer] = useState<Answer<readonly ListedDifference[]> | null>(null)
  const load = async () => setAnswer(await client.call('verify.accepted', {}))
  useEffect(() => void load(), [])
  const remove = async (id: string) => {
    await takeBack(id)
    await load()
  }
  return (
    <Dialog title="Accepted differences" onClose={close} wide>
      {answer === null ? (
        <Loading label="Loading" />
      ) : !answer.ok ? (
        <FailureState failure={answer.error} />
      ) : answer.data.length === 0 ? (
        <p className="muted">
          None. Where the offline run differs from what MISP did, Verify (V) shows the difference, and it can be
          accepted there.
        </p>
      ) : (
        <ul className="accepted-list">
          {answer.data.map((one) => (
            <Row key={one.id} one={one} remove={() => void remove(one.id)} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}

function Row({ one, remove }: { one: ListedDifference; remove: () => void }) {
  const { kind, nodeId, path, reason, until, expired, runId, workflowId, of } = one
  const name = of ?? 'gone from the workspace'
  return (
    <li>
      <div className="grow">
        <div>
          {expired && <span className="tag failure">expired</span>} <b>{kindLabels[kind]}</b>
          {nodeId !== null && `, node ${nodeId}`} {path && <code>{path}</code>}
        </div>
        <div>{reason}</div>
        <div className="muted">
          {expired ? 'Was accepted' : 'Accepted'} until {until} for{' '}
          {runId === null ? (
            <>
              every run of <a href={buildHash(['workflows', workflowId ?? ''])}>{name}</a>
            </>
          ) : (
            <>
              the run{' '}
              <a href={buildHash(['runs', runId])} onClick={close}>
                {name}
              </a>
            </>
          )}
        </div>
      </div>
      <button className="btn" onClick={remove}>
        Take back
      </button>
    </li>
  )
}
