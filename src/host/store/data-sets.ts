// Data sets: events and other JSON as they came. The bytes are never read here as a whole; what needs the data (the engine worker)
// gets the path.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataSummary } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { eventHead } from './event-head.ts'
import { isThereSync, moveFile, privateFile, writeAtomic } from './files.ts'
import { idsIn, reportOtherId } from './folders.ts'
import { currentVersion } from './migrations.ts'
import { isPlainName, isSameName, pathOf } from './paths.ts'
import { openRegular, orReport, readOrReport, unreadable, type Care } from './reading.ts'
import { dataShape } from './schemas.ts'

interface MetaFile extends DataSummary {
  readonly format: 'retrace.data'
  readonly version: number
}

type Given = { readonly text: string } | { readonly file: string }

/** What a workspace has already of what is to come in. */
export interface KnownData {
  /** With the very same bytes. */
  readonly same?: DataSummary
  /** Another state of the one event that it is. */
  readonly other?: DataSummary
}

const endings = ['.json', '.meta.json']

export class DataSets {
  readonly #byId = new Map<string, DataSummary>()
  /** Names whose files are on their way. */
  readonly #adding = new Set<string>()

  private constructor(
    readonly folder: string,
    private readonly care: Care
  ) {}

  static async open(folder: string, care: Care): Promise<DataSets> {
    const sets = new DataSets(folder, care)
    for (const id of await idsIn(folder, 'data', '.json', care.report)) if (!id.endsWith('.meta')) await sets.#read(id)
    return sets
  }

  /** A file that was put there by hand, without a meta, is a data set too. */
  async #read(id: string): Promise<void> {
    const described = await orReport(this.#file(id), this.care, `data/${id}.json`, () => this.#describe(id, id))
    if (described === null) return
    const name = `data/${id}.meta.json`
    const meta = await readOrReport(pathOf(this.folder, id, '.meta.json'), dataShape, this.care, { name })
    if (meta !== null) reportOtherId(name, meta.id, id, this.care.report)
    this.#byId.set(id, meta === null ? described : { ...meta, id })
  }

  #file(id: string): string {
    return pathOf(this.folder, id, '.json')
  }

  list(): readonly DataSummary[] {
    return [...this.#byId.values()].sort((a, b) => (a.importedAt < b.importedAt ? 1 : -1))
  }

  get(id: string): DataSummary {
    const data = this.#byId.get(id)
    if (!data) throw new CodedError('DATA_NOT_FOUND', `There is no data set “${id}”.`)
    return data
  }

  /** Ids in the bin stay taken, so that what is restored finds its place; so do those of files that cannot be read. */
  isTaken(id: string): boolean {
    return (
      [...this.#byId.keys(), ...this.#adding].some((known) => isSameName(known, id)) ||
      isThereSync(this.#file(id)) ||
      isThereSync(pathOf(join(this.folder, '.bin'), id, '.json'))
    )
  }

  /** The file that holds the data, as it came. */
  fileOf(id: string): string {
    this.get(id)
    return this.#file(id)
  }

  /** Looks for what is given among what is there. */
  async known(given: Given): Promise<KnownData> {
    const size = 'text' in given ? Buffer.byteLength(given.text) : (await stat(given.file)).size
    const alike = this.list().filter((one) => one.size === size)
    const hash = alike.length === 0 ? '' : await hashOf(given)
    for (const one of alike) if ((await hashOf({ file: this.#file(one.id) })) === hash) return { same: one }
    const head = 'text' in given ? given.text.slice(0, headBytes) : await headOf(given.file, 'the upload')
    const { uuid, isAlone } = eventHead(head)
    if (uuid === null || !isAlone) return {}
    for (const one of this.list()) {
      if (one.events[0]?.uuid?.toLowerCase() !== uuid.toLowerCase()) continue
      if (eventHead(await headOf(this.#file(one.id), `data/${one.id}.json`)).isAlone) return { other: one }
    }
    return {}
  }

  /** Takes over text, or a file that is moved here. */
  async add(id: string, name: string, from: Given): Promise<DataSummary> {
    const target = this.#file(id)
    if (isThereSync(target)) throw new CodedError('FILE_EXISTS', `There is a data set “${id}” already.`, { file: id })
    // Another import under way has this name already: its file is not there yet.
    if (this.#adding.has(id)) throw new CodedError('FILE_EXISTS', `There is a data set “${id}” already.`, { file: id })
    this.#adding.add(id)
    try {
      if ('text' in from) await writeAtomic(target, from.text, privateFile)
      else await moveFile(from.file, target)
      return await this.#keep(await this.#describe(id, name))
    } finally {
      this.#adding.delete(id)
    }
  }

  async rename(id: string, name: string): Promise<DataSummary> {
    return this.#keep({ ...this.get(id), name })
  }

  /** Moves a data set into the bin (data/.bin). */
  async bin(id: string): Promise<DataSummary> {
    const summary = this.get(id)
    const bin = join(this.folder, '.bin')
    for (const ending of endings) {
      const file = pathOf(this.folder, id, ending)
      if (isThereSync(file)) await moveFile(file, pathOf(bin, id, ending))
    }
    this.#byId.delete(id)
    return summary
  }

  /** Takes it out of the bin. Throws DATA_NOT_FOUND. */
  async restore(id: string): Promise<DataSummary> {
    const bin = join(this.folder, '.bin')
    if (!isPlainName(id) || !isThereSync(pathOf(bin, id, '.json')) || isThereSync(this.#file(id)))
      throw new CodedError('DATA_NOT_FOUND', `The bin has no data set “${id}”.`)
    for (const ending of endings) {
      const [from, to] = [pathOf(bin, id, ending), pathOf(this.folder, id, ending)]
      if (isThereSync(from) && !isThereSync(to)) await moveFile(from, to)
    }
    await this.#read(id)
    return this.get(id)
  }

  async #keep(summary: DataSummary): Promise<DataSummary> {
    const meta: MetaFile = { format: 'retrace.data', version: currentVersion('data'), ...summary }
    await writeAtomic(pathOf(this.folder, summary.id, '.meta.json'), JSON.stringify(meta, null, 1) + '\n')
    this.#byId.set(summary.id, summary)
    return summary
  }

  async #describe(id: string, name: string): Promise<DataSummary> {
    const file = this.#file(id)
    const events = await firstLook(file, `data/${id}.json`)
    const { size, mtime } = await stat(file)
    return { id, name, size, importedAt: mtime.toISOString(), events }
  }
}

/** As much is looked at to tell the event. */
const headBytes = 65_536

async function headOf(file: string, name: string): Promise<string> {
  const handle = await openRegular(file, { name })
  if (handle === null) throw unreadable(name, 'it no longer exists')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await handle.close()
  }
}

async function firstLook(file: string, name: string): Promise<DataSummary['events']> {
  const { id, uuid, info } = eventHead(await headOf(file, name))
  return info === null ? [] : [{ id, uuid, info }]
}

async function hashOf(given: Given): Promise<string> {
  const hash = createHash('sha256')
  if ('text' in given) hash.update(given.text)
  else for await (const piece of createReadStream(given.file)) hash.update(piece as Buffer)
  return hash.digest('hex')
}
