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

/** Null for what is no address of a file of this machine. */
function pathOf(arg: string): string | null {
  if (!/^file:\/\//i.test(arg)) return null
  try {
    return fileURLToPath(arg)
  } catch {
    return null
  }
}
