// A tree over a value that stays in the host. It knows the pages it asked for and which branches are open, and answers which row is
// where; a list of 100,000 entries is 100,000 rows of which only the visible ones are ever loaded or made.
import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import type { ValueEntry, ValuePath, ValueSummary } from '../../../contract/values.ts'
import type { Failure } from '../../../contract/wire.ts'
import { countLeading } from '../../../contract/lists.ts'
import { Branches, isBranch, pageSize, pathId, positionOf } from './tree-branches.ts'
import type { Branch, LoadPage } from './tree-branches.ts'

export interface TreeRow {
  readonly id: string
  readonly path: ValuePath
  readonly depth: number
  /** Null until its page is there. */
  readonly entry: ValueEntry | null
  readonly open: boolean
  /** Row of the branch it is in; -1 at the top. */
  readonly parent: number
  /** Which entry of that branch it is. */
  readonly position: number
}

/** Rows are made when they are looked at: a list of 100,000 entries costs as much as what is on the screen. */
export interface TreeRows {
  readonly length: number
  at(index: number): TreeRow | undefined
  /** -1 when its branch is closed or not loaded. */
  indexOf(path: ValuePath): number
}

interface TreeState {
  readonly rows: TreeRows
  readonly root: ValueSummary | null
  readonly failure: Failure | null
  readonly selected: ValuePath | null
}

/** More rows than a browser can scroll over (its limit is about 33 million pixels). */
const maxRows = 1_000_000
const noRows: TreeRows = { length: 0, at: () => undefined, indexOf: () => -1 }

export interface TreeModel {
  readonly store: StoreApi<TreeState>
  start(): Promise<void>
  /** The value has changed: what is open stays open. */
  refresh(): Promise<void>
  toggle(row: TreeRow, open?: boolean): Promise<void>
  /** Loads what the rows from `first` to `last` miss. */
  need(first: number, last: number): void
  select(path: ValuePath | null): void
  /** Opens every branch above a path and selects it; answers its row, -1 when it is not there. */
  reveal(path: ValuePath): Promise<number>
  /** Opens all branches down to a depth, at most a few thousand rows. */
  expandTo(depth: number): Promise<void>
  collapse(): void
  /** What is open, so that the next value of the same kind opens in the same way. */
  opened(): readonly ValuePath[]
}

/** The last open entry above row `index` of a branch. */
function openedBefore({ opened }: Branch, index: number): Branch['opened'][number] | undefined {
  return opened[countLeading(opened, ({ row }) => row < index) - 1]
}

/** The rows of a tree whose open branches are laid out. */
function rowsOf(root: Branch): TreeRows {
  const at = (index: number): TreeRow | undefined => {
    let branch = root
    let base = 0
    let parent = -1
    for (let depth = 0; ; depth++) {
      const inside = index - base
      const above = openedBefore(branch, inside)
      const beyond = above ? inside - above.row - 1 : 0
      if (above && beyond < above.branch.size) {
        parent = base + above.row
        base = parent + 1
        branch = above.branch
        continue
      }
      const position = above ? above.position + 1 + beyond - above.branch.size : inside
      if (position < 0 || position >= branch.summary.count) return undefined
      const entry = branch.entries[position] ?? null
      const isKnown = entry !== null || branch.summary.type === 'array'
      const path = isKnown ? [...branch.path, entry?.key ?? position] : branch.path
      const open = branch.opened.some((one) => one.position === position)
      const id = isKnown ? pathId(path) : `${pathId(path)}@${position}`
      return { id, path, depth, entry, open, parent, position }
    }
  }
  const indexOf = (path: ValuePath): number => {
    let branch = root
    let base = 0
    for (let depth = 0; depth < path.length; depth++) {
      const position = positionOf(branch, path[depth] ?? '')
      if (position < 0 || position >= branch.summary.count) return -1
      const before = branch.opened.filter((one) => one.position < position)
      const row = base + position + before.reduce((sum, one) => sum + one.branch.size, 0)
      if (depth === path.length - 1) return row
      const next = branch.opened.find((one) => one.position === position)
      if (!next) return -1
      base = row + 1
      branch = next.branch
    }
    return -1
  }
  return { length: Math.min(root.size, maxRows), at, indexOf }
}

