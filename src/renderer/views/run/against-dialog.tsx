import { useState } from 'react'
import { useStore } from 'zustand'
import type { RunDetail } from '../../../contract/run-views.ts'
import { profileIds } from '../../../engine/profiles/profiles.ts'
import { Dialog } from '../../components/dialog.tsx'
import { CancelOr } from '../../components/dialog-buttons.tsx'
import { formatTime } from '../../components/format.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { profileLabel } from '../../components/profile-label.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { library } from '../../stores/library.ts'
import { verifyRun } from '../../stores/verify.ts'
import type { Against } from '../../stores/verify.ts'

interface AgainstDialogProps {
  readonly detail: RunDetail
  readonly against: Against
  readonly onClose: () => void
}

/** Which workflow, which version of it, and which MISP version the run is held against. */
export function AgainstDialog({ detail: { summary, profile: own }, against, onClose }: AgainstDialogProps) {
  const workflows = useStore(library, (state) => state.workflows) ?? []
  const [workflowId, setWorkflow] = useState(against.workflowId ?? '')
  const [version, setVersion] = useState(against.version === undefined ? '' : String(against.version))
  const [profile, setProfile] = useState(against.profile ?? '')
  const isOfTrigger = ({ trigger }: { readonly trigger: string | null }): boolean => trigger === summary.trigger
  const ordered = [...workflows.filter(isOfTrigger), ...workflows.filter((one) => !isOfTrigger(one))]
  const verify = () => {
    onClose()
    void verifyRun(summary.id, {
      ...(workflowId === '' ? {} : { workflowId }),
      ...(workflowId === '' || version === '' ? {} : { version: Number(version) }),
      ...(profile === '' ? {} : { profile })
    })
  }
  return (
    <Dialog
      title="Verify against…"
      onClose={onClose}
      footer={
        <CancelOr onCancel={onClose} onDo={verify}>
          Verify
        </CancelOr>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          verify()
        }}
      >
        <SelectRow
          id="against-workflow"
          label="Workflow"
          value={workflowId}
          onChange={(id) => {
            setWorkflow(id)
            setVersion('')
          }}
        >
          <option value="">the one that fits best</option>
          {ordered.map(({ id, name, trigger }) => (
            <option key={id} value={id}>
              {name}
              {trigger === null || trigger === summary.trigger ? '' : ` (${trigger})`}
            </option>
          ))}
        </SelectRow>
        {workflowId !== '' && (
          <Versions key={workflowId} workflowId={workflowId} value={version} onChange={setVersion} />
        )}
        <SelectRow id="against-profile" label="MISP version" value={profile} onChange={setProfile}>
          <option value="">{own === null ? 'that of the run' : `that of the run: ${own}`}</option>
          {profileIds.map((id) => (
            <option key={id} value={id}>
              {profileLabel(id)}
            </option>
          ))}
        </SelectRow>
      </form>
    </Dialog>
  )
}

interface VersionsProps {
  readonly workflowId: string
  readonly value: string
  readonly onChange: (version: string) => void
}

function Versions({ workflowId, value, onChange }: VersionsProps) {
  const answer = useAnswer('workflows.get', { workflowId })
  const versions = answer?.ok ? answer.data.versions.toReversed() : []
  return (
    <SelectRow id="against-version" label="Version" value={value} onChange={onChange}>
      <option value="">the one that fits best</option>
      {versions.map(({ version, savedAt, note }) => (
        <option key={version} value={version}>
          {[`${version}`, formatTime(savedAt), note].filter(Boolean).join(' · ')}
        </option>
      ))}
    </SelectRow>
  )
}
