// What an update of MISP changes for the workflows of the workspace: `#/workflows/upgrade?from=2.5.1&to=2.5-newest&workflow=ID`.
import { useState } from 'react'
import { useStore } from 'zustand'
import { differWords } from '../../../contract/upgrade.ts'
import type { UpgradeReport } from '../../../contract/upgrade.ts'
import type { Answer } from '../../../contract/wire.ts'
import { defaultProfile, newestProfile, profileIds } from '../../../engine/profiles/profiles.ts'
import { client } from '../../client/client.ts'
import { EmptyState, FailureState } from '../../components/empty-state.tsx'
import { SelectRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { profileLabel } from '../../components/profile-label.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { app } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { UpgradedWorkflow } from './upgraded-workflow.tsx'
import './upgrade.css'

/** Where there is nothing newer, what came before is of interest. */
const other = (from: string): string => (from === newestProfile ? defaultProfile : newestProfile)

export default function UpgradeView({ query }: { query: ReadonlyMap<string, string> }) {
  useTitle('Update assistant')
  const own = useStore(app, ({ workspace }) => workspace?.profile.profile ?? defaultProfile)
  const workflows = useStore(library, (state) => state.workflows)
  const [from, setFrom] = useState(query.get('from') ?? own)
  const [to, setTo] = useState(query.get('to') ?? other(from))
  const [workflowId, setWorkflow] = useState(query.get('workflow') ?? '')
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Answer<UpgradeReport> | null>(null)
  const compare = async () => {
    setBusy(true)
    setAnswer(await client.call('upgrade.report', { from, to, ...(workflowId ? { workflowIds: [workflowId] } : {}) }))
    setBusy(false)
  }
  const versions = profileIds.map((id) => (
    <option key={id} value={id}>
      {profileLabel(id)}
    </option>
  ))
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Update assistant">
        <h1>Update assistant</h1>
        <span className="muted ellipsis">What an update of MISP changes for your workflows</span>
      </div>
      <div className="scroll upgrade" tabIndex={0} aria-label="What changes">
        <form
          className="upgrade-form"
          onSubmit={(event) => {
            event.preventDefault()
            void compare()
          }}
        >
          <SelectRow id="upgrade-from" label="MISP now" value={from} onChange={setFrom}>
            {versions}
          </SelectRow>
          <SelectRow id="upgrade-to" label="After the update" value={to} onChange={setTo}>
            {versions}
          </SelectRow>
          <SelectRow id="upgrade-workflow" label="Workflow" value={workflowId} onChange={setWorkflow}>
            <option value="">All workflows</option>
            {(workflows ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectRow>
          <button className="btn primary" disabled={busy || from === to || workflows?.length === 0}>
            {busy ? <span className="spinner" style={{ width: 11, height: 11 }} /> : <Icon name="compare" />} Compare
          </button>
        </form>
        <Result answer={answer} busy={busy} isSame={from === to} />
      </div>
    </div>
  )
}

interface ResultProps {
  readonly answer: Answer<UpgradeReport> | null
  readonly busy: boolean
  readonly isSame: boolean
}

function Result({ answer, busy, isSame }: ResultProps) {
  if (answer && !busy && !answer.ok) return <FailureState failure={answer.error} />
  if (!answer?.ok)
    return (
      <EmptyState title={busy ? 'Running under both versions…' : isSame ? 'Choose two versions' : 'Not compared yet'}>
        Each workflow is checked under both versions, and run on the workspace’s data sets and on what its runs began
        with. Nothing is sent.
      </EmptyState>
    )
  const { from, to, workflows } = answer.data
  if (workflows.length === 0) return <EmptyState title="There is no workflow in this workspace" />
  return (
    <>
      <p className="upgrade-summary" role="status">
        MISP {from} → {to}: {differWords(workflows)}.
      </p>
      {workflows.map((one) => (
        <UpgradedWorkflow key={one.id ?? one.name} workflow={one} to={to} />
      ))}
    </>
  )
}
