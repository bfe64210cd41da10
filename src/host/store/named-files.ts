// Small files of one kind in a folder of the workspace (mocks/, answers/), one a name. Read when they are asked for.
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { moveFile, writeAtomic } from './files.ts'
import { idsIn, reportOtherId } from './folders.ts'
import { currentVersion } from './migrations.ts'
import { pathOf, safeName } from './paths.ts'
import { readOrReport, type Care, type Shape } from './reading.ts'

export class NamedFiles<T extends { readonly id: string }> {
  /** Those that were reported: they are read each time that somebody asks. */
  readonly #reported = new Set<string>()
  readonly #care: Care
  /** Tells of a file that cannot be read, once. */
  readonly report: Care['report']

  constructor(
    private readonly folder: string,
    private readonly shape: Shape<T>,
    care: Care
  ) {
    this.report = (problem) => {
      if (this.#reported.has(problem.message)) return
      this.#reported.add(problem.message)
      care.report(problem)
    }
    this.#care = { writable: care.writable, report: this.report }
  }

  #file(id: string): string {
    return pathOf(this.folder, id, '.json')
  }

  /** Ids that have a file, whatever is in it. */
  ids(): Promise<readonly string[]> {
    return idsIn(this.folder, this.shape.kind, '.json', this.#care.report)
  }

  async list(): Promise<readonly T[]> {
    const found: T[] = []
    for (const id of await this.ids()) {
      const file = await this.#read(id)
      if (file) found.push(file)
    }
    return found
  }

  /** Throws MOCKS_NOT_FOUND. */
  async get(id: string): Promise<T> {
    const found = await this.#read(id)
    if (!found) throw new CodedError('MOCKS_NOT_FOUND', `The workspace has no “${id}” in ${this.shape.kind}/.`)
    return found
  }

  /** Null where there is none. */
  find(id: string): Promise<T | null> {
    return this.#read(id)
  }

  async save(value: T): Promise<T> {
    const { kind } = this.shape
    const file = this.#file(safeName(value.id))
    // What is there and cannot be read is put aside first, and not replaced.
    await this.#read(value.id)
    const text = JSON.stringify({ format: `retrace.${kind}`, version: currentVersion(kind), ...value }, null, 1)
    await writeAtomic(file, `${text}\n`)
    return value
  }

  /** Into the folder's bin; nothing is removed from disk. `isKnown`: it was just read elsewhere. */
  async remove(id: string, isKnown = false): Promise<void> {
    if (!isKnown) await this.get(id)
    await moveFile(this.#file(id), pathOf(join(this.folder, '.deleted'), id, `.${Date.now()}.json`))
  }

  async #read(id: string): Promise<T | null> {
    const name = `${this.shape.kind}/${id}.json`
    const read = await readOrReport(this.#file(id), this.shape, this.#care, { name })
    if (read === null) return null
    const { format: _format, version: _version, ...value } = read as T & { format?: unknown; version?: unknown }
    reportOtherId(name, value.id, id, this.#care.report)
    return { ...value, id } as unknown as T
  }
}
