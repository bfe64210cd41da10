// A tree over a value that stays in the host. It knows the pages it asked for, which branches are open, and lays the open ones
// out as rows; a list of 100,000 entries is 100,000 rows of which only the visible ones are ever loaded.
import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import type { ValueEntry, ValuePage, ValuePath, ValueSummary } from '../../../contract/values.ts'
import type { Answer, Failure } from '../../../contract/wire.ts'

export type LoadPage = (path: ValuePath, offset: number, limit: number) => Promise<Answer<ValuePage>>

export interface TreeRow {
  readonly id: string
  readonly path: ValuePath
  readonly depth: number
  /** Null until its page is there. */
  readonly entry: ValueEntry | null
  readonly open: boolean
  readonly parent: number
}

interface Branch {
  readonly path: ValuePath
  readonly summary: ValueSummary
  readonly entries: (ValueEntry | undefined)[]
}

export interface TreeState {
  readonly rows: readonly TreeRow[]
  readonly root: ValueSummary | null
  readonly failure: Failure | null
  readonly selected: string | null
}

export const pathId = (path: ValuePath): string => JSON.stringify(path)
const pageSize = 100
/** More rows than a browser can scroll over (its limit is about 33 million pixels). */
const maxRows = 1_000_000

export const isBranch = (value: ValueSummary): boolean =>
  (value.type === 'array' || value.type === 'object') && value.count > 0

export interface TreeModel {
  readonly store: StoreApi<TreeState>
  start(): Promise<void>
  toggle(row: TreeRow, open?: boolean): Promise<void>
  /** Loads what the rows from `first` to `last` miss. */
  need(first: number, last: number): void
  select(id: string | null): void
  /** Opens every branch above a path and selects it; answers its row, -1 when it is not there. */
  reveal(path: ValuePath): Promise<number>
  /** Opens all branches down to a depth, at most a few thousand rows. */
  expandTo(depth: number): Promise<void>
  collapse(): void
}

export function createTree(load: LoadPage): TreeModel {
  const branches = new Map<string, Branch>()
  const open = new Set<string>()
  const asked = new Set<string>()
  const store = createStore<TreeState>(() => ({ rows: [], root: null, failure: null, selected: null }))

  const layOut = (): void => {
    const rows: TreeRow[] = []
    const visit = (branch: Branch, depth: number, parent: number): void => {
      for (let i = 0; i < branch.summary.count && rows.length < maxRows; i++) {
        const entry = branch.entries[i] ?? null
        const key = entry ? entry.key : i
        const path = entry || branch.summary.type === 'array' ? [...branch.path, key] : branch.path
        const id = entry || branch.summary.type === 'array' ? pathId(path) : `${pathId(branch.path)}@${i}`
        const child = open.has(id) ? branches.get(id) : undefined
        const index = rows.push({ id, path, depth, entry, open: child !== undefined, parent }) - 1
        if (child) visit(child, depth + 1, index)
      }
    }
    const root = branches.get('[]')
    if (root) visit(root, 0, -1)
    store.setState({ rows })
  }

  const fetchPage = async (path: ValuePath, offset: number): Promise<boolean> => {
    const id = pathId(path)
    const mark = `${id}#${offset}`
    if (asked.has(mark)) return branches.has(id)
    asked.add(mark)
    const answer = await load(path, offset, pageSize)
    if (!answer.ok) {
      asked.delete(mark)
      store.setState({ failure: answer.error })
      return false
    }
    const page = answer.data
    const branch = branches.get(id) ?? { path, summary: page, entries: [] }
    page.entries.forEach((entry, i) => (branch.entries[page.offset + i] = entry))
    branches.set(id, branch)
    if (path.length === 0) store.setState({ root: page, failure: null })
    return true
  }

  const openBranch = async (path: ValuePath, offset = 0): Promise<boolean> => {
    const there = await fetchPage(path, offset - (offset % pageSize))
    if (there) open.add(pathId(path))
    return there
  }

  return {
    store,
    async start() {
      await fetchPage([], 0)
      // A value that is one thing in a wrapper (`{Event: …}`) is opened at once.
      const root = branches.get('[]')
      const only = root?.summary.count === 1 ? root.entries[0] : undefined
      if (only && isBranch(only)) await openBranch([only.key])
      layOut()
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
        const row = rows[i]
        if (!row || row.entry) continue
        const parent = row.parent < 0 ? [] : (rows[row.parent]?.path ?? [])
        const position =
          typeof row.path.at(-1) === 'number' && row.path.length > parent.length
            ? Number(row.path.at(-1))
            : Number(row.id.split('@').at(-1))
        const offset = position - (position % pageSize)
        wanted.set(`${pathId(parent)}#${offset}`, [parent, offset])
      }
      if (wanted.size === 0) return
      void Promise.all([...wanted.values()].map(([path, offset]) => fetchPage(path, offset))).then((done) => {
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
      const id = pathId(path)
      store.setState({ selected: id })
      return store.getState().rows.findIndex((row) => row.id === id)
    },
    async expandTo(depth) {
      for (let level = 0; level < depth; level++) {
        const { rows } = store.getState()
        const closed = rows
          .filter((row) => row.depth === level && row.entry && isBranch(row.entry) && !row.open)
          .slice(0, 300)
        await Promise.all(closed.map((row) => openBranch(row.path)))
        layOut()
        if (store.getState().rows.length > 5000) return
      }
    },
    collapse() {
      open.clear()
      layOut()
    }
  }
}

/** A path as MISP's hash paths write it. A key with a dot or brace cannot be written in one: null. */
export function hashPath(path: ValuePath, wildcards = true): string | null {
  const parts = path.map((key) => (typeof key === 'number' && wildcards ? '{n}' : String(key)))
  return parts.some((part) => part !== '{n}' && /[.{}[\]]/.test(part)) ? null : parts.join('.')
}
