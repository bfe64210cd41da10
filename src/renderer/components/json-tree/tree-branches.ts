// The branches of a tree that are loaded, page by page, and how those that are open lie among the rows.
import type { ValueEntry, ValuePage, ValuePath, ValueSummary } from '../../../contract/values.ts'
import type { Answer, Failure } from '../../../contract/wire.ts'

export type LoadPage = (path: ValuePath, offset: number, limit: number) => Promise<Answer<ValuePage>>

export interface Branch {
  readonly path: ValuePath
  readonly summary: ValueSummary
  readonly entries: (ValueEntry | undefined)[]
  /** Where each key of a map is among them. */
  readonly places: Map<string | number, number>
  /** Its open entries in order; `row` counts from the branch's first row. */
  opened: readonly { readonly position: number; readonly row: number; readonly branch: Branch }[]
  /** Rows that it takes with everything that is open in it. */
  size: number
}

export const pathId = (path: ValuePath): string => JSON.stringify(path)
export const pageSize = 100
export const isBranch = (value: ValueSummary): boolean =>
  (value.type === 'array' || value.type === 'object') && value.count > 0

/** Where a key is among the entries of a branch that are loaded. */
export const positionOf = (branch: Branch, key: string | number): number =>
  branch.summary.type === 'array' ? Number(key) : (branch.places.get(key) ?? -1)

export class Branches {
  readonly #known = new Map<string, Branch>()
  /** Pages that are there or on their way. */
  readonly #asked = new Map<string, Promise<boolean>>()

  constructor(
    private readonly load: LoadPage,
    private readonly failed: (failure: Failure) => void
  ) {}

  root(): Branch | undefined {
    return this.#known.get('[]')
  }

  clear(): void {
    this.#known.clear()
    this.#asked.clear()
  }

  /** Asks for a page once; false when it could not be had. */
  want(path: ValuePath, offset: number): Promise<boolean> {
    const mark = `${pathId(path)}#${offset}`
    const answer = this.#asked.get(mark) ?? this.#ask(path, offset, mark)
    this.#asked.set(mark, answer)
    return answer
  }

  async #ask(path: ValuePath, offset: number, mark: string): Promise<boolean> {
    const answer = await this.load(path, offset, pageSize)
    if (!answer.ok) {
      this.#asked.delete(mark)
      this.failed(answer.error)
      return false
    }
    const page = answer.data
    const branch = this.#branchAt(path, page)
    page.entries.forEach((entry, i) => {
      branch.entries[page.offset + i] = entry
      branch.places.set(entry.key, page.offset + i)
    })
    return true
  }

  #branchAt(path: ValuePath, summary: ValueSummary): Branch {
    const id = pathId(path)
    const known = this.#known.get(id)
    if (known) return known
    const branch: Branch = { path, summary, entries: [], places: new Map(), opened: [], size: summary.count }
    this.#known.set(id, branch)
    return branch
  }

  /** Gives every branch that shows its size and its open entries; returns the root. */
  layOut(open: ReadonlyMap<string, ValuePath>): Branch | undefined {
    const children = new Map<Branch, Branch[]>()
    for (const [id, path] of open) {
      const branch = this.#known.get(id)
      const above = this.#known.get(pathId(path.slice(0, -1)))
      if (!branch || !above || !isBranch(branch.summary)) continue
      const known = children.get(above)
      if (known === undefined) children.set(above, [branch])
      else known.push(branch)
    }
    const root = this.root()
    if (root) measure(root, children)
    return root
  }
}

function measure(branch: Branch, children: ReadonlyMap<Branch, readonly Branch[]>): void {
  const placed = (children.get(branch) ?? [])
    .map((child) => ({ position: positionOf(branch, child.path.at(-1) ?? ''), branch: child }))
    .filter(({ position }) => position >= 0)
    .sort((a, b) => a.position - b.position)
  let extra = 0
  branch.opened = placed.map((one) => {
    measure(one.branch, children)
    const row = one.position + extra
    extra += one.branch.size
    return { ...one, row }
  })
  branch.size = branch.summary.count + extra
}
