import { useState } from 'react'
import { client } from '../../client/client.ts'
import { plural } from '../../components/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { navigate } from '../../stores/router.ts'
import { useAnswer } from '../run/use-answer.ts'

/** The four demonstrations of the training material; opening one brings its workflows, data and world into this workspace. */
function DemoList({ onOpened }: { onOpened?: () => void }) {
  const demos = useAnswer('workspace.demos', {})
  const [busy, setBusy] = useState<string | null>(null)
  const open = async (id: string) => {
    setBusy(id)
    const answer = await client.call('workspace.openDemo', { id })
    setBusy(null)
    if (!answer.ok) return showFailure(answer.error)
    const { workflows, data } = answer.data
    onOpened?.()
    toast(`${plural(workflows.length, 'workflow')} and ${plural(data.length, 'event')} are in this workspace`, {
      tone: 'success'
    })
    const first = workflows[0]
    navigate(first && workflows.length === 1 ? ['workflows', first.id] : ['workflows'])
  }
  if (!demos) return <Loading label="Looking for demonstrations" />
  if (!demos.ok) return <FailureState failure={demos.error} />
  return (
    <ul className="demo-list" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {demos.data.map((demo) => (
        <li
          key={demo.id}
          style={{ display: 'flex', gap: 16, padding: '10px 0', borderBottom: '1px solid var(--line)' }}
        >
          <div className="grow">
            <h2>{demo.title}</h2>
            <p className="muted">{demo.description}</p>
            <p className="muted">
              {demo.workflows.length === 1 ? '1 workflow' : `${demo.workflows.length} workflows`} ·{' '}
              {demo.data.length === 1 ? '1 event' : `${demo.data.length} events`}
            </p>
          </div>
          <button
            className="btn"
            aria-label={`Open ${demo.title}`}
            disabled={busy !== null}
            onClick={() => void open(demo.id)}
          >
            Open
          </button>
        </li>
      ))}
      {demos.data.length === 0 && <li className="muted">None are installed here.</li>}
    </ul>
  )
}

export function DemosDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Demonstrations" onClose={onClose}>
      <DemoList onOpened={onClose} />
    </Dialog>
  )
}
