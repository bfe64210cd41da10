import { TextRow } from '../form-row.tsx'
import type { MockSet, PinnedOutput, Placeholder } from '../../../contract/effects.ts'
import { showFailure, toast } from '../../stores/app.ts'
import { deleteMocks, isFailure, saveMocks } from '../../stores/mocks.ts'
import { useDraft } from '../../hooks/use-draft.ts'
import { CancelEdits } from '../cancel-edits.tsx'
import { Dialog } from '../dialog.tsx'
import { Icon } from '../icons.tsx'
import { JsonEditor } from '../json-editor.tsx'
import { blankRow, failureKinds, mocksOf, rowsOf } from './mock-model.ts'
import type { MockRow } from './mock-model.ts'
import { PlaceholderRows } from './placeholder-rows.tsx'
import './mocks.css'

export interface MockNode {
  readonly nodeId: number
  readonly moduleId: string
  readonly name: string
}

const failureTexts = {
  refused: 'Connection refused',
  timeout: 'Timeout',
  unresolved: 'Unknown host',
  reset: 'Connection reset'
} as const

function KindFields({ row, at, set }: { row: MockRow; at: number; set: (change: Partial<MockRow>) => void }) {
  if (row.kind === 'json')
    return (
      <div style={{ height: 120, border: '1px solid var(--line-strong)', borderRadius: 4, overflow: 'hidden' }}>
        <JsonEditor value={row.json} onChange={(json) => set({ json })} label={`Answer ${at} as JSON`} />
      </div>
    )
  return (
    <>
      <div className="mock-line">
        {row.kind === 'answer' ? (
          <label>
            Status{' '}
            <input
              className="field num"
              type="number"
              min={100}
              max={599}
              value={row.status}
              onChange={(event) => set({ status: Number(event.target.value) })}
            />
          </label>
        ) : (
          <>
            <select
              className="field"
              aria-label={`Failure of mock ${at}`}
              value={row.failure}
              onChange={(event) => set({ failure: event.target.value as MockRow['failure'] })}
            >
              {failureKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {failureTexts[kind]}
                </option>
              ))}
            </select>
            <input
              className="field grow"
              aria-label={`Message of mock ${at}`}
              placeholder="message (optional)"
              value={row.message}
              onChange={(event) => set({ message: event.target.value })}
            />
          </>
        )}
        <label title="Counted in the run’s times without waiting; more than MISP’s timeout counts as a timeout">
          Takes{' '}
          <input
            className="field num"
            type="number"
            min={0}
            step={100}
            value={row.delayMs}
            onChange={(event) => set({ delayMs: Number(event.target.value) })}
          />{' '}
          ms
        </label>
      </div>
      {row.kind === 'answer' && (
        <textarea
          className="area mono"
          rows={3}
          spellCheck={false}
          aria-label={`Body of mock ${at}`}
          placeholder="response body"
          value={row.body}
          onChange={(event) => set({ body: event.target.value })}
        />
      )}
    </>
  )
}

function Row({
  row,
  at,
  nodes,
  set,
  remove
}: {
  row: MockRow
  at: number
  nodes: readonly MockNode[]
  set: (change: Partial<MockRow>) => void
  remove: () => void
}) {
  const modules = [...new Set(nodes.map((node) => node.moduleId))]
  const known = row.key === '' || modules.includes(row.key) || nodes.some((node) => String(node.nodeId) === row.key)
  return (
    <div className="mock-row" role="group" aria-label={`Mock ${at}`}>
      <div className="mock-line">
        {nodes.length > 0 && known ? (
          <select
            className="field grow"
            aria-label={`Mock ${at} is for`}
            value={row.key}
            onChange={(event) => set({ key: event.target.value })}
          >
            <option value="">Choose a node or module…</option>
            {nodes.map((node) => (
              <option key={node.nodeId} value={String(node.nodeId)}>
                Node {node.nodeId}: {node.name}
              </option>
            ))}
            {modules.map((id) => (
              <option key={id} value={id}>
                Every {id}
              </option>
            ))}
          </select>
        ) : (
          <input
            className="field grow mono"
            aria-label={`Mock ${at} is for`}
            placeholder="node id or module id"
            value={row.key}
            onChange={(event) => set({ key: event.target.value })}
          />
        )}
        <select
          className="field"
          aria-label={`Kind of mock ${at}`}
          value={row.kind}
          onChange={(event) => set({ kind: event.target.value as MockRow['kind'] })}
        >
          <option value="answer">Answer or error status</option>
          <option value="failure">No answer</option>
          <option value="json">JSON (services, lists)</option>
        </select>
        <button className="btn quiet icon" aria-label={`Remove mock ${at}`} onClick={remove}>
          <Icon name="trash" />
        </button>
      </div>
      <KindFields row={row} at={at} set={set} />
    </div>
  )
}

const withoutKey = <T,>(map: { readonly [key: string]: T }, key: string): { readonly [key: string]: T } =>
  Object.fromEntries(Object.entries(map).filter(([name]) => name !== key))

