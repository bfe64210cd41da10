import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../icons.tsx'
import { MockSetDialog } from '../mocks/mock-set-dialog.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { mocks, openMocks, unpin } from '../../stores/mocks.ts'
import type { EffectfulNode } from './effectful-nodes.ts'

/** Which mocks and pins the run uses; what is pinned is named here, so that nobody wonders later. */
export function MockFields({
  workflowId,
  value,
  onChange,
  nodes,
  pins: canPin = true
}: {
  workflowId: string | null
  value: string | null
  onChange: (id: string | null) => void
  nodes: readonly EffectfulNode[]
  /** A module alone is executed, whatever is pinned. */
  pins?: boolean
}) {
  useEffect(openMocks, [])
  const [editing, setEditing] = useState<'new' | 'edit' | null>(null)
  const all = useStore(mocks, (state) => state.sets) ?? []
  const sets = all.filter(
    (one) => one.workflowId === null || workflowId === null || one.workflowId === workflowId || one.id === value
  )
  const set = all.find((one) => one.id === value)
  const pins = canPin ? Object.entries(set?.pins ?? {}) : []
  const release = async (nodeId?: number) => {
    if (!set) return
    const failure = await unpin(set.id, nodeId)
    if (failure) showFailure(failure)
    else toast(nodeId === undefined ? 'Unpinned all nodes' : `Unpinned node ${nodeId}`)
  }
  return (
    <div className="section">
      <h2>{canPin ? 'Mocks and pins' : 'Mocks'}</h2>
      <div style={{ display: 'flex', gap: 6 }}>
        <select
          className="field grow"
          aria-label="Mock set"
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value || null)}
        >
          <option value="">None</option>
          {sets.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({plural(Object.keys(one.mocks).length, 'mock')}
              {canPin && `, ${plural(Object.keys(one.pins).length, 'pin')}`})
            </option>
          ))}
        </select>
        <button className="btn" disabled={!set} onClick={() => setEditing('edit')}>
          Edit…
        </button>
        <button className="btn" onClick={() => setEditing('new')}>
          New…
        </button>
      </div>
      {set && (
        <p style={{ fontSize: 12, marginTop: 6 }}>
          {Object.keys(set.mocks).length > 0 && (
            <span className="tag mock">{plural(Object.keys(set.mocks).length, 'mocked response')}</span>
          )}{' '}
          {pins.length > 0 && <span className="tag mock">{plural(pins.length, 'pinned node')}</span>}
        </p>
      )}
      {pins.map(([nodeId, pin]) => (
        <div key={nodeId} className="pin-row">
          <Icon name="thumbtack" />
          <span className="grow ellipsis">
            Node {nodeId} is not executed: {pin.success ? 'success' : 'failure'}
            {pin.data === undefined ? ', data unchanged' : ', with its own data'}
          </span>
          <button
            className="btn quiet"
            aria-label={`Unpin node ${nodeId}`}
            onClick={() => void release(Number(nodeId))}
          >
            Unpin
          </button>
        </div>
      ))}
      {pins.length > 1 && (
        <button className="btn" style={{ marginTop: 4 }} onClick={() => void release()}>
          Unpin all
        </button>
      )}
      {editing && (
        <MockSetDialog
          set={editing === 'edit' ? (set ?? null) : null}
          workflowId={workflowId}
          nodes={nodes}
          onSaved={(saved) => onChange(saved.id)}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  )
}
