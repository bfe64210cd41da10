// What is known of every run without opening it, newest first. Kept in memory; local runs and what people said about any run (name,
// pin, bin) are appended to runs/index.ndjson. Appending costs the same with 100,000 runs as with one, which a catalogue that is
// rewritten would not. The summaries can be rebuilt from the run files; the remarks cannot, so a bad line never drops the others.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunFilter } from '../../contract/operations.ts'
import type { RunFacets, RunSummary } from '../../contract/run-views.ts'
import type { RunPage } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { appendText, isThereSync, mayBeWritten, writeAtomic } from '../store/files.ts'
import { idsIn, reportOtherId } from '../store/folders.ts'
import { currentVersion } from '../store/migrations.ts'
import { pathOf } from '../store/paths.ts'
import { keep, orReport, parseJson, parseStored, putAside, readLines, unreadable, type Care } from '../store/reading.ts'
import { runIndexLine, runIndexShape } from '../store/schemas.ts'
import { countFacets } from './run-facets.ts'
import type { RunOrder } from './run-order.ts'
import { readRunHeader } from './run-file.ts'
import { RunList } from './run-list.ts'

type Remarks = Pick<RunSummary, 'name' | 'pinned' | 'deletedAt' | 'verified'>
type Line =
  | { readonly run: RunSummary }
  | { readonly remark: { readonly id: string } & Partial<Remarks> }
  | { readonly gone: string }

export interface RunIndexOptions {
  readonly folder: string
  /** Called after each change, with the summaries as they are now. */
  readonly onChange: (changed: readonly RunSummary[], removed: readonly string[]) => void
}

export class RunIndex {
  /** With what was said about them. */
  readonly #runs = new RunList()
  readonly #remarks = new Map<string, Partial<Remarks>>()
  readonly #file: string
  readonly #options: RunIndexOptions
  readonly #care: Care
  #lines = 0
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(options: RunIndexOptions, care: Care) {
    this.#options = options
    this.#care = care
    this.#file = join(options.folder, 'index.ndjson')
  }

