import { TextRow } from '../form-row.tsx'
import type { MockSet, PinnedOutput, Placeholder } from '../../../contract/effects.ts'
import { showFailure, toast } from '../../stores/app.ts'
import { deleteMocks, isFailure, saveMocks } from '../../stores/mocks.ts'
import { useDraft } from '../../hooks/use-draft.ts'
import { CancelEdits } from '../cancel-edits.tsx'
import { Dialog } from '../dialog.tsx'
import { Icon } from '../icons.tsx'
import { blankRow, mocksOf, rowsOf } from './mock-model.ts'
import type { MockRow } from './mock-model.ts'
import { PlaceholderRows } from './placeholder-rows.tsx'
import './mocks.css'
import { MockRowFields } from './mock-row.tsx'
import type { MockNode } from './mock-row.tsx'

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
        <MockRowFields
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
