import { useCallback, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { AnswerSet, MockSet } from '../../../contract/effects.ts'
import { client } from '../../client/client.ts'
import { inlineLimit, uploadFile } from '../../client/upload.ts'
import { formatTime } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { MockSetDialog } from '../../components/mocks/mock-set-dialog.tsx'
import { PlainTable } from '../../components/plain-table.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { library } from '../../stores/library.ts'
import { mocks, openMocks } from '../../stores/mocks.ts'
import { pickAnswers } from '../../stores/takeover.ts'

function Sets() {
  useEffect(openMocks, [])
  const { sets, failure } = useStore(mocks)
  const workflows = useStore(library, (state) => state.workflows) ?? []
  const [open, setOpen] = useState<MockSet | 'new' | null>(null)
  if (failure) return <p className="muted">{failure.message}</p>
  return (
    <>
      {(sets ?? []).length > 0 && (
        <PlainTable label="Mock sets" heads={['Name', 'For', 'Contents', 'Saved']}>
          {(sets ?? []).map((set) => (
            <tr key={set.id}>
              <td>
                <button className="link" onClick={() => setOpen(set)}>
                  {set.name}
                </button>
              </td>
              <td>
                {set.workflowId === null
                  ? 'every workflow'
                  : (workflows.find((one) => one.id === set.workflowId)?.name ?? set.workflowId)}
              </td>
              <td>
                {plural(Object.keys(set.mocks).length, 'mock')}, {plural(Object.keys(set.pins).length, 'pin')}
              </td>
              <td>{formatTime(set.savedAt)}</td>
            </tr>
          ))}
        </PlainTable>
      )}
      <button className="btn" onClick={() => setOpen('new')}>
        <Icon name="plus" /> New mock set…
      </button>
      {open !== null && (
        <MockSetDialog set={open === 'new' ? null : open} workflowId={null} nodes={[]} onClose={() => setOpen(null)} />
      )}
    </>
  )
}

async function importOne(file: File): Promise<boolean> {
  const sent = file.size > inlineLimit ? await uploadFile(file).answer : null
  if (sent && !sent.ok) return (showFailure(sent.error), false)
  const answer = await client.call(
    'answers.import',
    sent ? { name: file.name, uploadId: sent.data.uploadId } : { name: file.name, text: await file.text() }
  )
  if (!answer.ok) showFailure(answer.error)
  return answer.ok
}

function RecordedAnswers() {
  const [sets, setSets] = useState<readonly AnswerSet[]>([])
  const reload = useCallback(async () => {
    const answer = await client.call('answers.list', {})
    if (answer.ok) setSets(answer.data)
  }, [])
  useEffect(() => void reload(), [reload])
  const bring = async (files: readonly File[]) => {
    let done = 0
    for (const file of files) if (await importOne(file)) done++
    if (done > 0) toast(`${plural(done, 'file')} imported`, { tone: 'success' })
    await reload()
  }
  const remove = async (set: AnswerSet) => {
    const answer = await client.call('answers.delete', { id: set.id })
    if (!answer.ok) return showFailure(answer.error)
    setSets(answer.data)
  }
  return (
    <>
      <h3 className="sub-heading">Recorded responses</h3>
      <p className="muted hint">
        JSON lists of requests and replies recorded from misp-modules, e.g. by a proxy or script. The policy “Recorded”
        uses them.
      </p>
      {sets.map((set) => (
        <div key={set.id} className="folder-line">
          <span className="grow ellipsis">
            {set.name} <span className="muted">· {plural(set.answers, 'response')}</span>
          </span>
          <button className="btn quiet" aria-label={`Remove ${set.name}`} onClick={() => void remove(set)}>
            Remove
          </button>
        </div>
      ))}
      <button className="btn" onClick={() => pickAnswers((files) => void bring(files))}>
        <Icon name="upload" /> Import recorded responses…
      </button>
    </>
  )
}

export function MocksSection() {
  return (
    <>
      <Sets />
      <RecordedAnswers />
    </>
  )
}
