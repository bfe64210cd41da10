// The JSON files below a folder that is checked.
import { basename, dirname, join, relative, sep } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { isFolder, listGiven } from '../store/given-file.ts'

/** As people know it: from the current folder, with slashes. */
export const shown = (file: string): string => (relative(process.cwd(), file) || file).split(sep).join('/')

export interface Below {
  readonly files: readonly string[]
  readonly links: readonly string[]
  /** Folders below it, and why. */
  readonly unread: readonly (readonly [folder: string, why: CodedError])[]
}

/** Hidden folders, such as a checkout's own, and installed packages are left out. */
export function jsonFilesIn(root: string): Below {
  const [files, links, unread]: [string[], string[], [string, CodedError][]] = [[], [], []]
  const walk = (folder: string): void => {
    for (const entry of listGiven(folder, shown(folder))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = join(folder, entry.name)
      const isJson = entry.name.toLowerCase().endsWith('.json')
      if (entry.isSymbolicLink() && (isJson || isFolder(path))) links.push(shown(path))
      if (entry.isFile() && isJson) files.push(path)
      if (!entry.isDirectory()) continue
      try {
        walk(path)
      } catch (error) {
        if (!(error instanceof CodedError)) throw error
        unread.push([path, error])
      }
    }
  }
  walk(root)
  return { files: onlyNewest(files), links, unread }
}

/** Of a workspace's `workflows/ID/N.json` the newest version: older ones cannot be changed. */
function onlyNewest(files: readonly string[]): string[] {
  const versionOf = (file: string): number | null => {
    const isVersion = basename(dirname(dirname(file))) === 'workflows' && /^[1-9]\d{0,8}\.json$/.test(basename(file))
    return isVersion ? Number(basename(file, '.json')) : null
  }
  const newest = new Map<string, number>()
  for (const file of files) newest.set(dirname(file), Math.max(newest.get(dirname(file)) ?? 0, versionOf(file) ?? 0))
  return files.filter((file) => {
    const version = versionOf(file)
    return version === null || version === newest.get(dirname(file))
  })
}
