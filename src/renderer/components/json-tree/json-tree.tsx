import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import type { ValuePath } from '../../../contract/values.ts'
import { useWidth } from '../../hooks/use-width.ts'
import { showFailure, toast } from '../../stores/app.ts'
import { preferences } from '../../stores/preferences.ts'
import { EmptyState, FailureState, Loading } from '../empty-state.tsx'
import { isBranch, pathId } from './tree-branches.ts'
import { createTree, hashPath } from './tree-model.ts'
import type { TreeModel, TreeRow, TreeRows } from './tree-model.ts'
import type { ValueSource } from './value-source.ts'
import { leadingTo, onlyMatches } from './only-matches.ts'
import { TreeBar } from './tree-bar.tsx'
import { rowHeight, StickyParents, TreeItem } from './tree-rows.tsx'
import './json-tree.css'

/** What was open in the last value of each kind, and how far it was scrolled. */
const lastOpened = new Map<string, { readonly opened: readonly ValuePath[]; readonly top: number }>()

function keepOpened(kind: string, opened: readonly ValuePath[], top: number): void {
  lastOpened.delete(kind)
  lastOpened.set(kind, { opened: opened.slice(0, 60), top })
  const oldest = lastOpened.size > 20 ? lastOpened.keys().next().value : undefined
  if (oldest !== undefined) lastOpened.delete(oldest)
}

/** A JSON value that stays in the host: virtualised, searchable, with MISP's things in one line each. */
export function JsonTree({
  source,
  label,
  reveal,
  revision = 0,
  onPick,
  onWhoSet,
  onWatch
}: {
  source: ValueSource
  label: string
  reveal?: ValuePath | null
  /** Another one: the source's value has changed, and what is open stays open. */
  revision?: number
  /** Called with the place of each value that a person selects. */
  onPick?: (path: ValuePath) => void
  /** Asks who set the value at that place. */
  onWhoSet?: ((path: ValuePath) => void) | undefined
  /** Follows what stands at a hash path through the run. */
  onWatch?: ((path: string) => void) | undefined
}) {
  const { kind } = source
  const whole = useMemo(() => createTree(source.load, kind ? lastOpened.get(kind)?.opened : []), [source.key])
  const [filter, setFilter] = useState<{ readonly key: string; readonly paths: readonly ValuePath[] } | null>(null)
  const filtered = useMemo(() => {
    if (filter?.key !== source.key) return null
    const keys = leadingTo(filter.paths)
    return createTree(
      onlyMatches(source.load, keys),
      [...keys.keys()].map((id) => JSON.parse(id) as ValuePath)
    )
  }, [filter, source.key])
  const tree = filtered ?? whole
  useEffect(() => void whole.start(), [whole])
  useEffect(() => void filtered?.start(), [filtered])
  const seen = useRef(revision)
  useEffect(() => {
    if (seen.current === revision) return
    seen.current = revision
    void whole.refresh()
    void filtered?.refresh()
  }, [revision, whole, filtered])
  // As layout effect: the scroll position is gone with the element.
  useLayoutEffect(
    () => () => {
      if (kind && whole.store.getState().root) keepOpened(kind, whole.opened(), scroll.current?.scrollTop ?? 0)
    },
    [whole, kind]
  )
  const { root, failure } = useStore(whole.store)
  const rows = useStore(tree.store, (state) => state.rows)
  const scroll = useRef<HTMLDivElement>(null)
  const jump = useRef<(index: number) => void>(() => undefined)

  useEffect(() => {
    if (reveal && root) void tree.reveal(reveal).then((index) => index >= 0 && jump.current(index))
  }, [reveal, root, tree])

  if (failure && !root) return <FailureState failure={failure} retry={() => void whole.start()} />
  if (!root) return <Loading label="Loading data" />
  if (root.type === 'missing') return <EmptyState title="No data">This step has no value of this kind.</EmptyState>
  if (!isBranch(root))
    return (
      <pre className="tree-text">{root.type === 'array' ? '[]' : root.type === 'object' ? '{}' : root.preview}</pre>
    )
  return (
    <div className="column">
      <TreeBar
        tree={tree}
        source={source}
        filtered={filtered !== null}
        onFilter={(paths) => setFilter(paths && { key: source.key, paths })}
        onFound={(index) => jump.current(index)}
      />
      <TreeBody
        tree={tree}
        rows={rows}
        label={label}
        scroll={scroll}
        jump={jump}
        source={source}
        onWhoSet={onWhoSet}
        onWatch={onWatch}
        {...(onPick ? { onPick } : {})}
      />
      <PathBar tree={tree} rows={rows} source={source} onWhoSet={onWhoSet} onWatch={onWatch} />
    </div>
  )
}

interface BodyProps {
  readonly tree: TreeModel
  readonly rows: TreeRows
  readonly label: string
  readonly scroll: React.RefObject<HTMLDivElement | null>
  readonly jump: { current: (index: number) => void }
  readonly source: ValueSource
  readonly onPick?: (path: ValuePath) => void
  readonly onWhoSet: ((path: ValuePath) => void) | undefined
  readonly onWatch: ((path: string) => void) | undefined
}

