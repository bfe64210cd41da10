// A custom module's file, read once: what is hashed is what runs.
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { readRegular } from '../store/reading.ts'

/** Files of the folder that are modules. */
export async function moduleFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return names.filter((name) => /^[A-Za-z0-9][\w.-]*\.(ts|js|mjs)$/.test(name) && !name.endsWith('.d.ts')).sort()
}

export interface ModuleFile {
  readonly code: string
  readonly sha256: string
}

const mostBytes = 1024 * 1024

/** The text with its hash, or why there is none. */
export async function readModuleFile(folder: string, file: string): Promise<ModuleFile | { readonly error: string }> {
  try {
    const bytes = await readRegular(join(folder, file), { name: `modules/${file}`, maxBytes: mostBytes })
    if (bytes === null) return { error: 'The file does not exist.' }
    return { code: bytes.toString('utf8'), sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { error: error.message }
  }
}
