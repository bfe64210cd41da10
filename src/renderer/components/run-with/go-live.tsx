import { useEffect, useState } from 'react'
import type { RunPlan } from '../../../contract/effects.ts'
import type { Answer, Failure } from '../../../contract/wire.ts'
import { CheckRow } from '../form-row.tsx'
import { Dialog } from '../dialog.tsx'
import { CancelOr } from '../dialog-buttons.tsx'
import { FailureState, Loading } from '../empty-state.tsx'
import { Icon } from '../icons.tsx'
import { buildHash } from '../../stores/router.ts'

const kinds = { http: 'HTTP', mail: 'Mail', zmq: 'ZMQ', 'misp-modules': 'misp-modules' } as const

function Entries({ plan }: { plan: RunPlan }) {
  if (plan.entries.length === 0 && plan.open.length === 0)
    return <p>The dry run contacted nothing. A live run may still take another path if responses differ.</p>
  return (
    <>
      {plan.entries.length > 0 && (
        <table className="plan">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Target</th>
              <th scope="col">Node</th>
              <th scope="col">Count</th>
            </tr>
          </thead>
          <tbody>
            {plan.entries.map((entry, i) => (
              <tr key={i}>
                <td className="tight">{kinds[entry.kind]}</td>
                <td>
                  <span className="mono">
                    {entry.method === undefined ? '' : `${entry.method} `}
                    {entry.target}
                  </span>
                  {entry.via !== undefined && <span className="muted"> via {entry.via}</span>}
                  {entry.refused && (
                    <div style={{ color: 'var(--blocked)' }}>
                      Will be refused: {entry.refused} <a href={buildHash(['settings', 'live'])}>Live services</a>
                    </div>
                  )}
                </td>
                <td className="tight">
                  {entry.moduleId}{' '}
                  <span className="muted">
                    · {entry.nodeId}
                    {entry.firedWorkflowId === undefined ? '' : ` of workflow ${entry.firedWorkflowId}`}
                  </span>
                </td>
                <td>{entry.count === 0 ? 'not in the dry run' : entry.count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {plan.open.length > 0 && (
        <>
          <h2>Only known at run time</h2>
          <ul style={{ margin: '4px 0 10px', paddingLeft: 18, fontSize: 12 }}>
            {plan.open.map((one) => (
              <li key={one.nodeId}>
                {one.moduleId} · {one.nodeId}: {one.text}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** Asked once a run, or once a module that is executed alone: whom it would contact, and whether it may. */
export function GoLiveDialog({
  what = 'run',
  plan: ask,
  onConfirm,
  onClose
}: {
  what?: 'run' | 'module'
  plan: () => Promise<Answer<RunPlan>>
  onConfirm: (token: string) => void
  onClose: () => void
}) {
  const [plan, setPlan] = useState<RunPlan | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [sure, setSure] = useState(false)
  useEffect(() => {
    void ask().then((answer) => (answer.ok ? setPlan(answer.data) : setFailure(answer.error)))
  }, [])
  // What is refused stands beside its entry.
  const warnings = (plan?.warnings ?? []).filter((text) => !plan?.entries.some((entry) => entry.refused === text))
  return (
    <Dialog
      title="Run live?"
      onClose={onClose}
      footer={
        <CancelOr onCancel={onClose} isOff={!plan || !sure} onDo={() => plan && onConfirm(plan.token)}>
          <Icon name="paper-plane" /> Run live
        </CancelOr>
      }
    >
      {failure ? (
        <FailureState failure={failure} />
      ) : !plan ? (
        <Loading label="Finding out what it would contact" />
      ) : (
        <>
          <p style={{ marginBottom: 8 }}>
            This {what} is live: it leaves your machine. A dry run on the same data shows that it contacts:
          </p>
          <Entries plan={plan} />
          {warnings.length > 0 && (
            <div className="banner warn" role="alert" style={{ marginBottom: 8 }}>
              {warnings.join(' ')}
            </div>
          )}
          <CheckRow
            label="Contact these now. Nothing else is contacted without asking again."
            checked={sure}
            onChange={setSure}
          />
        </>
      )}
    </Dialog>
  )
}
