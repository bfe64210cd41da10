// What is known of every run without opening it, newest first. Kept in memory; local runs and what people said about any run (name,
// pin, bin) are appended to runs/index.ndjson. Appending costs the same with 100,000 runs as with one, which a catalogue that is
// rewritten would not. The summaries can be rebuilt from the run files; the remarks cannot, so a bad line never drops the others.
import { appendFile, readFile, readdir, stat } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunFilter } from '../../contract/operations.ts'
import type { RunFacets, RunSummary } from '../../contract/run-views.ts'
import type { RunPage, WorkspaceProblem } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { putAside, writeAtomic } from '../store/files.ts'
import { currentVersion, migrate } from '../store/migrations.ts'
import { countFacets } from './run-facets.ts'
import { buildMatcher, countChildren, rootsOf } from './run-filter.ts'
import { readRunHeader } from './run-file.ts'

type Remarks = Pick<RunSummary, 'name' | 'pinned' | 'deletedAt'>
type Line =
  | { readonly run: RunSummary }
  | { readonly remark: { readonly id: string } & Partial<Remarks> }
  | { readonly gone: string }

export interface RunIndexOptions {
  readonly folder: string
  readonly writable: () => boolean
  /** Called after each change, with the summaries as they are now. */
  readonly onChange: (changed: readonly RunSummary[], removed: readonly string[]) => void
}

export class RunIndex {
  /** Oldest first: new runs are the usual case and go to the end. */
  readonly #runs: RunSummary[] = []
  readonly #byId = new Map<string, RunSummary>()
  readonly #remarks = new Map<string, Partial<Remarks>>()
  readonly #text = new WeakMap<RunSummary, string>()
  readonly #file: string
  readonly #options: RunIndexOptions
  #lines = 0
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(options: RunIndexOptions) {
    this.#options = options
    this.#file = join(options.folder, 'index.ndjson')
  }

