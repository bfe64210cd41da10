import { useState } from 'react'
import { useStore } from 'zustand'
import { SelectRow, TextRow } from '../../components/form-row.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { library } from '../../stores/library.ts'
import { createEmpty, createWorkflow } from '../../stores/workflow-files.ts'
import { triggersToCreate } from '../../stores/added-modules.ts'

export function NewWorkflowDialog({ onClose }: { onClose: () => void }) {
  const { workflows } = useStore(library)
  const triggers = triggersToCreate((workflows ?? []).map((one) => one.trigger))
  const [trigger, setTrigger] = useState('event-publish')
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const others = (workflows ?? []).filter((one) => one.trigger === trigger)
  const chosen = triggers.find((one) => one.id === trigger)
  const submit = async () => {
    setBusy(true)
    await (trigger === '' ? createEmpty(name || 'New workflow') : createWorkflow(trigger, name))
    setBusy(false)
  }
  return (
    <Dialog title="New workflow" onClose={onClose}>
      <form
        className="column"
        style={{ height: 'auto', gap: 8 }}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <SelectRow id="new-trigger" label="Trigger" value={trigger} onChange={setTrigger}>
          {triggers.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
              {one.blocking ? ' (blocking)' : ''}
            </option>
          ))}
          <option value="">None: start with an empty canvas</option>
        </SelectRow>
        {chosen && <p className="muted">{chosen.description}</p>}
        {others.length > 0 && (
          <p className="muted">
            MISP allows one workflow per trigger. This trigger already has “{others[0]?.name}”; the new one is saved
            next to it.
          </p>
        )}
        <TextRow
          id="new-name"
          label="Name"
          value={name}
          placeholder={trigger === '' ? 'New workflow' : `Workflow for trigger ${trigger}`}
          onChange={setName}
        />
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button className="btn primary" disabled={busy}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  )
}
