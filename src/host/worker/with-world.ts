import { existsSync } from 'node:fs'
import type { RunOptionsInput } from '../../contract/operations.ts'
import { readWorldFolder } from '../ports/world-folder.ts'
import type { Refs } from './protocol.ts'

/** Without a world of its own a run gets the workspace's. */
export async function withWorld(options: RunOptionsInput, { worldFolder }: Refs): Promise<RunOptionsInput> {
  if (options.world || worldFolder === undefined || !existsSync(worldFolder)) return options
  const { world, settings } = await readWorldFolder(worldFolder)
  return { ...options, world, settings: { ...settings, ...options.settings } }
}