  /** Reads the index; what it misses comes from the run files. Problems are reported, never thrown. */
  static async open(options: RunIndexOptions, report: (problem: WorkspaceProblem) => void): Promise<RunIndex> {
    const index = new RunIndex(options)
    await index.#read(report)
    await index.#addMissing(report)
    if (index.#lines > 2 * index.#byId.size + 1000) await index.#compact()
    return index
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): RunSummary | undefined {
    return this.#byId.get(id)
  }

  /** Adds or replaces a run. `keep` false for captured runs: their own store tells them again at the next start. */
  async put(summary: RunSummary, keep = true): Promise<RunSummary> {
    const run = this.#insert(summary)
    this.#options.onChange([run], [])
    if (keep) await this.#append([{ run }])
    return run
  }

  /** Many at once, without lines in the index: captured runs at start. */
  putDerived(summaries: readonly RunSummary[]): void {
    this.#options.onChange(
      summaries.map((summary) => this.#insert(summary)),
      []
    )
  }

  /** What a person says about runs. Unknown ids throw RUN_NOT_FOUND and nothing is changed. */
  async remark(ids: readonly string[], remark: Partial<Remarks>): Promise<readonly RunSummary[]> {
    for (const id of ids) if (!this.#byId.has(id)) throw new CodedError('RUN_NOT_FOUND', `There is no run "${id}".`)
    for (const id of ids) this.#remarks.set(id, { ...this.#remarks.get(id), ...remark })
    const changed = ids.map((id) => this.#insert(this.#byId.get(id) as RunSummary))
    this.#options.onChange(changed, [])
    await this.#append(ids.map((id) => ({ remark: { id, ...remark } })))
    return changed
  }

  /** `keep` false for captured runs, which have no line in the index. */
  async remove(id: string, keep = true): Promise<void> {
    if (!this.#drop(id)) return
    this.#options.onChange([], [id])
    if (keep) await this.#append([{ gone: id }])
  }

  /** A page, newest first. The cursor names the last run of the page before, so new runs do not shift it. */
  list(filter: RunFilter, search: string, cursor: string | null, limit: number): RunPage {
    const found = buildMatcher(filter, search, (run) => this.#textOf(run))
    const roots = filter.roots === true ? rootsOf(this.#runs, found, this.#byId) : null
    const matches = roots === null ? found : (run: RunSummary) => roots.has(run)
    const before = cursor === null ? null : parseCursor(cursor)
    const runs: RunSummary[] = []
    let total = 0
    let more = false
    for (let i = this.#runs.length - 1; i >= 0; i--) {
      const run = this.#runs[i] as RunSummary
      if (!matches(run)) continue
      total++
      if (before && compareRuns(run, before) >= 0) continue
      if (runs.length < limit) runs.push(run)
      else more = true
    }
    const last = runs.at(-1)
    const page = { runs, cursor: more && last ? `${last.startedAt}|${last.id}` : null, total }
    const tree = roots !== null || filter.parent !== undefined
    return tree ? { ...page, children: countChildren(this.#runs, runs) } : page
  }

  facets(): RunFacets {
    return countFacets(this.#runs)
  }

  /** Everything asked so far is on disk. */
  async flush(): Promise<void> {
    await this.#queue
  }

  #textOf(run: RunSummary): string {
    let text = this.#text.get(run)
    if (text === undefined) {
      const { id, name, trigger, workflowName, workflowId, event, outcome, outcomeText, source, origin, words } = run
      text = [
        id,
        name,
        trigger,
        workflowName,
        workflowId,
        event?.info,
        event?.id,
        event?.uuid,
        outcome,
        outcomeText,
        source,
        origin,
        words
      ]
        .join('\n')
        .toLowerCase()
      this.#text.set(run, text)
    }
    return text
  }

  #insert(summary: RunSummary): RunSummary {
    const run = { ...summary, ...this.#remarks.get(summary.id) }
    const old = this.#byId.get(run.id)
    if (old && compareRuns(old, run) === 0) this.#runs[this.#position(old)] = run
    else {
      if (old) this.#drop(run.id)
      const last = this.#runs.at(-1)
      if (!last || compareRuns(last, run) < 0) this.#runs.push(run)
      else this.#runs.splice(this.#position(run), 0, run)
    }
    this.#byId.set(run.id, run)
    return run
  }

  #drop(id: string): boolean {
    const run = this.#byId.get(id)
    if (!run) return false
    this.#runs.splice(this.#position(run), 1)
    return this.#byId.delete(id)
  }

  /** Position of the run, or where it belongs. */
  #position(run: { readonly startedAt: string; readonly id: string }): number {
    let low = 0
    let high = this.#runs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareRuns(this.#runs[middle] as RunSummary, run) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  async #append(lines: readonly Line[]): Promise<void> {
    if (!this.#options.writable() || lines.length === 0) return
    this.#lines += lines.length
    const text = lines.map((line) => JSON.stringify(line) + '\n').join('')
    const work = this.#queue.then(async () => {
      if (!existsSync(this.#file)) await writeAtomic(this.#file, header())
      await appendFile(this.#file, text)
    })
    this.#queue = work.catch(() => undefined)
    await work
  }

  async #read(report: (problem: WorkspaceProblem) => void): Promise<void> {
    if (!existsSync(this.#file)) return
    const text = await readFile(this.#file, 'utf8')
    const lines = text.split('\n').filter((line) => line !== '')
    const bad: number[] = []
    lines.forEach((line, i) => {
      try {
        const raw = JSON.parse(line) as Line
        if (i === 0) migrate('run-index', raw, 'runs/index.ndjson')
        else this.#apply(raw)
      } catch {
        bad.push(i + 1)
      }
    })
    this.#lines = lines.length
    if (bad.length === 0) return
    if (!this.#options.writable()) return
    const problem = await putAside(this.#file, `line ${bad.slice(0, 5).join(', ')}`)
    report({
      ...problem,
      file: 'runs/index.ndjson',
      message: `${problem.message} The other ${lines.length - bad.length} lines were taken over.`
    })
    await this.#compact()
  }

  #apply(line: Line): void {
    if ('run' in line) this.#insert(line.run)
    else if ('gone' in line) this.#drop(line.gone)
    else {
      const { id, ...remark } = line.remark
      this.#remarks.set(id, { ...this.#remarks.get(id), ...remark })
      const run = this.#byId.get(id)
      if (run) this.#insert(run)
    }
  }

  /** Run files that the index does not know: copied in by hand, or the index was lost. */
  async #addMissing(report: (problem: WorkspaceProblem) => void): Promise<void> {
    const names = existsSync(this.#options.folder) ? await readdir(this.#options.folder) : []
    const present = new Set(names)
    for (const run of [...this.#runs]) {
      if (run.origin === 'local' && run.state !== 'unreadable' && !present.has(`${run.id}.ndjson`)) this.#drop(run.id)
    }
    for (const name of names) {
      if (!name.endsWith('.ndjson') || name === 'index.ndjson' || name.startsWith('.')) continue
      if (this.#byId.has(name.slice(0, -'.ndjson'.length))) continue
      const file = join(this.#options.folder, name)
      try {
        const { summary } = await readRunHeader(file)
        await this.#append([{ run: this.#insert({ ...summary, size: (await stat(file)).size }) }])
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const newer = error instanceof CodedError && error.code === 'STORE_VERSION_UNKNOWN'
        if (newer || !this.#options.writable())
          report({ file: name, code: newer ? 'STORE_VERSION_UNKNOWN' : 'STORE_FILE_UNREADABLE', message, keptAs: null })
        else report(await putAside(file, message))
      }
    }
  }

  async #compact(): Promise<void> {
    if (!this.#options.writable()) return
    const lines: Line[] = []
    for (const run of this.#runs) if (run.origin !== 'captured') lines.push({ run })
    for (const [id, remark] of this.#remarks) lines.push({ remark: { id, ...remark } })
    await writeAtomic(this.#file, header() + lines.map((line) => JSON.stringify(line) + '\n').join(''))
    this.#lines = lines.length + 1
  }
}

const header = (): string =>
  JSON.stringify({ format: 'retrace.run-index', version: currentVersion('run-index') }) + '\n'

/** By start, then id: a total order, so that a cursor is exact. */
function compareRuns(
  a: { readonly startedAt: string; readonly id: string },
  b: { readonly startedAt: string; readonly id: string }
): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function parseCursor(cursor: string): { readonly startedAt: string; readonly id: string } {
  const cut = cursor.indexOf('|')
  if (cut < 0) throw new CodedError('PARAMS_INVALID', 'The cursor is not one of runs.list.', { place: 'cursor' })
  return { startedAt: cursor.slice(0, cut), id: cursor.slice(cut + 1) }
}
