// Data sets: events and other JSON as they came. The bytes are never read here as a whole; what needs the data (the engine worker)
// gets the path.
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataSummary, WorkspaceProblem } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { putAside, readJson, writeAtomic } from './files.ts'
import { currentVersion, migrate } from './migrations.ts'

interface MetaFile extends DataSummary {
  readonly format: 'retrace.data'
  readonly version: number
}

export class DataSets {
  readonly #byId = new Map<string, DataSummary>()
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string, report: (problem: WorkspaceProblem) => void): Promise<DataSets> {
    const sets = new DataSets(folder)
    for (const name of existsSync(folder) ? await readdir(folder) : []) {
      if (!name.endsWith('.json') || name.startsWith('.') || name.endsWith('.meta.json')) continue
      await sets.#read(name.slice(0, -'.json'.length), report)
    }
    return sets
  }

  async #read(id: string, report: (problem: WorkspaceProblem) => void): Promise<void> {
    const file = join(this.#folder, `${id}.meta.json`)
    try {
      const raw = await readJson(file)
      // A file that was put there by hand is a data set too.
      if (raw === null) this.#byId.set(id, await this.#describe(id, id))
      else this.#byId.set(id, toSummary(migrate('data', raw, `data/${id}.meta.json`) as unknown as MetaFile))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      const keptAs = error.details?.keptAs as string | undefined
      report(
        keptAs
          ? { file: `${id}.meta.json`, code: error.code, message: error.message, keptAs }
          : await putAside(file, error.message)
      )
      this.#byId.set(id, await this.#describe(id, id))
    }
  }

  list(): readonly DataSummary[] {
    return [...this.#byId.values()].sort((a, b) => (a.importedAt < b.importedAt ? 1 : -1))
  }

  get(id: string): DataSummary {
    const data = this.#byId.get(id)
    if (!data) throw new CodedError('DATA_NOT_FOUND', `There is no data set "${id}".`)
    return data
  }

  /** Ids in the bin stay taken, so that what is restored finds its place. */
  isTaken(id: string): boolean {
    return this.#byId.has(id) || existsSync(join(this.#folder, '.bin', `${id}.json`))
  }

  /** The file that holds the data, as it came. */
  fileOf(id: string): string {
    this.get(id)
    return join(this.#folder, `${id}.json`)
  }

  /** Takes over text, or a file that is moved here. */
  async add(
    id: string,
    name: string,
    from: { readonly text: string } | { readonly file: string }
  ): Promise<DataSummary> {
    const target = join(this.#folder, `${id}.json`)
    if ('text' in from) await writeAtomic(target, from.text)
    else await rename(from.file, target)
    return this.#keep(await this.#describe(id, name))
  }

  async rename(id: string, name: string): Promise<DataSummary> {
    return this.#keep({ ...this.get(id), name })
  }

  /** Moves a data set into the bin (data/.bin). */
  async bin(id: string): Promise<DataSummary> {
    const summary = this.get(id)
    const bin = join(this.#folder, '.bin')
    await mkdir(bin, { recursive: true })
    for (const name of filesOf(id))
      if (existsSync(join(this.#folder, name))) await rename(join(this.#folder, name), join(bin, name))
    this.#byId.delete(id)
    return summary
  }

  /** Takes it out of the bin. Throws DATA_NOT_FOUND. */
  async restore(id: string): Promise<DataSummary> {
    const bin = join(this.#folder, '.bin')
    if (!/^[\w.-]+$/.test(id) || !existsSync(join(bin, `${id}.json`)))
      throw new CodedError('DATA_NOT_FOUND', `The bin has no data set "${id}".`)
    for (const name of filesOf(id))
      if (existsSync(join(bin, name)) && !existsSync(join(this.#folder, name)))
        await rename(join(bin, name), join(this.#folder, name))
    await this.#read(id, () => undefined)
    return this.get(id)
  }

  async #keep(summary: DataSummary): Promise<DataSummary> {
    const meta: MetaFile = { format: 'retrace.data', version: currentVersion('data'), ...summary }
    await writeAtomic(join(this.#folder, `${summary.id}.meta.json`), JSON.stringify(meta, null, 1) + '\n')
    this.#byId.set(summary.id, summary)
    return summary
  }

  async #describe(id: string, name: string): Promise<DataSummary> {
    const file = join(this.#folder, `${id}.json`)
    const { size, mtime } = await stat(file)
    return { id, name, size, importedAt: mtime.toISOString(), events: await firstLook(file) }
  }
}

const filesOf = (id: string): readonly string[] => [`${id}.json`, `${id}.meta.json`]

const toSummary = ({ id, name, size, importedAt, events }: MetaFile): DataSummary => ({
  id,
  name,
  size,
  importedAt,
  events
})

/** What the first 64 KB tell of the event, without parsing 100 MB. */
async function firstLook(file: string): Promise<DataSummary['events']> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const text = buffer.subarray(0, bytesRead).toString('utf8')
    const info = /"info"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]
    if (info === undefined) return []
    const field = (key: string): string | null => new RegExp(`"${key}"\\s*:\\s*"([^"\\\\]*)"`).exec(text)?.[1] ?? null
    return [{ id: field('id'), uuid: field('uuid'), info: unescape(info) }]
  } finally {
    await handle.close()
  }
}

function unescape(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return text
  }
}
