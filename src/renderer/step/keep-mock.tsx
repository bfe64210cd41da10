import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { mapInText } from '../../contract/json.ts'
import { client } from '../client/client.ts'
import { CancelEdits } from '../components/cancel-edits.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Loading } from '../components/empty-state.tsx'
import { JsonEditor } from '../components/json-editor.tsx'
import { MockTargetFields, suggestTarget } from '../components/mocks/mock-target.tsx'
import { useDraft } from '../hooks/use-draft.ts'
import { showFailure, toast } from '../stores/app.ts'
import { addToMocks, isFailure, mocks, reloadMocks } from '../stores/mocks.ts'
import type { MockTarget } from '../stores/mocks.ts'
import { navigate } from '../stores/router.ts'
import { openRuns } from '../stores/run.ts'

/** Keeps answers that a run got, so that later runs get them again. Closed without “Cancel” its edits are there again. */
export function KeepMockDialog({
  runId,
  indexes,
  onClose
}: {
  runId: string
  indexes?: readonly number[]
  onClose: () => void
}) {
  const summary = useStore(openRuns, ({ byId }) => byId.get(runId)?.detail?.summary ?? null)
  const [given, setGiven] = useState<string | null>(null)
  const [edited, edit, draft] = useDraft<string | null>(`keep-mock/${runId}/${indexes?.join() ?? ''}`, null)
  const text = given === null ? null : (edited ?? given)
  const [target, setTarget] = useState<MockTarget | null>(null)
  const [saving, setSaving] = useState(false)
  useEffect(() => {
    const load = async () => {
      const [answer] = await Promise.all([
        client.call('run.mocks', { runId, ...(indexes ? { effects: [...indexes] } : {}) }),
        reloadMocks()
      ])
      setTarget(suggestTarget(summary?.workflowName ?? null))
      if (answer.ok) setGiven(JSON.stringify(answer.data.mocks, null, 2))
      else {
        showFailure(answer.error)
        onClose()
      }
    }
    void load()
  }, [])
  const parsed = text === null ? null : mapInText(text)
  const save = async () => {
    if (!parsed || !target) return
    setSaving(true)
    const saved = await addToMocks(target, { mocks: parsed })
    setSaving(false)
    if (isFailure(saved)) return showFailure(saved)
    draft.settle()
    onClose()
    toast(`Saved in “${saved.name}”`, {
      tone: 'success',
      action: {
        label: 'Run again with this mock set',
        run: () => navigate(['workflows', 'run'], { again: runId, mocks: saved.id })
      }
    })
  }
  const known = useStore(mocks, (state) => state.sets)
  const set = target && 'id' in target ? known?.find((one) => one.id === target.id) : undefined
  const replaced = parsed && set ? Object.keys(parsed).filter((key) => Object.hasOwn(set.mocks, key)) : []
  return (
    <Dialog
      title={indexes ? 'Save response as mock' : 'Save all responses as mocks'}
      onClose={onClose}
      footer={
        <>
          <CancelEdits draft={draft} onClose={onClose} />
          <button className="btn primary" disabled={!parsed || !target || saving} onClick={() => void save()}>
            Keep
          </button>
        </>
      }
    >
      {text === null || !target ? (
        <Loading label="Reading responses" />
      ) : (
        <>
          <p className="muted" style={{ marginBottom: 10 }}>
            Runs with this mock set give this response to the node and send nothing. You can edit it.
          </p>
          <MockTargetFields value={target} onChange={setTarget} />
          {replaced.length > 0 && (
            <div className="banner warn" style={{ marginBottom: 8 }}>
              Replaces the mock for {replaced.map((key) => `node ${key}`).join(', ')}.
            </div>
          )}
          <div style={{ height: 220, border: '1px solid var(--line-strong)', borderRadius: 4, overflow: 'hidden' }}>
            <JsonEditor value={text} onChange={edit} label="Responses by node" />
          </div>
          {!parsed && (
            <p role="alert" style={{ color: 'var(--blocked)', marginTop: 6 }}>
              The responses must be a JSON object: node ID → response.
            </p>
          )}
        </>
      )}
    </Dialog>
  )
}
