import { useState } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import type { DataSource } from '../../../contract/operations.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { Sentence } from '../param-form/sentence.tsx'
import { profileNow } from '../../stores/added-modules.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import './hash-path.css'

type Show = 'all' | 'kept' | 'dropped'

/** What a node filter keeps and drops, with the reason for each item. */
export function FilterBench({
  data,
  filters,
  onReveal
}: {
  data: DataSource
  filters: JsonMap
  onReveal?: (at: ValuePath) => void
}) {
  const [show, setShow] = useState<Show>('all')
  const { answer, waiting } = useLatest('hash.filter', { data, filters, limit: 200, profile: profileNow() }, 200)
  if (!answer) return <p className="finds muted">&nbsp;</p>
  if (!answer.ok) return <p className="finds bad">{answer.error.message}</p>
  const look = answer.data
  const items = look.shown.filter((item) => show === 'all' || item.kept === (show === 'kept'))
  return (
    <div className={`hash-bench${waiting ? ' waiting' : ''}`} role="group" aria-label="Items of the filter">
      <p className={`finds ${look.failure || (look.enabled && look.kept === 0) ? 'bad' : 'good'}`} role="status">
        <Sentence text={look.summary.text} />
      </p>
      {look.shown.length > 0 && (
        <>
          <div className="chips" role="group" aria-label="Show items">
            {(['all', 'kept', 'dropped'] as const).map((one) => (
              <button key={one} className="chip" aria-pressed={show === one} onClick={() => setShow(one)}>
                {one}
                {one === 'kept' ? ` ${look.kept}` : one === 'dropped' ? ` ${look.items - look.kept}` : ` ${look.items}`}
              </button>
            ))}
          </div>
          <ul className="filter-items" aria-label="Items" tabIndex={0}>
            {items.map((item, i) => (
              <li key={i} className={item.kept ? 'kept' : 'dropped'}>
                <span className={`tag ${item.kept ? 'ok' : ''}`}>{item.kept ? 'kept' : 'dropped'}</span>
                {onReveal ? (
                  <button className="where" onClick={() => onReveal(item.path)} title="Show in the data">
                    {item.preview}
                  </button>
                ) : (
                  <span className="ellipsis" title={item.path.join('.')}>
                    {item.preview}
                  </span>
                )}
                <span className="reason">
                  <Sentence text={item.reason.text} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
