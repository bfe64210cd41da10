// A folder and those above it. Node's own way of making them (`recursive`) never ends below /proc, where nothing can be made and the system says
// that the folder above, which is there, is missing: Node asks for it again without an end, in a thread that nobody can stop.
import { mkdirSync, statSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** `mode`: of those that are made. Rejects with the system's error for the first one that neither is there nor can be made. */
export async function ensureFolder(folder: string, mode?: number): Promise<void> {
  const isThere = (path: string): Promise<boolean> =>
    stat(path).then(
      (info) => info.isDirectory(),
      () => false
    )
  const missing: string[] = []
  for (const path of upwards(folder)) {
    if (await isThere(path)) break
    missing.push(path)
  }
  for (const path of missing.reverse())
    await mkdir(path, mode).catch(async (error: unknown) => {
      // Somebody else made it meanwhile.
      if (!(await isThere(path))) throw error
    })
}

export function ensureFolderSync(folder: string, mode?: number): void {
  const isThere = (path: string): boolean => {
    try {
      return statSync(path).isDirectory()
    } catch {
      return false
    }
  }
  const missing: string[] = []
  for (const path of upwards(folder)) {
    if (isThere(path)) break
    missing.push(path)
  }
  for (const path of missing.reverse()) {
    try {
      mkdirSync(path, mode)
    } catch (error) {
      if (!isThere(path)) throw error
    }
  }
}

function* upwards(folder: string): Generator<string> {
  let path = resolve(folder)
  for (let above = dirname(path); above !== path; above = dirname(path)) {
    yield path
    path = above
  }
  yield path
}
