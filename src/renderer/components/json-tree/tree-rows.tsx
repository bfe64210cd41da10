import type { ValueSummary } from '../../../contract/values.ts'
import { isBranch } from './tree-model.ts'
import type { TreeRow, TreeRows } from './tree-model.ts'

export const rowHeight = 22
const indent = 14

const countText = (value: ValueSummary): string =>
  value.type === 'array' ? `[${value.count}]` : value.type === 'object' ? `{${value.count}}` : ''

/** One line of the tree: key, value or summary, count. */
export function TreeLine({ row }: { row: TreeRow }) {
  const { entry, depth } = row
  if (!entry) {
    return (
      <span className="muted" style={{ paddingLeft: depth * indent + 16 }}>
        …
      </span>
    )
  }
  const branch = isBranch(entry)
  return (
    <>
      <span className="twist" style={{ marginLeft: depth * indent }} aria-hidden>
        {branch ? (row.open ? '▼' : '▶') : ''}
      </span>
      <span className={typeof entry.key === 'number' ? 'index' : 'key'}>{entry.key}</span>
      <span className="colon">:</span>
      <span className={entry.type}>{entry.type === 'string' ? JSON.stringify(entry.preview) : entry.preview}</span>
      {branch && <span className="meta">{countText(entry)}</span>}
      {entry.type === 'string' && entry.count > 120 && <span className="meta">{entry.count} characters</span>}
    </>
  )
}

/** The open branches above the first visible row, kept in sight. */
export function StickyParents({
  rows,
  first,
  onJump
}: {
  rows: TreeRows
  first: number
  onJump: (index: number) => void
}) {
  const chain: number[] = []
  for (let i = rows.at(first)?.parent ?? -1; i >= 0; i = rows.at(i)?.parent ?? -1) chain.unshift(i)
  return (
    <div className="tree-sticky" aria-hidden>
      {chain.slice(-4).map((index) => {
        const row = rows.at(index)
        return (
          row && (
            <div key={row.id} className="tree-row" onClick={() => onJump(index)}>
              <TreeLine row={row} />
            </div>
          )
        )
      })}
    </div>
  )
}
