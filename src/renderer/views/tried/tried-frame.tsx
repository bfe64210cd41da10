// What the views have in common that try workflows on data: what is asked, a button, and what came of it. Progress and stop are those of every call
// that takes long (stores/waits.ts).
import { useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Answer } from '../../../contract/wire.ts'
import { EmptyState, FailureState } from '../../components/empty-state.tsx'
import { SelectRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { useTitle } from '../../hooks/use-title.ts'
import { toast } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { buildHash } from '../../stores/router.ts'
import './tried.css'

/** A field says something that cannot be asked. */
export function refused(why: string): null {
  toast(why)
  return null
}

interface TriedFrameProps<T> {
  readonly title: string
  /** Behind the title. */
  readonly about: string
  /** Of what is below the toolbar. */
  readonly label: string
  readonly fields: ReactNode
  readonly button: { readonly icon: 'check' | 'compare'; readonly text: string; readonly isOff: boolean }
  /** Its data has all that is shown: the fields may say something else by then. Null: `refused` said why it was not asked. */
  readonly ask: () => Promise<Answer<T> | null>
  /** Until there is a result. */
  readonly before: { readonly busy: string; readonly idle: string; readonly text: string }
  readonly result: (data: T) => ReactNode
}

export function TriedFrame<T>({ title, about, label, fields, button, ask, before, result }: TriedFrameProps<T>) {
  useTitle(title)
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Answer<T> | null>(null)
  const start = async () => {
    setBusy(true)
    const asked = await ask()
    if (asked !== null) setAnswer(asked)
    setBusy(false)
  }
  const shown = () => {
    if (answer?.ok) return result(answer.data)
    if (answer && !busy) return <FailureState failure={answer.error} />
    return <EmptyState title={busy ? before.busy : before.idle}>{before.text}</EmptyState>
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label={title}>
        <h1>{title}</h1>
        <span className="muted ellipsis">{about}</span>
      </div>
      <div className="scroll tried" tabIndex={0} aria-label={label}>
        <form
          className="tried-form"
          onSubmit={(event) => {
            event.preventDefault()
            void start()
          }}
        >
          {fields}
          <button className="btn primary" disabled={busy || button.isOff}>
            {busy ? <span className="spinner" style={{ width: 11, height: 11 }} /> : <Icon name={button.icon} />}{' '}
            {button.text}
          </button>
        </form>
        {shown()}
      </div>
    </div>
  )
}

interface WorkflowSelectProps {
  readonly id: string
  readonly value: string
  readonly onChange: (workflowId: string) => void
  /** What no workflow means. */
  readonly none: string
}

export function WorkflowSelect({ none, ...row }: WorkflowSelectProps) {
  const workflows = useStore(library, (state) => state.workflows)
  return (
    <SelectRow label="Workflow" {...row}>
      <option value="">{none}</option>
      {(workflows ?? []).map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectRow>
  )
}

/** `workflowId` null: it is no workflow of this workspace. */
export const NodeLink = ({ workflowId, nodeId }: { workflowId: string | null; nodeId: number }) =>
  workflowId === null ? (
    <>node {nodeId}</>
  ) : (
    <a href={buildHash(['workflows', workflowId], { node: String(nodeId) })}>node {nodeId}</a>
  )
