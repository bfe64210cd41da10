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
      <div className="form-row">
        <label htmlFor="mock-set">Mock set</label>
        <select
          id="mock-set"
          className="field"
          value={'id' in value ? value.id : ''}
          onChange={(event) =>
            onChange(
              event.target.value === ''
                ? { name: fresh?.name ?? 'Mocks', workflowId: null }
                : { id: event.target.value }
            )
          }
        >
          <option value="">New set…</option>
          {sets.map((set) => (
            <option key={set.id} value={set.id}>
              {set.name}
            </option>
          ))}
        </select>
      </div>
      {fresh && (
        <>
          <div className="form-row">
            <label htmlFor="mock-set-name">Name</label>
            <input
              id="mock-set-name"
              className="field"
              value={fresh.name}
              onChange={(event) => onChange({ ...fresh, name: event.target.value })}
            />
          </div>
          <div className="form-row">
            <label htmlFor="mock-set-workflow">For</label>
            <select
              id="mock-set-workflow"
              className="field"
              value={fresh.workflowId ?? ''}
              onChange={(event) => onChange({ ...fresh, workflowId: event.target.value || null })}
            >
              <option value="">every workflow</option>
              {workflows.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </div>
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
