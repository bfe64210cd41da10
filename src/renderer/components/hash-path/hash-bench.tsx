import { useMemo, useState } from 'react'
import type { HashLook, HashMatch } from '../../../contract/authoring.ts'
import type { DataSource } from '../../../contract/operations.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { JsonTree } from '../json-tree/json-tree.tsx'
import { hashPath } from '../json-tree/tree-model.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { valueSource } from '../value-source.ts'
import { readsOne } from './readings.ts'
import { operatorLabel } from '../param-form/param-options.ts'

interface HashBenchProps {
  readonly data: DataSource
  readonly path: string
  readonly base?: string
  readonly operator?: string
  /** Given: values of the tree can be picked as a path. */
  readonly onPick?: (path: string) => void
  /** Offers the data as a tree. */
  readonly tree?: boolean
  /** Where a match is, for a tree beside it. */
  readonly onReveal?: (path: ValuePath) => void
}

/** What each segment of a path finds in the data, where it stops, and what get and extract answer. */
export function HashBench({ data, path, base, operator = '', onPick, tree = false, onReveal }: HashBenchProps) {
  const { answer, waiting } = useLatest(
    'hash.look',
    { data, path, limit: 200, ...(base === undefined ? {} : { base }) },
    120
  )
  const isAsked = path !== '' || base !== undefined
  const [picking, setPicking] = useState(false)
  const [reveal, setReveal] = useState<ValuePath | null>(null)
  const show = (at: ValuePath) => {
    if (onReveal) return onReveal(at)
    setReveal(at)
    setPicking(true)
  }
  return (
    <div className={`hash-bench${waiting && isAsked ? ' waiting' : ''}`} role="group" aria-label="Hash path tester">
      {answer && !answer.ok && <p className="finds bad">{answer.error.message}</p>}
      {isAsked ? (
        answer?.ok && <Look look={answer.data} operator={operator} onShow={tree || onReveal ? show : null} />
      ) : (
        <p className="muted">Type a hash path to see what it finds in the data, segment by segment.</p>
      )}
      {tree && onPick && (
        <>
          <button className="btn quiet" aria-expanded={picking} onClick={() => setPicking(!picking)}>
            {picking ? '▾ Data' : '▸ Pick a path in the data'}
          </button>
          {picking && <PickTree data={data} base={base} reveal={reveal} onPick={onPick} />}
        </>
      )}
    </div>
  )
}

function PickTree({
  data,
  base,
  reveal,
  onPick
}: {
  data: DataSource
  base: string | undefined
  reveal: ValuePath | null
  onPick: (path: string) => void
}) {
  const source = useMemo(() => valueSource(data), [JSON.stringify(data)])
  const pick = (at: ValuePath) => {
    const path = pathBelow(at, base)
    if (path !== null) onPick(path)
  }
  return (
    <div className="hash-tree">
      <JsonTree source={source} label="Data for picking a path" reveal={reveal} onPick={pick} />
    </div>
  )
}

/** The path of a picked value as it is written, below a selector without the part that chose the item. */
export function pathBelow(at: ValuePath, base: string | undefined): string | null {
  if (base === undefined || base === '') return hashPath(at)
  const depth = base.split('.').length + (/[{[]/.test(base) ? 0 : 1)
  return hashPath(at.slice(depth)) || null
}

function Look({
  look,
  operator,
  onShow
}: {
  look: HashLook
  operator: string
  onShow: ((at: ValuePath) => void) | null
}) {
  const [chosen, setChosen] = useState<number | null>(null)
  const last = look.stoppedAt ?? look.segments.length - 1
  const at = chosen === null || chosen >= look.segments.length ? last : chosen
  const segment = look.segments[at]
  return (
    <>
      <div className="hash-segments" role="tablist" aria-label="Segments of the path">
        {look.items !== null && (
          <span className="hash-items" title="Items of the selector">
            {plural(look.items, 'item')}
          </span>
        )}
        {look.segments.map((one, i) => (
          <button
            key={i}
            role="tab"
            aria-selected={i === at}
            className={one.matches === 0 ? 'none' : ''}
            title={one.meaning}
            onClick={() => setChosen(i)}
          >
            <code>{one.token || '(empty)'}</code>
            <span className="num">{formatCount(one.matches)}</span>
          </button>
        ))}
      </div>
      {segment && (
        <p className="hash-meaning">
          <code>{segment.token}</code> {segment.meaning}: {plural(segment.matches, 'value')}
        </p>
      )}
      {look.stoppedAt !== null && at >= look.stoppedAt ? (
        <Stopped look={look} />
      ) : (
        <Matches matches={segment?.samples ?? look.extract.matches} total={segment?.matches ?? 0} onShow={onShow} />
      )}
      <Readings look={look} operator={operator} />
      {look.warnings.map((text, i) => (
        <p key={i} className="finds bad">
          PHP warning only: {text}
        </p>
      ))}
    </>
  )
}

function Stopped({ look }: { look: HashLook }) {
  const there = look.valuesThere.length > 0 ? look.valuesThere : look.keysThere
  return (
    <div className="hash-stopped" role="status">
      <b>{look.summary.split(':')[0]}.</b>{' '}
      {there.length > 0 && (
        <span>
          {look.valuesThere.length > 0 ? 'Values there: ' : 'Nearest keys there: '}
          {there.map((one) => (
            <code key={one}>{one}</code>
          ))}
        </span>
      )}
    </div>
  )
}

function Matches({
  matches,
  total,
  onShow
}: {
  matches: readonly HashMatch[]
  total: number
  onShow: ((at: ValuePath) => void) | null
}) {
  if (matches.length === 0) return null
  return (
    <ul className="hash-matches" aria-label="Matches" tabIndex={0}>
      {matches.map((match, i) => (
        <li key={i}>
          {onShow ? (
            <button className="where" onClick={() => onShow(match.path)} title="Show in the data">
              {match.path.join('.') || '(root)'}
            </button>
          ) : (
            <span className="where">{match.path.join('.')}</span>
          )}
          <span className={`value ${match.type}`}>
            {match.type === 'string' ? JSON.stringify(match.preview) : match.preview}
          </span>
        </li>
      ))}
      {total > matches.length && <li className="muted">and {formatCount(total - matches.length)} more</li>}
    </ul>
  )
}

/** The two readings side by side: MISP takes the one or the other, and that is where conditions go wrong. */
function Readings({ look, operator }: { look: HashLook; operator: string }) {
  const one = readsOne(operator)
  const inItem = look.items !== null
  return (
    <dl className="hash-readings">
      <div className={operator !== '' && !one ? 'used' : ''}>
        <dt>
          extract{operator !== '' && !one && <span className="tag accent">used by “{operatorLabel(operator)}”</span>}
        </dt>
        <dd>{look.extract.total === 0 ? 'an empty list' : `a list of ${plural(look.extract.total, 'value')}`}</dd>
      </div>
      <div className={one ? 'used' : ''}>
        <dt>
          {inItem ? 'first value' : 'get'}
          {one && <span className="tag accent">used by “{operatorLabel(operator)}”</span>}
        </dt>
        <dd title={look.get.note ?? undefined}>
          {look.get.found ? look.get.preview : 'nothing'}
          {look.get.note && <span className="muted"> {look.get.note}</span>}
        </dd>
      </div>
    </dl>
  )
}
