// What an update of MISP changes for the workflows of the workspace: `#/workflows/upgrade?from=2.5.1&to=2.5-newest&workflow=ID`.
import { useState } from 'react'
import { useStore } from 'zustand'
import { differWords } from '../../../contract/upgrade.ts'
import type { UpgradeReport } from '../../../contract/upgrade.ts'
import { defaultProfile, newestProfile, profileIds } from '../../../engine/profiles/profiles.ts'
import { client } from '../../client/client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { SelectRow } from '../../components/form-row.tsx'
import { profileLabel } from '../../components/profile-label.ts'
import { app } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { TriedFrame, WorkflowSelect } from './tried-frame.tsx'
import { UpgradedWorkflow } from './upgraded-workflow.tsx'

export function UpgradeView({ query }: { query: ReadonlyMap<string, string> }) {
  const own = useStore(app, ({ workspace }) => workspace?.profile.profile ?? defaultProfile)
  const isEmpty = useStore(library, (state) => state.workflows?.length === 0)
  const [from, setFrom] = useState(query.get('from') ?? own)
  const [to, setTo] = useState<string>(query.get('to') ?? newestProfile)
  const [workflowId, setWorkflow] = useState(query.get('workflow') ?? '')
  const versions = profileIds.map((id) => (
    <option key={id} value={id}>
      {profileLabel(id)}
    </option>
  ))
  return (
    <TriedFrame
      title="Update assistant"
      about="What an update of MISP changes for your workflows"
      label="What changes"
      fields={
        <>
          <SelectRow id="upgrade-from" label="MISP now" value={from} onChange={setFrom}>
            {versions}
          </SelectRow>
          <SelectRow id="upgrade-to" label="After the update" value={to} onChange={setTo}>
            {versions}
          </SelectRow>
          <WorkflowSelect id="upgrade-workflow" value={workflowId} onChange={setWorkflow} none="All workflows" />
        </>
      }
      button={{ icon: 'compare', text: 'Compare', isOff: from === to || isEmpty }}
      ask={() => client.call('upgrade.report', { from, to, ...(workflowId ? { workflowIds: [workflowId] } : {}) })}
      before={{
        busy: 'Running under both versions…',
        idle:
          from !== to ? 'Not compared yet' : to === newestProfile ? 'No newer version is known' : 'Choose two versions',
        text: 'Each workflow is checked under both versions, and run on the workspace’s data sets and on what its runs began with. Nothing is sent.'
      }}
      result={(report) => <Result report={report} />}
    />
  )
}

function Result({ report: { from, to, workflows } }: { report: UpgradeReport }) {
  if (workflows.length === 0) return <EmptyState title="There is no workflow in this workspace" />
  return (
    <>
      <p className="tried-summary" role="status">
        MISP {from} → {to}: {differWords(workflows)}.
      </p>
      {workflows.map((one) => (
        <UpgradedWorkflow key={one.id ?? one.name} workflow={one} to={to} />
      ))}
    </>
  )
}
