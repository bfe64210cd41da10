import { memo } from 'react'
import type { MispMarks, ValueSummary } from '../../../contract/values.ts'
import { plural } from '../../../contract/words.ts'
import { isBranch } from './tree-branches.ts'
import { tagsThatFit, textWidth } from './tag-room.ts'
import type { TreeRow, TreeRows } from './tree-model.ts'

export const rowHeight = 22
const indent = 14

type MispTag = NonNullable<MispMarks['tags']>[number]

/** A tag that does not fit keeps as much: it can still be told. */
const leastTag = 84
/** Of the monospaced text of a row. */
const letter = 7.25

const moreTitle = (hidden: readonly MispTag[], others: number): string =>
  [...hidden.map(({ name }) => name), ...(others > 0 ? [`${plural(others, 'more tag')} in the data`] : [])].join('\n')

const countText = (value: ValueSummary): string =>
  value.type === 'array' ? `[${value.count}]` : value.type === 'object' ? `{${value.count}}` : ''

/** Black or white, whichever can be read on a tag's colour. */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff'
}

/** A tag in its colour. */
export function TagMark({ tag: { name, colour }, maxWidth }: { tag: MispTag; maxWidth?: number | undefined }) {
  return (
    <span
      className="misp-tag"
      title={name}
      style={{
        ...(colour ? { background: colour, color: inkOn(colour), borderColor: 'transparent' } : {}),
        ...(maxWidth === undefined ? {} : { maxWidth })
      }}
    >
      {name}
    </span>
  )
}

/** What MISP shows beside an attribute, an event or a tag. `room`: pixels for the tags; what has none is counted. */
function Marks({ misp: { toIds, tags = [], moreTags = 0 }, room }: { misp: MispMarks; room: number }) {
  const widths = tags.map(({ name }) => textWidth(name))
  const fitting = room === Infinity ? tags.length : tagsThatFit(widths, room, moreTags > 0)
  const more = tags.length - fitting + moreTags
  return (
    <>
      {toIds !== undefined && (
        <span className={`ids${toIds ? ' on' : ''}`} title={toIds ? 'to_ids is set' : 'to_ids is not set'}>
          {toIds ? 'IDS' : 'no IDS'}
        </span>
      )}
      {tags.slice(0, fitting).map((tag, i) => (
        <TagMark key={i} tag={tag} maxWidth={room === Infinity ? undefined : Math.max(leastTag, room)} />
      ))}
      {more > 0 && (
        <span className="more-tags" title={moreTitle(tags.slice(fitting), moreTags)}>
          +{more}
        </span>
      )}
    </>
  )
}

/** A tag is told by its mark alone. */
const isItsTag = ({ preview, misp }: NonNullable<TreeRow['entry']>): boolean =>
  misp?.tags?.length === 1 && misp.tags[0]?.name === preview

/** What is left for tags in a row so many pixels wide: the value that they belong to keeps two fifths of what both share. */
function tagRoom({ depth, entry }: TreeRow, width: number): number {
  if (!entry?.misp?.tags || width === Infinity) return Infinity
  const key = depth * indent + 28 + (String(entry.key).length + 1) * letter
  const marks = (entry.misp.toIds === undefined ? 0 : 52) + (isBranch(entry) ? 14 + countText(entry).length * 7 : 0)
  const shared = width - key - marks
  return Math.floor(shared - Math.min(entry.preview.length * letter, Math.max(60, shared * 0.4)))
}

/** One line of the tree: key, value or summary, count. `named`: the rows of a table, told by their names alone. `width`: pixels of a row that must not be wider. */
function TreeLine({ row, named = false, width }: { row: TreeRow; named?: boolean; width: number }) {
  const { entry, depth } = row
  if (!entry) {
    return (
      <span className="muted" style={{ paddingLeft: depth * indent + 16 }}>
        …
      </span>
    )
  }
  const branch = isBranch(entry)
  if (named && depth === 0 && branch)
    return (
      <>
        <span className="twist" aria-hidden>
          {row.open ? '▼' : '▶'}
        </span>
        {!isItsTag(entry) && <span className="row-name">{entry.preview}</span>}
        {entry.misp && <Marks misp={entry.misp} room={tagRoom(row, width)} />}
      </>
    )
  return (
    <>
      <span className="twist" style={{ marginLeft: depth * indent }} aria-hidden>
        {branch ? (row.open ? '▼' : '▶') : ''}
      </span>
      <span className={typeof entry.key === 'number' ? 'index' : 'key'}>{entry.key}</span>
      <span className="colon">:</span>
      <span className={entry.type}>{entry.type === 'string' ? JSON.stringify(entry.preview) : entry.preview}</span>
      {entry.misp && <Marks misp={entry.misp} room={tagRoom(row, width)} />}
      {branch && <span className="meta">{countText(entry)}</span>}
      {entry.type === 'string' && entry.count > 120 && <span className="meta">{entry.count} characters</span>}
    </>
  )
}

interface TreeItemProps {
  readonly row: TreeRow
  /** Pixels from the top of all rows. */
  readonly top: number
  readonly isSelected: boolean
  readonly named: boolean
  readonly width: number
  readonly onChoose: (row: TreeRow) => void
}

/** Rows are made anew whenever they are asked for. */
const looksTheSame = ({ row: was, ...before }: TreeItemProps, { row, ...now }: TreeItemProps): boolean =>
  was.id === row.id &&
  was.entry === row.entry &&
  was.open === row.open &&
  before.top === now.top &&
  before.isSelected === now.isSelected &&
  before.named === now.named &&
  before.width === now.width &&
  before.onChoose === now.onChoose

/** A row in its place. Scrolling brings some; those that stay are not drawn anew. */
export const TreeItem = memo(function TreeItem({ row, top, isSelected, named, width, onChoose }: TreeItemProps) {
  return (
    <div
      id={`tree-${row.id}`}
      className="tree-row"
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={isSelected}
      {...(row.entry && isBranch(row.entry) ? { 'aria-expanded': row.open } : {})}
      style={{ top }}
      onClick={() => onChoose(row)}
    >
      <TreeLine row={row} named={named} width={width} />
    </div>
  )
}, looksTheSame)

/** The open branches above the first visible row, kept in sight. */
export function StickyParents({
  rows,
  first,
  named,
  width,
  onJump
}: {
  rows: TreeRows
  first: number
  named: boolean
  width: number
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
              <TreeLine row={row} named={named} width={width} />
            </div>
          )
        )
      })}
    </div>
  )
}