/** `remembered`: branches to open from the start, where the value has them. */
export function createTree(load: LoadPage, remembered: readonly ValuePath[] = []): TreeModel {
  const store = createStore<TreeState>(() => ({ rows: noRows, root: null, failure: null, selected: null }))
  const branches = new Branches(load, (failure) => store.setState({ failure }))
  const open = new Map<string, ValuePath>()

  const layOut = (): void => {
    const root = branches.layOut(open)
    if (root) store.setState({ rows: rowsOf(root) })
  }

  const showLoaded = (): void => {
    layOut()
    const root = branches.root()
    if (root) store.setState({ root: root.summary, failure: null })
  }

  const openBranch = async (path: ValuePath, offset = 0): Promise<boolean> => {
    const there = await branches.want(path, offset - (offset % pageSize))
    if (there && path.length > 0) open.set(pathId(path), path)
    return there
  }

  return {
    store,
    async start() {
      await Promise.all([branches.want([], 0), ...remembered.map((path) => openBranch(path))])
      const root = branches.root()
      // A value that is one thing in a wrapper (`{Event: …}`) is opened at once.
      const only = remembered.length === 0 && root?.summary.count === 1 ? root.entries[0] : undefined
      if (only && isBranch(only)) await openBranch([only.key])
      showLoaded()
    },
    async refresh() {
      branches.clear()
      await Promise.all([branches.want([], 0), ...[...open.values()].map((path) => branches.want(path, 0))])
      showLoaded()
    },
    async toggle(row, wanted = !row.open) {
      if (!row.entry || !isBranch(row.entry)) return
      if (wanted) await openBranch(row.path)
      else open.delete(row.id)
      layOut()
    },
    need(first, last) {
      const { rows } = store.getState()
      const wanted = new Map<string, readonly [ValuePath, number]>()
      for (let i = Math.max(0, first); i <= Math.min(last, rows.length - 1); i++) {
        const row = rows.at(i)
        if (!row || row.entry) continue
        const parent = rows.at(row.parent)?.path ?? []
        const offset = row.position - (row.position % pageSize)
        wanted.set(`${pathId(parent)}#${offset}`, [parent, offset])
      }
      if (wanted.size === 0) return
      void Promise.all([...wanted.values()].map(([path, offset]) => branches.want(path, offset))).then((done) => {
        if (done.some(Boolean)) layOut()
      })
    },
    select: (selected) => store.setState({ selected }),
    async reveal(path) {
      for (let depth = 0; depth < path.length; depth++) {
        const next = path[depth]
        if (!(await openBranch(path.slice(0, depth), typeof next === 'number' ? next : 0))) return -1
      }
      layOut()
      store.setState({ selected: path })
      return store.getState().rows.indexOf(path)
    },
    async expandTo(depth) {
      for (let level = 0; level < depth; level++) {
        const { rows } = store.getState()
        const closed: TreeRow[] = []
        for (let i = 0; i < Math.min(rows.length, 5000) && closed.length < 300; i++) {
          const row = rows.at(i)
          if (row?.depth === level && row.entry && isBranch(row.entry) && !row.open) closed.push(row)
        }
        await Promise.all(closed.map((row) => openBranch(row.path)))
        layOut()
        if (store.getState().rows.length > 5000) return
      }
    },
    collapse() {
      open.clear()
      layOut()
    },
    opened: () => [...open.values()]
  }
}

/** A path as MISP's hash paths write it. A key with a dot or brace cannot be written in one: null. */
export function hashPath(path: ValuePath, wildcards = true): string | null {
  const parts = path.map((key) => (typeof key === 'number' && wildcards ? '{n}' : String(key)))
  return parts.some((part) => part !== '{n}' && /[.{}[\]]/.test(part)) ? null : parts.join('.')
}
