// One answer of a set of mocks: whose it is, and what it says.
import { Icon } from '../icons.tsx'
import { JsonEditor } from '../json-editor.tsx'
import { failureKinds } from './mock-model.ts'
import type { MockRow } from './mock-model.ts'

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

export function MockRowFields({
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
