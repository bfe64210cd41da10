import { useEffect, useMemo, useState } from 'react'
import type { Json } from '../../../contract/json.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { client } from '../../client/client.ts'
import { AreaRow, CheckRow, SelectRow } from '../../components/form-row.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { MockTargetFields, suggestTarget } from '../../components/mocks/mock-target.tsx'
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

const startOf = (step: RunStep) => ({
  success: step.moduleType === 'logic' ? step.branch !== 'output_2' : step.success,
  errors: errorTexts(step.errors)
})

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
  const [text, setText] = useState<string | null>(null)
  const [large, setLarge] = useState(false)
  const [withData, setWithData] = useState(step.changed)
  const [result, setResult] = useState(() => startOf(step))
  const [target, setTarget] = useState<MockTarget | null>(null)
  const [saving, setSaving] = useState(false)
  useEffect(() => {
    const load = async () => {
      const [output] = await Promise.all([
        client.call('run.text', { runId: detail.summary.id, step: step.step, which: 'output', path: [] }),
        reloadMocks()
      ])
      setTarget(suggestTarget(detail.summary.workflowName))
      if (!output.ok || output.data.text.length > editLimit) {
        setLarge(true)
        setWithData(false)
        setText('')
      } else setText(JSON.stringify(JSON.parse(output.data.text), null, 2))
    }
    void load()
  }, [])
  const parsed = useMemo(() => (withData && text ? parse(text) : null), [withData, text])
  const save = async () => {
    if (!target || typeof parsed === 'string') return
    setSaving(true)
    const errors = result.errors.split('\n').filter((line) => line.trim() !== '')
    const saved = await addToMocks(target, {
      pins: { [String(nodeId)]: { ...(parsed ? { data: parsed.value } : {}), success: result.success, errors } }
    })
    setSaving(false)
    if (isFailure(saved)) return showFailure(saved)
    onClose()
    toast(`Node ${nodeId} is pinned in “${saved.name}”`, {
      tone: 'success',
      action: {
        label: 'Run again with this mock set',
        run: () => navigate(['workflows', 'run'], { again: detail.summary.id, mocks: saved.id })
      }
    })
  }
  const logic = step.moduleType === 'logic'
  return (
    <Dialog
      wide
      title={`Pin the output of ${step.name || step.moduleId} (node ${nodeId})`}
      onClose={onClose}
      footer={
        <>
          <button className="btn" onClick={onClose}>
            Cancel
          </button>
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
            <MockTargetFields value={target} onChange={setTarget} />
            <SelectRow
              id="pin-result"
              label={logic ? 'Branch' : 'Result'}
              value={String(result.success)}
              onChange={(text) => setResult({ ...result, success: text === 'true' })}
            >
              <option value="true">{logic ? 'true (output 1)' : 'success'}</option>
              <option value="false">{logic ? 'false (output 2)' : 'failure'}</option>
            </SelectRow>
            <AreaRow
              mono
              id="pin-errors"
              label="Errors, one per line"
              rows={3}
              value={result.errors}
              onChange={(text) => setResult({ ...result, errors: text })}
            />
            <CheckRow
              label={
                large
                  ? 'The roaming data is too large to edit here and is passed on unchanged.'
                  : 'Replace the roaming data (otherwise it is passed on unchanged)'
              }
              checked={withData}
              disabled={large}
              onChange={setWithData}
            />
            {typeof parsed === 'string' && (
              <p role="alert" style={{ color: 'var(--blocked)', fontSize: 12 }}>
                {parsed}
              </p>
            )}
          </div>
          {withData ? (
            <div className="pin-data">
              <DataEditor value={text} onChange={setText} label="Output of the node" />
            </div>
          ) : (
            <div className="pin-data">
              <EmptyState title="The roaming data is passed on unchanged">
                Select “Replace” to edit what the node would have returned.
              </EmptyState>
            </div>
          )}
        </div>
      )}
    </Dialog>
  )
}
