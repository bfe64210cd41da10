import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file or folder of resources/, beside the sources or beside the built program, whichever is running; null when it is not there. */
export function findResource(...names: readonly string[]): string | null {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const here = join(folder, 'resources', ...names)
    if (existsSync(here)) return here
    const above = dirname(folder)
    if (above === folder) return null
    folder = above
  }
}
