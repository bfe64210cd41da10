import { SelectRow, TextRow } from '../form-row.tsx'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { library } from '../../stores/library.ts'
import { mocks, openMocks } from '../../stores/mocks.ts'
import type { MockTarget } from '../../stores/mocks.ts'

/** Chooses the set that a mock or pin goes to: one that is there, or a new one. */
export function MockTargetFields({ value, onChange }: { value: MockTarget; onChange: (next: MockTarget) => void }) {
  useEffect(openMocks, [])
  const sets = useStore(mocks, (state) => state.sets) ?? []
  const workflows = useStore(library, (state) => state.workflows) ?? []
  const fresh = 'id' in value ? null : value
  return (
    <>
      <SelectRow
        id="mock-set"
        label="Mock set"
        value={'id' in value ? value.id : ''}
        onChange={(text) => onChange(text === '' ? { name: fresh?.name ?? 'Mocks', workflowId: null } : { id: text })}
      >
        <option value="">New set…</option>
        {sets.map((set) => (
          <option key={set.id} value={set.id}>
            {set.name}
          </option>
        ))}
      </SelectRow>
      {fresh && (
        <>
          <TextRow
            id="mock-set-name"
            label="Name"
            value={fresh.name}
            onChange={(text) => onChange({ ...fresh, name: text })}
          />
          <SelectRow
            id="mock-set-workflow"
            label="For"
            value={fresh.workflowId ?? ''}
            onChange={(text) => onChange({ ...fresh, workflowId: text || null })}
          >
            <option value="">every workflow</option>
            {workflows.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </SelectRow>
        </>
      )}
    </>
  )
}

/** The set that suits a run: the one made for its workflow, else a new one under the workflow's name. */
export function suggestTarget(workflowName: string | null): MockTarget {
  const workflow = library.getState().workflows?.find((one) => one.name === workflowName)
  const set = workflow && mocks.getState().sets?.find((one) => one.workflowId === workflow.id)
  return set
    ? { id: set.id }
    : { name: workflowName ? `Mocks of ${workflowName}` : 'Mocks', workflowId: workflow?.id ?? null }
}
