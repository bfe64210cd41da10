// Files that the app is started with, or that a second start hands to the first one.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const mark = '--retrace-open='

/**
 * `npm start -- FILE` passes them with a mark, for Chromium's own arguments stand between. A packaged app gets them as the desktop gives them
 * ("open with"): whatever comes after the program and is no switch. Desktops of Linux give addresses (file:///…), as the packages' entry asks for.
 */
export function filesOf(args: readonly string[], isPackaged: boolean, folder = process.cwd()): string[] {
  const marked = args.flatMap((arg) => (arg.startsWith(mark) ? [arg.slice(mark.length)] : []))
  const plain = isPackaged ? args.slice(1).filter((arg) => arg !== '' && !arg.startsWith('-')) : []
  return [...marked, ...plain.map((arg) => pathOf(arg) ?? resolve(folder, arg))]
}

/** What the app is started with again, its switches as they were, to open these files. */
export function argsAgain(args: readonly string[], isPackaged: boolean, files: readonly string[]): string[] {
  const kept = args.slice(1).filter((arg) => !arg.startsWith(mark) && (!isPackaged || arg.startsWith('-')))
  return [...kept, ...files.map((file) => `${mark}${file}`)]
}

/** Null for what is no address of a file of this machine. */
function pathOf(arg: string): string | null {
  if (!/^file:\/\//i.test(arg)) return null
  try {
    return fileURLToPath(arg)
  } catch {
    return null
  }
}
