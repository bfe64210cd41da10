import { useState } from 'react'
import type { RunDetail } from '../../../contract/run-views.ts'
import { dayOf } from '../../../contract/verify.ts'
import type { VerifyDifference, VerifyReport } from '../../../contract/verify.ts'
import { Dialog } from '../../components/dialog.tsx'
import { CancelOr } from '../../components/dialog-buttons.tsx'
import { AreaRow, SelectRow, TextRow } from '../../components/form-row.tsx'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { acceptDifference } from '../../stores/verify.ts'

interface AcceptDialogProps {
  readonly detail: RunDetail
  readonly report: VerifyReport
  readonly first: VerifyDifference
  readonly onClose: () => void
}

function inAYear(): string {
  const day = new Date()
  day.setUTCFullYear(day.getUTCFullYear() + 1)
  return dayOf(day)
}

/** Expects a difference: why, until when, and in which runs. */
export function AcceptDialog({ detail, report: { workflow }, first, onClose }: AcceptDialogProps) {
  const runId = detail.summary.id
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState(inAYear)
  const [whose, setWhose] = useState<string>('run')
  const isReady = reason.trim() !== '' && /^\d{4}-\d\d-\d\d$/.test(until) && until >= dayOf(new Date())
  const accept = async () => {
    if (!isReady) return
    const of = whose === 'workflow' && workflow !== null ? { workflowId: workflow.id } : { runId }
    if (await acceptDifference(runId, first, { reason, until, whose: of })) onClose()
  }
  return (
    <Dialog
      title="Accept the difference"
      onClose={onClose}
      footer={
        <CancelOr onCancel={onClose} isOff={!isReady} onDo={() => void accept()}>
          Accept
        </CancelOr>
      }
    >
      <p>
        <Sentence text={first.cause.text} />
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void accept()
        }}
      >
        <AreaRow id="accept-reason" label="Reason" rows={2} data-autofocus value={reason} onChange={setReason} />
        <TextRow
          id="accept-until"
          label="Until"
          type="date"
          min={dayOf(new Date())}
          value={until}
          onChange={setUntil}
        />
        <SelectRow id="accept-for" label="For" value={whose} onChange={setWhose}>
          <option value="run">this run</option>
          {workflow !== null && workflow.id !== '' && (
            <option value="workflow">every run of the workflow {workflow.name}</option>
          )}
        </SelectRow>
      </form>
      <p className="muted">
        An accepted difference is still named and counted each time the run is verified. After that day (UTC) it is no
        longer accepted.
      </p>
    </Dialog>
  )
}
