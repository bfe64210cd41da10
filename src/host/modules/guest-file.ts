// Where the guest thread's file is: beside the built worker, or made from its source when Retrace runs from its sources (tests).
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { dirname, join } from 'node:path'
import { ensureFolderSync } from '../store/ensure-folder.ts'
import { stripTypes } from './strip-types.ts'

let found: string | null = null

export function guestFile(): string {
  return (found ??= builtFile() ?? fileFromSource())
}

function builtFile(): string | null {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const folder of [here, join(here, '..')]) {
    for (const name of ['guest.mjs', 'guest.js']) if (existsSync(join(folder, name))) return join(folder, name)
  }
  return null
}

function fileFromSource(): string {
  const source = fileURLToPath(new URL('./guest-thread.ts', import.meta.url))
  const code = stripTypes(readFileSync(source, 'utf8'), source)
  const folder = join(dirname(source), '..', '..', '..', 'out', 'guest')
  const file = join(folder, `${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`)
  if (!existsSync(file)) {
    ensureFolderSync(folder)
    writeFileSync(file, code)
  }
  return file
}
