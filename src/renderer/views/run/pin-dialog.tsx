import { useEffect, useMemo, useState } from 'react'
import type { Json } from '../../../contract/json.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { client } from '../../client/client.ts'
import { AreaRow, CheckRow, SelectRow } from '../../components/form-row.tsx'
import { CancelEdits } from '../../components/cancel-edits.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { MockTargetFields, suggestTarget } from '../../components/mocks/mock-target.tsx'
import { useDraft } from '../../hooks/use-draft.ts'
import { showFailure, toast } from '../../stores/app.ts'
import { addToMocks, isFailure, reloadMocks } from '../../stores/mocks.ts'
import type { MockTarget } from '../../stores/mocks.ts'
import { navigate } from '../../stores/router.ts'

const editLimit = 2_000_000

export function PinButton({ detail, step }: { detail: RunDetail; step: RunStep }) {
  const [open, setOpen] = useState(false)
  if (step.nodeId === null) return null
  return (
    <>
      <button
        className="btn"
        onClick={() => setOpen(true)}
        aria-label="Pin output…"
        title="Pin output: later runs use it instead of executing the node"
      >
        <Icon name="thumbtack" /> <span className="words">Pin output…</span>
      </button>
      {open && <PinDialog detail={detail} step={step} nodeId={step.nodeId} onClose={() => setOpen(false)} />}
    </>
  )
}

const errorTexts = (errors: Json): string =>
  typeof errors === 'object' && errors !== null
    ? Object.values(errors)
        .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
        .join('\n')
    : ''

function parse(text: string): { readonly value: Json } | string {
  try {
    return { value: JSON.parse(text) as Json }
  } catch (error) {
    return error instanceof Error ? error.message : 'Invalid JSON.'
  }
}

interface Result {
  readonly success: boolean
  /** One a line. */
  readonly errors: string
}

const startOf = (step: RunStep): Result => ({
  success: step.moduleType === 'logic' ? step.branch !== 'output_2' : step.success,
  errors: errorTexts(step.errors)
})

function ResultFields({
  logic,
  value,
  onChange
}: {
  logic: boolean
  value: Result
  onChange: (value: Result) => void
}) {
  return (
    <>
      <SelectRow
        id="pin-result"
        label={logic ? 'Branch' : 'Result'}
        value={String(value.success)}
        onChange={(text) => onChange({ ...value, success: text === 'true' })}
      >
        <option value="true">{logic ? 'true (output 1)' : 'success'}</option>
        <option value="false">{logic ? 'false (output 2)' : 'failure'}</option>
      </SelectRow>
      <AreaRow
        mono
        id="pin-errors"
        label="Errors, one per line"
        rows={3}
        value={value.errors}
        onChange={(text) => onChange({ ...value, errors: text })}
      />
    </>
  )
}

interface Edits {
  readonly result: Result
  readonly withData: boolean
  /** Null while it is as the step left it. */
  readonly text: string | null
}

/**
 * What the step answered, to be edited. `text`: its data, and `target`: where the pin goes; null until they are there. Closed without “Cancel” its
 * edits are there again.
 */
function usePinForm(detail: RunDetail, step: RunStep) {
  const [given, setGiven] = useState<string | null>(null)
  const [large, setLarge] = useState(false)
  const [edits, edit, draft] = useDraft<Edits>(`pin/${detail.summary.id}/${step.step}`, {
    ...{ result: startOf(step), withData: step.changed, text: null }
  })
  const put = (next: Partial<Edits>): void => edit((now) => ({ ...now, ...next }))
  const text = given === null ? null : (edits.text ?? given)
  const withData = edits.withData && !large
  const [target, setTarget] = useState<MockTarget | null>(null)
  useEffect(() => {
    const load = async () => {
      const [output] = await Promise.all([
        client.call('run.text', { runId: detail.summary.id, step: step.step, which: 'output', path: [] }),
        reloadMocks()
      ])
      setTarget(suggestTarget(detail.summary.workflowName))
      if (!output.ok || output.data.text.length > editLimit) {
        setLarge(true)
        setGiven('')
      } else setGiven(JSON.stringify(JSON.parse(output.data.text), null, 2))
    }
    void load()
  }, [])
  const parsed = useMemo(() => (withData && text ? parse(text) : null), [withData, text])
  return { text, large, withData, result: edits.result, put, draft, target, setTarget, parsed }
}

function PinDialog({
  detail,
  step,
  nodeId,
  onClose
}: {
  detail: RunDetail
  step: RunStep
  nodeId: number
  onClose: () => void
}) {
  const form = usePinForm(detail, step)
  const { text, large, withData, result, target, parsed } = form
  const [saving, setSaving] = useState(false)
  const save = async () => {
    if (!target || typeof parsed === 'string') return
    setSaving(true)
    const errors = result.errors.split('\n').filter((line) => line.trim() !== '')
    const pin = { ...(parsed ? { data: parsed.value } : {}), success: result.success, errors }
    const saved = await addToMocks(target, { pins: { [String(nodeId)]: pin } })
    setSaving(false)
    if (isFailure(saved)) return showFailure(saved)
    form.draft.settle()
    onClose()
    const again = () => navigate(['workflows', 'run'], { again: detail.summary.id, mocks: saved.id })
    toast(`Node ${nodeId} is pinned in “${saved.name}”`, {
      tone: 'success',
      action: { label: 'Run again with this mock set', run: again }
    })
  }
  return (
    <Dialog
      wide
      title={`Pin the output of ${step.name || step.moduleId} (node ${nodeId})`}
      onClose={onClose}
      footer={
        <>
          <CancelEdits draft={form.draft} onClose={onClose} />
          <button
            className="btn primary"
            disabled={saving || !target || typeof parsed === 'string'}
            onClick={() => void save()}
          >
            <Icon name="thumbtack" /> Pin this output
          </button>
        </>
      }
    >
      {text === null || !target ? (
        <Loading label="Loading the output" />
      ) : (
        <div className="pin-form">
          <div>
            <p className="muted" style={{ marginBottom: 10 }}>
              Runs with this mock set do not execute the node and send nothing for it.
            </p>
            <MockTargetFields value={target} onChange={form.setTarget} />
            <ResultFields
              logic={step.moduleType === 'logic'}
              value={result}
              onChange={(result) => form.put({ result })}
            />
            <CheckRow
              label={
                large
                  ? 'The roaming data is too large to edit here and is passed on unchanged.'
                  : 'Replace the roaming data (otherwise it is passed on unchanged)'
              }
              checked={withData}
              disabled={large}
              onChange={(withData) => form.put({ withData })}
            />
            {typeof parsed === 'string' && (
              <p role="alert" style={{ color: 'var(--blocked)', fontSize: 12 }}>
                {parsed}
              </p>
            )}
          </div>
          <div className="pin-data">
            {withData ? (
              <DataEditor value={text} onChange={(text) => form.put({ text })} label="Output of the node" />
            ) : (
              <EmptyState title="The roaming data is passed on unchanged">
                Select “Replace” to edit what the node would have returned.
              </EmptyState>
            )}
          </div>
        </div>
      )}
    </Dialog>
  )
}
