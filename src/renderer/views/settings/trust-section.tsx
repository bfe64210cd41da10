import { useState } from 'react'
import { useStore } from 'zustand'
import type { TrustItem } from '../../../contract/trust.ts'
import { decide, trust } from '../../stores/trust.ts'
import { PlainTable } from '../../components/plain-table.tsx'

const kinds: Readonly<Record<TrustItem['kind'], string>> = {
  sends: 'sends',
  opens: 'opens',
  deletes: 'deletes',
  runs: 'runs'
}

const reasons: Readonly<Record<NonNullable<TrustItem['reason']>, string>> = {
  came: 'Not set here: it came with the folder or an import, or from an older Retrace.',
  changed: 'It was changed after it was allowed here.',
  moved: 'It was allowed in another folder: this workspace was moved, copied or restored.'
}

function Row({ item, chosen, choose }: { item: TrustItem; chosen: boolean; choose: (on: boolean) => void }) {
  return (
    <tr>
      <td>
        {item.state !== 'allowed' && (
          <input
            type="checkbox"
            aria-label={item.text}
            checked={chosen}
            onChange={(event) => choose(event.target.checked)}
          />
        )}
      </td>
      <td>
        {item.text}
        {item.reason && <div className="muted">{reasons[item.reason]}</div>}
      </td>
      <td>
        <span className="tag">{kinds[item.kind]}</span>
      </td>
      <td>
        <span className={item.state === 'allowed' ? 'tag ok' : 'tag'}>
          {item.state === 'allowed' ? 'allowed' : item.state === 'declined' ? 'off, declined' : 'off'}
        </span>
      </td>
    </tr>
  )
}

/** Everything of the workspace that would send, open, delete or run something, and whether it may. */
export function TrustSection() {
  const items = useStore(trust, (state) => state.items)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const idOf = ({ key, hash }: TrustItem): string => `${key} ${hash}`
  const off = items.filter(({ state }) => state !== 'allowed')
  // What asks is chosen until a person takes it out; a module that nobody switched on is not.
  const isChosen = (item: TrustItem): boolean => (item.asks && item.state === 'waiting') !== left.has(idOf(item))
  const chosen = off.filter(isChosen)
  const choose = (item: TrustItem, on: boolean) => {
    const next = new Set(left)
    if (on === (item.asks && item.state === 'waiting')) next.delete(idOf(item))
    else next.add(idOf(item))
    setLeft(next)
  }
  const answer = (allow: boolean) => void decide(chosen, allow).then(() => setLeft(new Set()))
  if (items.length === 0)
    return <p className="muted hint">Nothing in this workspace would send, open, delete or run anything on its own.</p>
  return (
    <>
      <p className="muted hint">
        Settings you made here are on. Content that came with the workspace or an import is off until you allow it, and
        off again when it is changed elsewhere.
      </p>
      <PlainTable label="Content of this workspace" heads={['Choose', 'Effect', 'Kind', 'State']}>
        {items.map((item) => (
          <Row key={idOf(item)} item={item} chosen={isChosen(item)} choose={(on) => choose(item, on)} />
        ))}
      </PlainTable>
      {off.length > 0 && (
        <p className="folder-line">
          <button className="btn primary" disabled={chosen.length === 0} onClick={() => answer(true)}>
            Allow {chosen.length === 1 ? 'it' : `these ${chosen.length}`}
          </button>
          <button className="btn" disabled={chosen.length === 0} onClick={() => answer(false)}>
            Keep off
          </button>
        </p>
      )}
    </>
  )
}
