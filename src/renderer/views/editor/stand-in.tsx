// The result that an unknown module has in runs from here. It is kept in the workflow's own set of mocks, which the Run dialog takes.
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Placeholder } from '../../../contract/effects.ts'
import { CheckRow } from '../../components/form-row.tsx'
import { blankPlaceholder, PlaceholderFields } from '../../components/mocks/placeholder-rows.tsx'
import { showFailure } from '../../stores/app.ts'
import type { NodeInfo } from '../../stores/editor-model.ts'
import { isFailure, mocks, openMocks, setPlaceholder } from '../../stores/mocks.ts'
import { useEditorState } from './editor-context.ts'

export function StandIn({ info }: { info: NodeInfo }) {
  const workflow = useEditorState((state) => state.detail)
  const sets = useStore(mocks, (state) => state.sets)
  useEffect(openMocks, [])
  const set = sets?.find((one) => one.workflowId === workflow.id)
  // What was chosen here stands, so that typing does not wait for the host; of what comes while it saves only the last is saved.
  const [given, setGiven] = useState<{ readonly next: Placeholder | null } | null>(null)
  const waiting = useRef<typeof given>(null)
  const saving = useRef(false)
  const chosen = given ? given.next : (set?.placeholders[info.moduleId] ?? null)
  const put = async (next: Placeholder | null) => {
    waiting.current = { next }
    setGiven(waiting.current)
    if (saving.current) return
    saving.current = true
    for (let one: typeof given = waiting.current; one !== null; one = waiting.current) {
      waiting.current = null
      const saved = await setPlaceholder({ workflowId: workflow.id, name: workflow.name }, info.moduleId, one.next)
      if (isFailure(saved)) showFailure(saved)
    }
    saving.current = false
  }
  const type = info.moduleType === 'logic' ? 'logic' : 'action'
  return (
    <div className="stand-in" role="group" aria-label="Placeholder result">
      <CheckRow
        label="Run it with a placeholder result"
        checked={chosen !== null}
        disabled={sets === null}
        onChange={(on) => void put(on ? { ...blankPlaceholder, type } : null)}
      />
      {chosen ? (
        <div className="mock-line">
          <PlaceholderFields
            id={info.moduleId}
            value={chosen}
            fixedType
            onChange={(next) => void put({ ...chosen, ...next, type })}
          />
        </div>
      ) : (
        <p className="muted">Without one, a run treats it as MISP does when it cannot load the class.</p>
      )}
      {chosen && <p className="muted">Saved in the mock set “{set?.name}”, which Run… uses for this workflow.</p>}
    </div>
  )
}
