// Small files of one kind in a folder of the workspace (mocks/, answers/), one a name. Read when they are asked for.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceProblem } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { putAside, readJson, writeAtomic } from './files.ts'
import { currentVersion, migrate } from './migrations.ts'
import type { FileKind } from './migrations.ts'
import { safeName } from './workspace.ts'

export class NamedFiles<T extends { readonly id: string }> {
  constructor(
    private readonly folder: string,
    private readonly kind: FileKind,
    private readonly report: (problem: WorkspaceProblem) => void
  ) {}

  #file(id: string): string {
    return join(this.folder, `${safeName(id)}.json`)
  }

  async ids(): Promise<readonly string[]> {
    if (!existsSync(this.folder)) return []
    const names = await readdir(this.folder)
    return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).map((name) => name.slice(0, -5))
  }

  async list(): Promise<readonly T[]> {
    const found: T[] = []
    for (const id of [...(await this.ids())].sort()) {
      const file = await this.#read(id)
      if (file) found.push(file)
    }
    return found
  }

  /** Throws MOCKS_NOT_FOUND. */
  async get(id: string): Promise<T> {
    const found = existsSync(this.#file(id)) ? await this.#read(id) : null
    if (!found)
      throw new CodedError(
        'MOCKS_NOT_FOUND',
        `The workspace has no "${id}" in ${this.kind === 'mocks' ? 'mocks' : 'answers'}/.`
      )
    return found
  }

  async save(value: T): Promise<T> {
    const file = { format: `retrace.${this.kind}`, version: currentVersion(this.kind), ...value }
    await writeAtomic(this.#file(value.id), `${JSON.stringify(file, null, 1)}\n`)
    return value
  }

  /** Into the folder's bin; nothing is removed from disk. */
  async remove(id: string): Promise<void> {
    await this.get(id)
    const bin = join(this.folder, '.deleted')
    await mkdir(bin, { recursive: true })
    await rename(this.#file(id), join(bin, `${safeName(id)}.${Date.now()}.json`))
  }

  async #read(id: string): Promise<T | null> {
    const file = this.#file(id)
    try {
      const raw = await readJson(file)
      if (raw === null) return null
      const { format: _format, version: _version, ...value } = migrate(this.kind, raw, `${this.kind}/${id}.json`)
      return { ...value, id } as unknown as T
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      const keptAs = error.details?.keptAs as string | undefined
      this.report(
        keptAs
          ? { file: `${id}.json`, code: error.code, message: error.message, keptAs }
          : await putAside(file, error.message)
      )
      return null
    }
  }
}