  /** Reads the index; what it misses comes from the run files. Problems are reported, never thrown. */
  static async open(options: RunIndexOptions, care: Care): Promise<RunIndex> {
    const index = new RunIndex(options, care)
    await index.#read()
    await index.#addMissing()
    if (index.#lines > 2 * index.#runs.size + 1000) await index.#compact()
    return index
  }

  get size(): number {
    return this.#runs.size
  }

  get(id: string): RunSummary | undefined {
    return this.#runs.get(id)
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
    for (const id of ids) if (!this.#runs.has(id)) throw new CodedError('RUN_NOT_FOUND', `There is no run “${id}”.`)
    if (this.#care.writable() && !mayBeWritten(this.#file))
      throw new CodedError(
        'STORE_VERSION_UNKNOWN',
        'runs/index.ndjson was left unchanged: names and pins of runs cannot be saved.'
      )
    for (const id of ids) this.#remarks.set(id, { ...this.#remarks.get(id), ...remark })
    const changed = ids.map((id) => this.#insert(this.#runs.get(id) as RunSummary))
    this.#options.onChange(changed, [])
    await this.#append(ids.map((id) => ({ remark: { id, ...remark } })))
    return changed
  }

  /** `keep` false for captured runs, which have no line in the index. */
  async remove(id: string, keep = true): Promise<void> {
    if (!this.#runs.drop(id)) return
    this.#options.onChange([], [id])
    if (keep) await this.#append([{ gone: id }])
  }

  /** A page, newest first. The cursor names the last run of the page before, so new runs do not shift it. */
  list(filter: RunFilter, search: string, cursor: string | null, limit: number, sort?: RunOrder): RunPage {
    return this.#runs.page(filter, search, cursor, limit, sort)
  }

  facets(): RunFacets {
    return countFacets(this.#runs.all)
  }

  /** Everything asked so far is on disk. */
  async flush(): Promise<void> {
    await this.#queue
  }

  #insert(summary: RunSummary): RunSummary {
    const run = { ...summary, ...this.#remarks.get(summary.id) }
    this.#runs.put(run)
    return run
  }

  async #append(lines: readonly Line[]): Promise<void> {
    if (!this.#isWritable || lines.length === 0) return
    this.#lines += lines.length
    const text = lines.map((line) => JSON.stringify(line) + '\n').join('')
    const work = this.#queue.then(async () => {
      if (!isThereSync(this.#file)) await writeAtomic(this.#file, header())
      await appendText(this.#file, text)
    })
    this.#queue = work.catch(() => undefined)
    await work
  }

  /** A newer Retrace's index stays as it is: runs are found in their files, remarks are refused. */
  get #isWritable(): boolean {
    return this.#care.writable() && mayBeWritten(this.#file)
  }

  async #read(): Promise<void> {
    if (!isThereSync(this.#file)) return
    const bad: number[] = []
    const read = await orReport(this.#file, this.#care, name, async () => {
      for await (const lines of readLines(this.#file, { name, maxBytes: mostLineBytes })) {
        for (const line of lines) if (line !== '' && !this.#takeLine(line, ++this.#lines)) bad.push(this.#lines)
      }
      if (this.#lines === 0) throw unreadable(name, 'it is empty')
      return true
    })
    if (read === null || bad.length === 0) return
    const lines = `line ${bad.slice(0, 5).join(', ')}`
    if (!this.#care.writable())
      return this.#care.report(await keep(this.#file, unreadable(name, lines), this.#care, name))
    const problem = await putAside(this.#file, lines, name)
    this.#care.report({
      ...problem,
      message: `${problem.message} The other ${this.#lines - bad.length} lines were read.`
    })
    await this.#compact()
  }

  /** False for a line that is none. Throws STORE_VERSION_UNKNOWN for the head of a newer Retrace's file. */
  #takeLine(line: string, number: number): boolean {
    try {
      const raw = parseJson(line, name)
      if (number === 1) parseStored(raw, name, runIndexShape)
      else this.#apply(runIndexLine.parse(raw))
      return true
    } catch (error) {
      if (error instanceof CodedError && error.code === 'STORE_VERSION_UNKNOWN') throw error
      return false
    }
  }

  #apply(line: Line): void {
    if ('run' in line) this.#insert(line.run)
    else if ('gone' in line) this.#runs.drop(line.gone)
    else {
      const { id, ...remark } = line.remark
      this.#remarks.set(id, { ...this.#remarks.get(id), ...remark })
      const run = this.#runs.get(id)
      if (run) this.#insert(run)
    }
  }

  /** Run files that the index does not know: copied in by hand, or the index was lost. */
  async #addMissing(): Promise<void> {
    const { folder } = this.#options
    const ids = (await idsIn(folder, 'runs', '.ndjson', this.#care.report)).filter((id) => id !== 'index')
    const present = new Set(ids)
    for (const run of [...this.#runs.all]) {
      if (run.origin === 'local' && run.state !== 'unreadable' && !present.has(run.id)) this.#runs.drop(run.id)
    }
    for (const id of ids) {
      if (this.#runs.has(id)) continue
      const file = pathOf(folder, id, '.ndjson')
      const shown = `runs/${id}.ndjson`
      const found = await orReport(file, this.#care, shown, async () => {
        const { summary } = await readRunHeader(file)
        return { ...summary, id, size: (await stat(file)).size, said: summary.id }
      })
      if (found === null) continue
      const { said, ...summary } = found
      reportOtherId(shown, said, id, this.#care.report)
      await this.#append([{ run: this.#insert(summary) }])
    }
  }

  async #compact(): Promise<void> {
    if (!this.#isWritable) return
    const lines: Line[] = []
    for (const run of this.#runs.all) if (run.origin !== 'captured') lines.push({ run })
    for (const [id, remark] of this.#remarks) lines.push({ remark: { id, ...remark } })
    await writeAtomic(this.#file, header() + lines.map((line) => JSON.stringify(line) + '\n').join(''))
    this.#lines = lines.length + 1
  }
}

const name = 'runs/index.ndjson'
const mostLineBytes = 16 * 1024 * 1024

const header = (): string =>
  JSON.stringify({ format: 'retrace.run-index', version: currentVersion('run-index') }) + '\n'
