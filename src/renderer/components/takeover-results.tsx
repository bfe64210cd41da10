import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { buildHash } from '../stores/router.ts'
import { clearResults, decide, takeover, waiting } from '../stores/takeover.ts'
import type { TakeoverRow } from '../stores/takeover.ts'
import type { TakenOver } from '../../contract/effects.ts'
import { formatCount, plural } from '../../contract/words.ts'
import { Icon } from './icons.tsx'
import { PlainTable } from './plain-table.tsx'
import './takeover-results.css'

const places: Record<TakenOver['to'], { readonly label: string; readonly view: string | null }> = {
  workflows: { label: 'Workflows', view: 'workflows' },
  data: { label: 'Data', view: 'data' },
  world: { label: 'World', view: 'world' },
  settings: { label: 'Settings', view: 'settings' },
  nothing: { label: 'skipped', view: null }
}

/** What a run can start from. */
const runnable: Partial<Record<TakenOver['to'], 'workflow' | 'data'>> = { workflows: 'workflow', data: 'data' }

function Place({ taken }: { taken: TakenOver }) {
  const { label, view } = places[taken.to]
  if (view === null) return <span className="muted">{label}</span>
  const run = taken.id === undefined ? null : runnable[taken.to]
  return (
    <>
      <a href={buildHash(taken.id !== undefined && view !== 'settings' ? [view, taken.id] : [view])}>{label}</a>
      {run && (
        <>
          {' · '}
          <a href={buildHash(['workflows', 'run'], { [run]: taken.id ?? '' })}>
            {run === 'data' ? 'Run a workflow on this data' : 'Run…'}
          </a>
        </>
      )}
    </>
  )
}

function Decide({ rows, all = false }: { rows: readonly TakeoverRow[]; all?: boolean }) {
  const [version, copy] = all ? ['All as new versions', 'All as copies'] : ['New version', 'Copy']
  return (
    <span style={{ display: 'inline-flex', gap: 6 }}>
      <button className="btn" onClick={() => void decide(rows, 'version')}>
        {version}
      </button>
      <button className="btn" onClick={() => void decide(rows, 'copy')}>
        {copy}
      </button>
    </span>
  )
}

/** The file's own name and “tags: tags” say nothing. */
const isTelling = ({ kind, name, to }: TakenOver, from: string): boolean =>
  name !== '' && name !== from && name !== kind && to !== 'world'

/** What each file or answer turned out to be, and where it went. What has come is brought into view. */
export function TakeoverResults() {
  const { rows, busy } = useStore(takeover)
  const box = useRef<HTMLDivElement>(null)
  const newest = rows[0]?.id ?? 0
  const seen = useRef(newest)
  useEffect(() => {
    if (newest > seen.current && busy === null) box.current?.scrollIntoView({ block: 'nearest' })
    if (busy === null) seen.current = newest
  }, [newest, busy])
  if (rows.length === 0 && !busy) return null
  return (
    <div ref={box} className="takeover-results" aria-live="polite">
      {busy && (
        <p style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 12 }}>
          <span className="spinner" /> {busy}…
        </p>
      )}
      {waiting(rows).length > 1 && (
        <p style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 12 }}>
          {plural(waiting(rows).length, 'workflow')} are here already. <Decide rows={waiting(rows)} all />
        </p>
      )}
      {rows.some(({ taken }) => taken?.asks === undefined) && (
        <p className="head">
          <b>What came of imports in this session</b>
          <button className="btn quiet icon" aria-label="Close the list of what was imported" onClick={clearResults}>
            <Icon name="xmark" />
          </button>
        </p>
      )}
      {rows.length > 0 && (
        <PlainTable label="Imported" heads={['From', 'Type', 'Rows', 'Imported into']} numbers={['Rows']}>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="ellipsis" title={row.from}>
                {row.from}
              </td>
              {row.taken ? (
                <>
                  <td>
                    {row.taken.kind}
                    {isTelling(row.taken, row.from) && `: ${row.taken.name}`}
                    {row.taken.note && <div className="muted">{row.taken.note}</div>}
                  </td>
                  <td className="num">{formatCount(row.taken.count)}</td>
                  <td>{row.taken.asks ? <Decide rows={[row]} /> : <Place taken={row.taken} />}</td>
                </>
              ) : (
                <td colSpan={3} style={{ color: 'var(--blocked)' }}>
                  {row.failure?.message}
                </td>
              )}
            </tr>
          ))}
        </PlainTable>
      )}
    </div>
  )
}
