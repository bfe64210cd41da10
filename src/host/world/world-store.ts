// The workspace's world: world/<part>.json, lists of rows in the shapes of MISP's API. What is imported is merged row by row; a row that is
// there already is replaced.
import { largest } from '../../contract/lists.ts'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { WorldPart } from '../../contract/effects.ts'
import { plainNumber, plainText, type Json, type JsonMap } from '../../contract/json.ts'
import { isMap } from '../../engine/php/values.ts'
import { readWorldFolder, readWorldPart } from '../ports/world-folder.ts'
import { isThere, isThereSync, moveFile, writeAtomic } from '../store/files.ts'
import { mostBytes } from '../store/reading.ts'
import { pathOf } from '../store/paths.ts'

export class WorldStore {
  constructor(
    readonly folder: string,
    /** Bytes of a part; what is longer could not be read again. */
    private readonly most = mostBytes
  ) {}

  #file(part: string): string {
    return pathOf(this.folder, part, '.json')
  }

  /** Parts that can be read; `problems` takes the others. */
  async #world(problems: Map<string, unknown>): Promise<JsonMap> {
    if (!isThereSync(this.folder)) return {}
    return (await readWorldFolder(this.folder, (part, error) => problems.set(part, error))).world
  }

  async list(): Promise<readonly WorldPart[]> {
    const problems = new Map<string, unknown>()
    const parts: WorldPart[] = []
    const world = await this.#world(problems)
    for (const part of new Set([...Object.keys(world), ...problems.keys()])) {
      const rows = world[part]
      const error = problems.get(part)
      const info = await stat(this.#file(part)).catch(() => stat(join(this.folder, part)).catch(() => null))
      parts.push({
        part,
        rows: Array.isArray(rows) ? rows.length : 0,
        size: info?.isFile() ? info.size : 0,
        changedAt: (info?.mtime ?? new Date(0)).toISOString(),
        ...(error === undefined ? {} : { problem: error instanceof Error ? error.message : String(error) })
      })
    }
    return parts
  }

  async rows(part: string): Promise<readonly Json[]> {
    const problems = new Map<string, unknown>()
    const rows = (await this.#world(problems))[part]
    if (problems.has(part)) throw problems.get(part)
    return Array.isArray(rows) ? (rows as readonly Json[]) : []
  }

  /** Returns how many rows the part has then. Throws INPUT_TOO_LARGE where they are too many: then it stays as it was. */
  async merge(part: string, rows: readonly JsonMap[]): Promise<number> {
    // Lists in a folder beside the file stay where they are.
    const kept = await readWorldPart(this.folder, part)
    const before = Array.isArray(kept) ? (kept as readonly Json[]).filter((row): row is JsonMap => isMap(row)) : []
    const merged = mergeRows(before, rows)
    await writeAtomic(this.#file(part), this.#within(part, pieces(merged)))
    return merged.length
  }

  *#within(part: string, texts: Iterable<string>): Generator<string> {
    let bytes = 0
    for (const text of texts) {
      bytes += Buffer.byteLength(text)
      if (bytes > this.most) {
        const message = `World’s ${part} would have more than ${this.most} bytes; it was left unchanged. Import fewer of them.`
        throw new CodedError('INPUT_TOO_LARGE', message, { file: `world/${part}.json` })
      }
      yield text
    }
  }

  /** Into the folder's bin. */
  async remove(part: string): Promise<void> {
    const bin = join(this.folder, '.deleted')
    for (const path of [this.#file(part), pathOf(this.folder, part)])
      if (await isThere(path)) await moveFile(path, join(bin, `${Date.now()}.${basename(path)}`))
  }

  /** Everything into the bin: the next rows begin a new world. */
  async clear(): Promise<void> {
    for (const { part } of await this.list()) await this.remove(part)
  }

  /** What was removed last, unless the part is there again. */
  async restore(part: string): Promise<void> {
    const bin = join(this.folder, '.deleted')
    const names = isThereSync(bin) ? await readdir(bin) : []
    for (const path of [this.#file(part), pathOf(this.folder, part)]) {
      const last = names
        .filter((one) => /^\d+\./.test(one) && one.slice(one.indexOf('.') + 1) === basename(path))
        .sort((a, b) => parseInt(a, 10) - parseInt(b, 10))
        .at(-1)
      if (last !== undefined && !(await isThere(path))) await moveFile(join(bin, last), path)
    }
  }
}

const text = (value: Json | undefined): string => (value === undefined || value === null ? '' : plainText(value))

/** The same thing: by uuid, else by id, else by name (files of public repositories have neither). */
function isSame(a: JsonMap, b: JsonMap): boolean {
  for (const column of ['uuid', 'id', 'tag_name', 'name', 'email', 'value']) {
    const [left, right] = [text(a[column]), text(b[column])]
    if (left !== '' && right !== '') return left === right
  }
  return false
}

export function mergeRows(before: readonly JsonMap[], rows: readonly JsonMap[]): readonly JsonMap[] {
  // By every name that a row has, so that 50,000 rows are not compared with each other.
  const keysOf = (row: JsonMap): string[] =>
    ['uuid', 'id', 'tag_name', 'name', 'email', 'value'].flatMap((column) =>
      text(row[column]) === '' ? [] : [`${column} ${text(row[column])}`]
    )
  const out: JsonMap[] = [...before]
  const at = new Map<string, number>()
  out.forEach((row, i) => keysOf(row).forEach((key) => at.set(key, at.get(key) ?? i)))
  let last = largest(out.map((row) => plainNumber(row['id'])).filter(Number.isFinite), 0)
  last = largest(rows.map((row) => plainNumber(row['id'])).filter(Number.isFinite), last)
  for (const given of rows) {
    const found = keysOf(given)
      .map((key) => at.get(key))
      .find((i) => i !== undefined && isSame(out[i] as JsonMap, given))
    if (found !== undefined) {
      out[found] = { ...out[found], ...given }
      continue
    }
    const row = text(given['id']) === '' && 'name' in given ? { id: String(++last), ...given } : given
    out.push(row)
    keysOf(row).forEach((key) => at.set(key, at.get(key) ?? out.length - 1))
  }
  return out
}

/** One row a line: a list of a million entries is never one text. */
function* pieces(rows: readonly JsonMap[]): Generator<string> {
  yield '[\n'
  for (const [i, row] of rows.entries()) yield `${i === 0 ? '' : ',\n'}${JSON.stringify(row)}`
  yield '\n]\n'
}
