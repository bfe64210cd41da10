// `.retrace.json`: which problems of a check somebody has looked at and accepted, and why.
import { existsSync, lstatSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { z } from 'zod'
import { CodedError } from '../../contract/errors.ts'
import { isRuleId } from '../../contract/rules.ts'
import { shapeProblem } from '../../engine/format/shape-problem.ts'
import { readGiven } from '../store/given-file.ts'
import { parseBytes } from '../worker/runs/input.ts'

export const suppressionFile = '.retrace.json'

const entry = z.strictObject({
  rule: z.string(),
  /** A file or a folder, from the folder of the `.retrace.json`; absent: all below it. */
  file: z.string().min(1).max(1000).optional(),
  /** Only where the problem is at no other nodes. */
  nodes: z
    .array(z.union([z.int(), z.string()]))
    .min(1)
    .max(1000)
    .optional(),
  reason: z.string().max(2000)
})
const shape = z.strictObject({ version: z.literal(1), suppress: z.array(entry).max(10_000) })

export interface Suppression {
  /** The `.retrace.json` it stands in, and its place there from 0. */
  readonly from: string
  readonly at: number
  readonly rule: string
  readonly file: string | null
  readonly nodes: ReadonlySet<string> | null
  readonly reason: string
}

/** Throws SUPPRESSION_INVALID, naming the entry. */
async function readFile(file: string, name: string): Promise<readonly Suppression[]> {
  const refuse = (place: string, why: string): CodedError =>
    new CodedError('SUPPRESSION_INVALID', `${name}${place === '' ? '' : ` at ${place}`}: ${why}.`, {
      file: name,
      ...(place === '' ? {} : { place })
    })
  let value: unknown
  try {
    if (!existsSync(file)) throw refuse('', 'it is a link to nothing')
    value = parseBytes(await readGiven(file, name), name)
  } catch (error) {
    if (!(error instanceof CodedError) || error.code === 'SUPPRESSION_INVALID') throw error
    // It names the file.
    throw new CodedError('SUPPRESSION_INVALID', error.message, { file: name })
  }
  const { version } = (value ?? {}) as { readonly version?: unknown }
  if (typeof version === 'number' && version > 1)
    throw refuse('version', `it is of version ${version}, which a newer Retrace wrote`)
  const { data, error } = shape.safeParse(value)
  if (error) {
    const { place, problem } = shapeProblem(error.issues, `a ${suppressionFile}`)
    throw refuse(place, problem)
  }
  return data.suppress.map(({ rule, file: path, nodes, reason }, at) => {
    const place = `suppress[${at}]`
    if (!isRuleId(rule)) throw refuse(`${place}.rule`, `there is no rule “${rule.slice(0, 60)}”`)
    if (rule === 'SUPPRESSION_UNUSED') throw refuse(`${place}.rule`, 'this rule cannot be suppressed; remove the entry')
    if (reason.trim() === '') throw refuse(`${place}.reason`, 'say why')
    return {
      ...{ from: name, at, rule, reason: reason.trim() },
      file: path === undefined ? null : path.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/$/, ''),
      nodes: nodes ? new Set(nodes.map(String)) : null
    }
  })
}

/** Also as a link to nothing: what somebody accepted must not get lost in silence. */
const isNamed = (file: string): boolean => {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

const slashed = (path: string): string => path.split(sep).join('/')

/** Whether a path lies in a folder, or is it. */
export const isWithin = (path: string, folder: string): boolean => {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^[a-z]:/i.test(way))
}

interface Problem {
  readonly ruleId: string
  readonly nodeIds: readonly (string | number)[]
}

/** The files that hold for what is checked, each read once. */
export class Suppressions {
  readonly #byFolder = new Map<string, Promise<readonly Suppression[]>>()
  readonly #used = new Set<Suppression>()

  /** @param top the folder above which no `.retrace.json` is looked for */
  async #around(file: string, top: string): Promise<readonly (readonly [folder: string, Suppression])[]> {
    const found: (readonly [string, Suppression])[] = []
    for (let folder = dirname(file); isWithin(folder, top); folder = dirname(folder)) {
      for (const one of await this.#of(folder)) found.push([folder, one])
      if (dirname(folder) === folder) break
    }
    return found
  }

  #of(folder: string): Promise<readonly Suppression[]> {
    const known = this.#byFolder.get(folder)
    if (known) return known
    const file = join(folder, suppressionFile)
    const name = slashed(relative(process.cwd(), file)) || suppressionFile
    const read = isNamed(file) ? readFile(file, name) : Promise.resolve([])
    this.#byFolder.set(folder, read)
    return read
  }

  /** The reason why each problem of a file is suppressed; null where it is not. */
  async reasons(file: string, top: string, problems: readonly Problem[]): Promise<readonly (string | null)[]> {
    const holding = (await this.#around(file, top)).filter(([folder, { file: path }]) =>
      path === null ? true : isWithin(file, join(folder, path))
    )
    return problems.map(({ ruleId, nodeIds }) => {
      const fitting = holding.map(([, one]) => one).filter(({ rule }) => rule === ruleId)
      const covering = fitting.filter(({ nodes }) => nodes === null || nodeIds.some((id) => nodes.has(String(id))))
      const isWhole =
        covering.some(({ nodes }) => nodes === null) ||
        (nodeIds.length > 0 && nodeIds.every((id) => covering.some(({ nodes }) => nodes?.has(String(id)))))
      if (!isWhole) return null
      for (const one of covering) this.#used.add(one)
      return covering[0]?.reason ?? null
    })
  }

  /**
   * Entries that suppressed nothing although all that they are about was checked.
   * @param checked files and whole folders
   */
  async unused(
    checked: readonly { readonly path: string; readonly isFolder: boolean }[]
  ): Promise<readonly { readonly folder: string; readonly entry: Suppression }[]> {
    const found: { folder: string; entry: Suppression }[] = []
    for (const [folder, entries] of this.#byFolder)
      for (const entry of await entries) {
        const scope = entry.file === null ? folder : join(folder, entry.file)
        const isChecked = checked.some(({ path, isFolder }) => (isFolder ? isWithin(scope, path) : scope === path))
        if (isChecked && !this.#used.has(entry)) found.push({ folder, entry })
      }
    return found
  }
}
