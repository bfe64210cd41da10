import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../../../contract/errors.ts'
import type { JsonMap } from '../../../contract/json.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import { isMap } from '../../../engine/php/values.ts'
import { readWorldFolder } from '../../ports/world-folder.ts'
import type { WorldFolder } from '../../ports/world-folder.ts'
import { readOwnJson } from './input.ts'
import { ofWorkspace } from './profile-for.ts'
import type { Refs } from '../thread/protocol.ts'

/** Without a world of its own a run gets the workspace's, and without a version of MISP too. */
export async function withWorld(
  given: RunOptionsInput,
  refs: Refs
): Promise<RunOptionsInput & { readonly profile: string }> {
  const options = ofWorkspace(given, refs)
  return { ...(await worldFor(options, refs)), profile: options.profile }
}

async function worldFor(
  options: RunOptionsInput,
  { world: given, worldFile, worldFolder }: Refs
): Promise<RunOptionsInput> {
  if (worldFile !== undefined && !options.world) return { ...options, world: await readUploaded(worldFile) }
  if (given && !options.world) return { ...options, world: given }
  if (options.world || worldFolder === undefined || !existsSync(worldFolder)) return options
  const { world, settings } = await readUnlessKnown(worldFolder)
  return { ...options, world, settings: { ...settings, ...options.settings } }
}

async function readUploaded(file: string): Promise<JsonMap> {
  const world = await readOwnJson(file, 'the world')
  if (isMap(world)) return world
  throw new CodedError('INPUT_NOT_OBJECT', 'the world is not a JSON object of its parts.', { file: 'the world' })
}

let known: { readonly folder: string; readonly stamp: string; readonly read: WorldFolder } | null = null

/** Warninglists of a million entries are not parsed and indexed anew for each run: indexes hang on the lists that were read. */
async function readUnlessKnown(folder: string): Promise<WorldFolder> {
  const stamp = await stampOf(folder)
  if (known?.folder === folder && known.stamp === stamp) return known.read
  const read = await readWorldFolder(folder)
  known = { folder, stamp, read }
  return read
}

/** Names, sizes and times of every file below the folder. */
async function stampOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const stamps = await Promise.all(
    files.sort().map(async (file) => {
      const info = await stat(file).catch(() => null)
      return `${file} ${info?.size ?? 0} ${info?.mtimeMs ?? 0}`
    })
  )
  return stamps.join('\n')
}
