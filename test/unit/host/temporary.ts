import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

/** Folders of a test, removed after it. */
export function temporaryFolders(): () => string {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
    // An attack leaves a hundred thousand files.
  }, 120_000)
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'retrace-'))
    folders.push(folder)
    return folder
  }
}
