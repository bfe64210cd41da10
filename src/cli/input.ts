// Files and standard input of a command. Every error names the file.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Json, JsonMap } from '../contract/json.ts'
import { nameSettings, parseMispSettings } from '../contract/misp-settings.ts'
import type { RunOptionsInput } from '../contract/operations.ts'
import type { RawWorkflow } from '../contract/workflow.ts'
import { CodedError } from '../contract/errors.ts'
import { refuseManyNodes } from '../engine/graph/count-nodes.ts'
import { parseWorkflow } from '../engine/graph/parse.ts'
import { readWorldFolder } from '../host/ports/world-folder.ts'
import { isRegular, readGiven } from '../host/store/given-file.ts'
import { parseBytes } from '../host/worker/runs/input.ts'
import { isAddress } from '../host/trust/parts.ts'
import { numberOption } from './args.ts'
import { visible } from './style.ts'

/** What was read of each standard input, and for what: a process has one, tests in one process have theirs. */
const standardInputs = new WeakMap<object, { readonly readBy: string; readonly bytes: Promise<Buffer> }>()

/** Looks at the bytes before they are parsed. */
type Look = (bytes: Buffer) => void

/** Of a file, or of standard input (`-`), which one argument may take. */
export async function readBytes(file: string, what: string): Promise<Buffer> {
  if (file !== '-') return readGiven(file)
  const read = standardInputs.get(process.stdin) ?? { readBy: what, bytes: collect() }
  standardInputs.set(process.stdin, read)
  if (read.readBy !== what) {
    throw new CodedError(
      'COMMAND_INVALID',
      `Standard input is already used for the ${read.readBy}; give the ${what} as a file.`
    )
  }
  return read.bytes
}

/** For what reads files piece by piece: standard input (`-`) and pipes are read into a file first, which goes again. Throws as `readBytes` does. */
export async function asFile(
  argument: string,
  what: string
): Promise<{ readonly file: string; readonly remove: () => void }> {
  if (argument !== '-' && isRegular(argument)) return { file: argument, remove: () => undefined }
  const folder = mkdtempSync(join(tmpdir(), 'retrace-'))
  const file = join(folder, basename(nameOf(argument)))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    writeFileSync(file, await readBytes(argument, what), { mode: 0o600 })
  } catch (error) {
    remove()
    throw error
  }
  return { file, remove }
}

export async function readArgument(file: string, what: string, look?: Look): Promise<Json> {
  const bytes = await readBytes(file, what)
  look?.(bytes)
  return parseBytes(bytes, nameOf(file))
}

async function collect(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Whether there is something of that name to be opened, of which reading says what keeps it from that; a link to nothing is none. */
export function isThere(file: string): boolean {
  if (file === '-') return true
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    return ['EACCES', 'EPERM', 'ELOOP'].includes(String((error as NodeJS.ErrnoException).code))
  }
}

export const nameOf = (file: string): string => (file === '-' ? 'standard input' : file)

/** `pick`: which of several, by place (from 0), UUID, id or name. */
export async function readWorkflow(file: string, pick?: string): Promise<RawWorkflow> {
  const name = nameOf(file)
  const look: Look = (bytes) => refuseManyNodes({ text: bytes.toString('latin1') }, 'any', name)
  const value = await readArgument(file, 'workflow', look)
  return parseWorkflow(value, name, pick)
}

export async function readMap(file: string, what: string): Promise<JsonMap> {
  const value = await readArgument(file, what)
  // An empty map is [] once it was read as PHP reads it.
  if (Array.isArray(value) && value.length === 0) return {}
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new CodedError('INPUT_NOT_OBJECT', `${nameOf(file)} is not a JSON object.`, { file: nameOf(file) })
  }
  return value as JsonMap
}

export const environmentOptions = {
  world: 'text',
  settings: 'text',
  'misp-defaults': 'flag',
  mocks: 'text',
  cascade: 'text',
  profile: 'text',
  now: 'text',
  user: 'text',
  crash: 'flag',
  raw: 'flag'
} as const

interface Given {
  readonly world?: string | undefined
  readonly settings?: string | undefined
  readonly 'misp-defaults'?: boolean
  readonly mocks?: string | undefined
  readonly cascade?: string | undefined
  readonly profile?: string | undefined
  readonly now?: string | undefined
  readonly user?: string | undefined
  readonly crash?: boolean
  readonly raw?: boolean
}

/** MISP's settings of a file; what else stands in it is told and left out. */
function takeSettings(
  value: JsonMap | null | undefined,
  file: string,
  complain: (line: string) => void
): JsonMap | null {
  if (!value) return null
  const { settings, unknown } = parseMispSettings(value)
  if (unknown.length > 0) complain(`note ${visible(`${file}: not MISP settings, ignored: ${nameSettings(unknown)}`)}`)
  return settings
}

function userOf(given: string): string {
  if (/^\d{1,18}$/.test(given)) return given
  throw new CodedError('COMMAND_INVALID', `--user takes the id of a MISP user, not “${given.slice(0, 40)}”.`)
}

/** Answers by node or module; of a set of mocks that a workspace keeps also its pins and placeholders. */
export function mocksIn(value: JsonMap): Pick<RunOptionsInput, 'mocks' | 'pins' | 'placeholders'> {
  if (value.format !== 'retrace.mocks') return { mocks: value }
  // An empty map is [] once it was read as PHP reads it.
  const parts = (['mocks', 'pins', 'placeholders'] as const).filter((part) => !Array.isArray(value[part]))
  return Object.fromEntries(parts.map((part) => [part, value[part] ?? {}]))
}

/** What surrounds a run: the world, settings and mocks, out of their files. */
export async function readRunOptions(given: Given, complain: (line: string) => void): Promise<RunOptionsInput> {
  const folder = given.world === undefined ? null : await readWorldFolder(given.world)
  const inWorld = takeSettings(folder?.settings, 'settings.json', complain)
  // Whom a live run may contact is said by who runs it, not by a folder of data.
  const world = inWorld && Object.fromEntries(Object.entries(inWorld).filter(([name]) => !isAddress(name)))
  const settings =
    given.settings === undefined
      ? null
      : takeSettings(await readMap(given.settings, 'settings'), nameOf(given.settings), complain)
  const cascade = numberOption(given.cascade, 'cascade', 0, 100)
  if (given.now !== undefined && Number.isNaN(Date.parse(given.now))) {
    throw new CodedError('COMMAND_INVALID', `--now takes an ISO 8601 time, not “${given.now}”.`)
  }
  return {
    ...(folder ? { world: folder.world } : {}),
    ...(world || settings ? { settings: { ...world, ...settings } } : {}),
    ...(given['misp-defaults'] ? { mispDefaults: true } : {}),
    ...(given.mocks === undefined ? {} : mocksIn(await readMap(given.mocks, 'mocks'))),
    ...(cascade === undefined ? {} : { cascade }),
    ...(given.profile === undefined ? {} : { profile: given.profile }),
    ...(given.now === undefined ? {} : { now: given.now }),
    ...(given.user === undefined ? {} : { user: userOf(given.user) }),
    ...(given.crash ? { crash: true } : {}),
    ...(given.raw ? { raw: true } : {})
  }
}
