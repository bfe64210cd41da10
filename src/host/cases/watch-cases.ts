// Tells when something in a folder of cases or below it was saved, made or removed: by hand, by git, by another program. Each folder is watched
// by itself: watching all below one is not the same thing on every system.
import { lstatSync, readdirSync, watch, type FSWatcher } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { casesFolder } from './case-files.ts'

/** More folders are not watched: systems have few watches. */
const mostFolders = 500

/** Folders with their inodes: one that is made anew under its name is another one. */
type Folders = ReadonlyMap<string, number>

interface Watching {
  readonly folders: () => Folders
  /** Whether what has that name in the folder matters; null: the system does not say which. */
  readonly matters: (folder: string, name: string | null) => boolean
  /** Editors save in several steps, and git writes many files: milliseconds from the first on. */
  readonly settle: number
  /** The process lives for it. */
  readonly persistent: boolean
  readonly changed: () => void
}

/** Below each of these folders, also while they are away; the process lives for it. Answers how it is ended. */
export function watchBelow(roots: readonly string[], settle: number, changed: () => void): () => void {
  const folders = (): Folders => new Map(roots.flatMap((root) => [...above(root), ...foldersFrom(root)]))
  // Of a folder above a root only the way to it matters.
  const leadsToRoot = (folder: string, name: string): boolean =>
    roots.some((root) => root === join(folder, name) || root.startsWith(join(folder, name) + sep))
  const isInside = (folder: string): boolean =>
    roots.some((root) => folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep))
  return watchFolders({
    folders,
    matters: (folder, name) => name === null || (isInside(folder) && !isOdd(name)) || leadsToRoot(folder, name),
    settle,
    persistent: true,
    changed
  })
}

/** In `cases/` of a workspace, which may not be there yet. Links are not followed. */
export function watchCases(workspace: string, changed: () => void): () => void {
  return watchFolders({
    folders: () => new Map([[workspace, 0], ...foldersFrom(join(workspace, casesFolder))]),
    // Besides its cases a workspace has much that changes.
    matters: (folder, name) => name === null || (folder === workspace ? name === casesFolder : !isOdd(name)),
    settle: 100,
    persistent: false,
    changed
  })
}

function watchFolders({ folders, matters, settle, persistent, changed }: Watching): () => void {
  const watched = new Map<string, { readonly watcher: FSWatcher; readonly inode: number }>()
  let timer: NodeJS.Timeout | null = null
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = null
      // First, so that nothing is missed that happens once somebody has looked.
      watchAll()
      changed()
    }, settle)
    if (!persistent) timer.unref()
  }
  const forget = (folder: string): void => {
    watched.get(folder)?.watcher.close()
    watched.delete(folder)
  }
  const begin = (folder: string, inode: number): void => {
    try {
      const watcher = watch(folder, { persistent }, (_event, name) => void (matters(folder, name) && soon()))
      watcher.on('error', () => forget(folder))
      watched.set(folder, { watcher, inode })
    } catch {
      // What cannot be watched is read when somebody looks at the list.
    }
  }
  const watchAll = (): void => {
    const there = folders()
    for (const [folder, { inode }] of watched) if (there.get(folder) !== inode) forget(folder)
    for (const [folder, inode] of there) if (!watched.has(folder)) begin(folder, inode)
  }
  watchAll()
  return () => {
    if (timer) clearTimeout(timer)
    for (const folder of [...watched.keys()]) forget(folder)
  }
}

/** The nearest folder above it that is there: it tells when the next one on the way comes or goes. */
function above(root: string): Folders {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const info = lstatSync(folder, { throwIfNoEntry: false })
    if (info?.isDirectory()) return new Map([[folder, info.ino]])
    if (dirname(folder) === folder) return new Map()
  }
}

/** What listing cases does not look into. */
const isOdd = (name: string): boolean => name.startsWith('.') || name === 'node_modules'

/** It and those below it; none where it is none. */
function foldersFrom(root: string): Folders {
  const found = new Map<string, number>()
  const left = [root]
  for (let folder = left.shift(); folder !== undefined && found.size < mostFolders; folder = left.shift()) {
    try {
      const info = lstatSync(folder)
      if (!info.isDirectory()) continue
      found.set(folder, info.ino)
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory() && !isOdd(entry.name)) left.push(join(folder, entry.name))
    } catch {
      // Gone meanwhile, or it may not be read; listing the cases says so.
    }
  }
  return found
}