interface Form {
  readonly name: string
  readonly rows: readonly MockRow[]
  readonly pins: { readonly [id: string]: PinnedOutput }
  readonly placeholders: { readonly [id: string]: Placeholder }
}

const formOf = (set: MockSet | null): Form => ({
  name: set?.name ?? 'Mocks',
  rows: set ? rowsOf(set.mocks) : [blankRow],
  pins: set?.pins ?? {},
  placeholders: set?.placeholders ?? {}
})

function AnswerRows({
  rows,
  nodes,
  onChange
}: {
  rows: readonly MockRow[]
  nodes: readonly MockNode[]
  onChange: (rows: readonly MockRow[]) => void
}) {
  return (
    <>
      {rows.map((row, i) => (
        <Row
          key={i}
          row={row}
          at={i + 1}
          nodes={nodes}
          set={(next) => onChange(rows.map((one, at) => (at === i ? { ...one, ...next } : one)))}
          remove={() => onChange(rows.filter((_, at) => at !== i))}
        />
      ))}
      <button className="btn" onClick={() => onChange([...rows, blankRow])}>
        <Icon name="plus" /> Add answer
      </button>
    </>
  )
}

function PinRows({ pins, onChange }: { pins: Form['pins']; onChange: (pins: Form['pins']) => void }) {
  if (Object.keys(pins).length === 0) return null
  return (
    <>
      <h2 className="mock-heading">
        Pinned nodes{' '}
        <button className="btn" onClick={() => onChange({})}>
          Unpin all
        </button>
      </h2>
      {Object.entries(pins).map(([nodeId, pin]) => (
        <div key={nodeId} className="mock-line">
          <span className="tag mock">pinned</span>
          <span className="grow">
            Node {nodeId}: {pin.success ? 'success' : 'failure'}
            {pin.data === undefined ? ', data unchanged' : ', with its own data'}
          </span>
          <button
            className="btn quiet"
            aria-label={`Unpin node ${nodeId}`}
            onClick={() => onChange(withoutKey(pins, nodeId))}
          >
            Unpin
          </button>
        </div>
      ))}
    </>
  )
}

/** Mocks, pins and placeholders under a name, made by hand. Closed without “Cancel” its edits are there again. */
export function MockSetDialog({
  set,
  workflowId,
  nodes,
  onSaved,
  onClose
}: {
  set: MockSet | null
  workflowId: string | null
  nodes: readonly MockNode[]
  onSaved?: (set: MockSet) => void
  onClose: () => void
}) {
  const key = `mocks/${set?.id ?? ''}/${set ? '' : (workflowId ?? '')}`
  const [form, setForm, draft] = useDraft<Form>(key, formOf(set))
  const { name, rows, pins, placeholders } = form
  const put = (next: Partial<Form>) => setForm((now) => ({ ...now, ...next }))
  const parsed = mocksOf(rows)
  const save = async () => {
    if (typeof parsed === 'string') return
    const saved = await saveMocks({
      ...(set ? { id: set.id } : {}),
      name,
      workflowId: set ? set.workflowId : workflowId,
      mocks: parsed,
      pins,
      placeholders
    })
    if (isFailure(saved)) return showFailure(saved)
    draft.settle()
    toast('Saved', { tone: 'success' })
    onSaved?.(saved)
    onClose()
  }
  const remove = async () => {
    if (!set) return
    const failure = await deleteMocks(set.id)
    if (failure) return showFailure(failure)
    draft.settle()
    onClose()
    const { id: _id, savedAt: _at, ...fields } = set
    toast(`Deleted “${set.name}”`, { action: { label: 'Undo', run: () => void saveMocks(fields) } })
  }
  return (
    <Dialog
      wide
      title={set ? 'Mocks and pins' : 'New mock set'}
      onClose={onClose}
      footer={
        <>
          {set && (
            <button className="btn danger" onClick={() => void remove()}>
              Delete set
            </button>
          )}
          <span className="grow" />
          {typeof parsed === 'string' && (
            <span role="status" style={{ color: 'var(--blocked)', fontSize: 12, alignSelf: 'center' }}>
              {parsed}
            </span>
          )}
          <CancelEdits draft={draft} onClose={onClose} />
          <button
            className="btn primary"
            disabled={typeof parsed === 'string' || name.trim() === ''}
            onClick={() => void save()}
          >
            Save
          </button>
        </>
      }
    >
      <TextRow id="mocks-name" label="Name" value={name} onChange={(text) => put({ name: text })} />
      <h2 className="mock-heading">Answers</h2>
      <AnswerRows rows={rows} nodes={nodes} onChange={(rows) => put({ rows })} />
      <PinRows pins={pins} onChange={(pins) => put({ pins })} />
      <PlaceholderRows value={placeholders} onChange={(placeholders) => put({ placeholders })} />
    </Dialog>
  )
}