function TreeBody({ tree, rows, label, scroll, jump, source, onPick, onWhoSet, onWatch }: BodyProps) {
  const selected = useStore(tree.store, (state) => state.selected)
  const wide = useStore(preferences, (state) => state.wideTree)
  const box = useWidth(scroll)
  const width = wide || box === 0 ? Infinity : box
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    initialOffset: () => (source.kind ? (lastOpened.get(source.kind)?.top ?? 0) : 0)
  })
  jump.current = (index) => virtual.scrollToIndex(index, { align: 'center' })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => tree.need(first, last), [tree, first, last, rows])

  const move = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index))
    const row = rows.at(to)
    if (!row) return
    tree.select(row.path)
    onPick?.(row.path)
    virtual.scrollToIndex(to)
  }
  const choose = useCallback(
    (row: TreeRow) => {
      tree.select(row.path)
      onPick?.(row.path)
      void tree.toggle(row)
    },
    [tree, onPick]
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const at = selected ? rows.indexOf(selected) : -1
    const row = rows.at(at)
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(at < 0 ? 0 : at - 1),
      PageDown: () => move(at + 20),
      PageUp: () => move(at - 20),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => row && (row.open ? move(at + 1) : void tree.toggle(row, true)),
      ArrowLeft: () => row && (row.open ? void tree.toggle(row, false) : row.parent >= 0 && move(row.parent)),
      Enter: () => row && void tree.toggle(row),
      ...(onWhoSet ? { W: () => row && onWhoSet(row.path) } : {}),
      // Without a value it is the key that asks for a path.
      ...(onWatch && row ? { w: () => watchRow(row, onWatch) } : {})
    }
    const action = event.ctrlKey || event.metaKey ? undefined : actions[event.key]
    if ((event.ctrlKey || event.metaKey) && event.key === 'c' && row && !getSelection()?.toString())
      void copyValue(source, row)
    else if (action) action()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const selectedId = selected && pathId(selected)
  const top = Math.floor((virtual.scrollOffset ?? 0) / rowHeight)
  return (
    <div
      ref={scroll}
      className={`tree grow${wide ? '' : ' narrow'}`}
      role="tree"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      aria-activedescendant={
        selectedId !== null && items.some((item) => rows.at(item.index)?.id === selectedId)
          ? `tree-${selectedId}`
          : undefined
      }
    >
      {top > 0 && <StickyParents rows={rows} first={top} named={source.named === true} width={width} onJump={move} />}
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const row = rows.at(item.index)
          return (
            row && (
              <TreeItem
                key={row.id}
                row={row}
                top={item.start}
                isSelected={row.id === selectedId}
                named={source.named === true}
                width={width}
                onChoose={choose}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

async function copyValue(source: ValueSource, row: TreeRow, asJson = false): Promise<void> {
  const answer = await source.text(row.path)
  if (!answer.ok) return showFailure(answer.error)
  const { text } = answer.data
  const plain = !asJson && row.entry?.type === 'string' ? String(JSON.parse(text)) : text
  await navigator.clipboard.writeText(plain)
  toast('Copied')
}

async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
  toast('Copied')
}

function watchRow(row: TreeRow, onWatch: (path: string) => void): void {
  const path = hashPath(row.path, false)
  if (path) onWatch(path)
  else toast('A hash path cannot express this key, so it cannot be watched.')
}

type PathBarProps = Pick<BodyProps, 'tree' | 'rows' | 'source' | 'onWhoSet' | 'onWatch'>

/** Where the selected row is, and what can be copied of it. */
function PathBar({ tree, rows, source, onWhoSet, onWatch }: PathBarProps) {
  const selected = useStore(tree.store, (state) => state.selected)
  const row = selected ? rows.at(rows.indexOf(selected)) : undefined
  if (!row) return null
  const path = hashPath(row.path)
  const exact = hashPath(row.path, false)
  return (
    <div className="tree-path">
      <span className="ellipsis grow" title={path ?? undefined}>
        {path ?? <span className="muted">a hash path cannot express this key</span>}
      </span>
      <button className="btn quiet" onClick={() => void copyValue(source, row)} title="Copy the value (Ctrl+C)">
        Copy value
      </button>
      <button className="btn quiet" onClick={() => void copyValue(source, row, true)}>
        JSON
      </button>
      {path !== null && (
        <button className="btn quiet" onClick={() => void copyText(path)}>
          Hash path
        </button>
      )}
      {onWhoSet && (
        <button className="btn quiet" onClick={() => onWhoSet(row.path)} title="Which steps set this value (Shift+W)">
          Who set it
        </button>
      )}
      {onWatch && exact !== null && exact !== '' && (
        <button
          className="btn quiet"
          onClick={() => onWatch(exact)}
          title="Follow it through the run, as a column of the timeline (W)"
        >
          Watch
        </button>
      )}
    </div>
  )
}
