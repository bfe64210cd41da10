import { useState } from 'react'
import { useStore } from 'zustand'
import type { DataSource } from '../../contract/operations.ts'
import { runTitle } from '../../contract/run-views.ts'
import { pickFiles } from '../client/pick-files.ts'
import { inlineLimit, uploadFile } from '../client/upload.ts'
import { showFailure } from '../stores/app.ts'
import { library } from '../stores/library.ts'
import { useAnswer } from '../hooks/use-answer.ts'
import type { Chosen } from '../stores/chosen.ts'
import { formatBytes, formatTime } from './format.ts'
import { useLatest } from '../hooks/use-latest.ts'

interface ChooserProps {
  readonly chosen: Chosen
  readonly onChange: (next: Chosen) => void
  readonly label?: string
  /** A step that is offered besides: "this node". */
  readonly step?: Extract<Chosen, { kind: 'step' }> | null
  readonly id: string
}

const valueOf = (chosen: Chosen): string =>
  chosen.kind === 'data' ? `data/${chosen.id}` : chosen.kind === 'step' ? 'step' : chosen.kind

/** Where data comes from: typed, a file, a data set of the workspace, or a step of a run. */
export function DataChooser({ chosen, onChange, label = 'Input', step = null, id }: ChooserProps) {
  const sets = useStore(library, (state) => state.data) ?? []
  const [sending, setSending] = useState<number | null>(null)
  const choose = (value: string) => {
    if (value === 'paste') onChange({ kind: 'paste', text: '' })
    else if (value === 'open') void pickFile(setSending).then((next) => next && onChange(next))
    else if (value === 'step') onChange(step ?? { kind: 'step', runId: '', step: 1, which: 'input' })
    else if (value.startsWith('data/')) onChange({ kind: 'data', id: value.slice(5), index: null })
  }
  return (
    <div className="chooser">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select id={id} className="field" value={valueOf(chosen)} onChange={(event) => choose(event.target.value)}>
        <option value="paste">Paste or type</option>
        <option value="open">File…</option>
        {chosen.kind === 'file' && <option value="file">{chosen.name}</option>}
        <option value="step">{step ? `Step ${step.step} of the run` : 'Step of a run…'}</option>
        <optgroup label="Data sets">
          {sets.map((one) => (
            <option key={one.id} value={`data/${one.id}`}>
              {one.name} ({formatBytes(one.size)})
            </option>
          ))}
        </optgroup>
      </select>
      {sending !== null && <progress max={1} value={sending} aria-label="Uploading the file" />}
      {(chosen.kind === 'data' || chosen.kind === 'file') && (
        <EntryChooser
          source={chosen.kind === 'data' ? { dataId: chosen.id } : { uploadId: chosen.uploadId }}
          index={chosen.index}
          onChange={(index) => onChange({ ...chosen, index })}
        />
      )}
      {chosen.kind === 'step' && <StepChooser chosen={chosen} onChange={onChange} />}
    </div>
  )
}

async function pickFile(progress: (part: number | null) => void): Promise<Chosen | null> {
  const [file] = await pickFiles('file')
  if (!file) return null
  if (file.size <= inlineLimit / 4) return { kind: 'paste', text: await file.text() }
  progress(0)
  const answer = await uploadFile(file, progress).answer
  progress(null)
  if (answer.ok) return { kind: 'file', uploadId: answer.data.uploadId, name: file.name, index: null }
  showFailure(answer.error)
  return null
}

/** Which event, where there are several: MISP's restSearch and feeds answer lists. */
export function EntryChooser({
  source,
  index,
  onChange
}: {
  source: DataSource
  index: number | null
  onChange: (index: number | null) => void
}) {
  const list = useEntries(source)
  if (!list || list.count < 2) return null
  const chosen = index ?? -1
  return (
    <select
      className="field"
      aria-label="Event in the data set"
      value={chosen}
      onChange={(event) => onChange(Number(event.target.value) < 0 ? null : Number(event.target.value))}
    >
      <option value={-1}>{list.count} entries: choose one…</option>
      {list.entries.map((entry) => (
        <option key={entry.key} value={entry.key}>
          {entry.key}: {entry.preview}
        </option>
      ))}
      {chosen >= list.entries.length && <option value={chosen}>{chosen}</option>}
    </select>
  )
}

/** The events of a list or of a restSearch answer; null for a single one. */
function useEntries(
  source: DataSource
): { readonly count: number; readonly entries: readonly { readonly key: number; readonly preview: string }[] } | null {
  const root = useLatest('source.value', { data: source, limit: 200 }, 0).answer
  const inside = root?.ok && root.data.entries.some((entry) => entry.key === 'response' && entry.type === 'array')
  const response = useLatest('source.value', inside ? { data: source, path: ['response'], limit: 200 } : null, 0).answer
  const page = inside ? (response?.ok ? response.data : null) : root?.ok ? root.data : null
  if (page?.type !== 'array') return null
  return {
    count: page.count,
    entries: page.entries.map((entry) => ({ key: Number(entry.key), preview: entry.preview.slice(0, 60) }))
  }
}

function StepChooser({
  chosen,
  onChange
}: {
  chosen: Extract<Chosen, { kind: 'step' }>
  onChange: (next: Chosen) => void
}) {
  const runs = useAnswer('runs.list', { limit: 60 })
  const list = runs?.ok ? runs.data.runs : []
  const run = list.find((one) => one.id === chosen.runId)
  return (
    <>
      <select
        className="field"
        aria-label="Run"
        style={{ maxWidth: 200 }}
        value={chosen.runId}
        onChange={(event) => onChange({ ...chosen, runId: event.target.value })}
      >
        <option value="">Choose a run…</option>
        {chosen.runId !== '' && !run && <option value={chosen.runId}>{chosen.runId}</option>}
        {list.map((one) => (
          <option key={one.id} value={one.id}>
            {runTitle(one)} · {formatTime(one.startedAt)}
          </option>
        ))}
      </select>
      <input
        className="field"
        type="number"
        aria-label="Step"
        min={0}
        max={run?.steps}
        style={{ width: 58 }}
        value={chosen.step}
        onChange={(event) => onChange({ ...chosen, step: Math.max(0, Number(event.target.value)) })}
      />
      <select
        className="field"
        aria-label="Value of the step"
        value={chosen.which}
        onChange={(event) => onChange({ ...chosen, which: event.target.value === 'output' ? 'output' : 'input' })}
      >
        <option value="input">input</option>
        <option value="output">output</option>
      </select>
    </>
  )
}
