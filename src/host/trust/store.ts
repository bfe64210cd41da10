// Whom a person trusts, in the user's own folder: one file a workspace, so that no workspace brings its own permission and two of them never write the
// same file.
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { CodedError } from '../../contract/errors.ts'
import { writeAtomic } from '../store/files.ts'
import { putAside } from '../store/reading.ts'

const decided = z.record(z.string().max(300), z.strictObject({ hash: z.string().max(100), at: z.iso.datetime() }))
const recordFile = z.object({
  version: z.literal(1),
  /** The workspace's own id, where it is, and the number of its folder: a copy differs in one of them. */
  id: z.string(),
  folder: z.string(),
  inode: z.string(),
  allowed: decided,
  declined: decided
})
export type TrustRecord = z.output<typeof recordFile>

export interface Identity {
  readonly id: string
  readonly folder: string
  readonly inode: string
}

/** Without a folder of the user: until this process ends. */
const memory = new Map<string, TrustRecord>()

export class TrustStore {
  /** @param folder null keeps it in memory */
  constructor(readonly folder: string | null) {}

  fileOf({ id, folder }: Identity): string | null {
    return this.folder === null ? null : join(this.folder, nameOf(id, folder))
  }

  /** What was decided about that workspace; null: nothing yet, or it cannot be read. */
  read(identity: Identity): TrustRecord | null {
    const file = this.fileOf(identity)
    const found = file === null ? memory.get(nameOf(identity.id, identity.folder)) : parse(textOf(file))
    return found && found.id === identity.id && found.folder === identity.folder ? found : null
  }

  /** Something was decided about a workspace of that id, wherever it was. */
  async hasSeen(id: string): Promise<boolean> {
    if (this.folder === null) return [...memory.values()].some((record) => record.id === id)
    const names = await readdir(this.folder).catch((): string[] => [])
    return names.some((name) => name.endsWith('.json') && parse(textOf(join(this.folder as string, name)))?.id === id)
  }

  async write(record: TrustRecord): Promise<void> {
    const file = this.fileOf(record)
    if (file === null) return void memory.set(nameOf(record.id, record.folder), record)
    const before = textOf(file)
    if (before !== null && isNewer(before))
      throw new CodedError('STORE_VERSION_UNKNOWN', `trust/${basename(file)} was written by a newer Retrace.`, { file })
    if (before !== null && parse(before) === null) await putAside(file, `${basename(file)} is not a trust file.`)
    await writeAtomic(file, `${JSON.stringify(record, null, 1)}\n`, 0o600)
  }
}

const nameOf = (id: string, folder: string): string =>
  `${createHash('sha256').update(`${id}\0${folder}`).digest('hex').slice(0, 32)}.json`

function textOf(file: string): string | null {
  try {
    return lstatSync(file).isFile() ? readFileSync(file, 'utf8') : null
  } catch {
    // Not there, or not readable: nothing is allowed.
    return null
  }
}

function isNewer(text: string): boolean {
  try {
    return Number((JSON.parse(text) as { version?: unknown } | null)?.version) > 1
  } catch {
    return false
  }
}

function parse(text: string | null): TrustRecord | null {
  try {
    return text === null ? null : recordFile.parse(JSON.parse(text))
  } catch {
    return null
  }
}
