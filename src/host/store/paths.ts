// The one way from an id to a path. Ids come from calls and from files of a workspace that somebody else may have made, so nothing else
// joins a folder and an id.
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'

/** Windows takes these for devices, whatever ending they have. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(\.|$)/i
/** What Windows does not take in a name; behind a colon it would write beside the file instead. */
const refusedHere = process.platform === 'win32' ? /[<>:"|?*]/ : /(?!)/
/** Leaves room for endings and the names of temporary files in the 255 bytes that file systems allow. */
const mostBytes = 200

/** Whether it is the name of one file, which is where it looks like, on every system but for what Windows alone refuses. Names of files that people put there may have spaces. */
export function isPlainName(name: string): boolean {
  return (
    name !== '' &&
    !/[/\\\u0000-\u001f\u007f]|^[. ]|[. ]$/.test(name) &&
    // Half a surrogate pair, or bytes that are no UTF-8: no path leads there.
    Buffer.from(name).toString() === name &&
    !name.includes('\ufffd') &&
    !devices.test(name) &&
    !refusedHere.test(name) &&
    Buffer.byteLength(name) <= mostBytes
  )
}

/** An id that Retrace itself gives a file. Throws PARAMS_INVALID. */
export function safeName(id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(id) || id.includes('..') || !isPlainName(id))
    throw new CodedError('PARAMS_INVALID', `“${id.slice(0, 50)}” is not an id.`)
  return id
}

/** `<folder>/<id><ending>`. Throws PARAMS_INVALID for an id that would lead elsewhere. */
export function pathOf(folder: string, id: string, ending = ''): string {
  if (!isPlainName(id)) throw new CodedError('PARAMS_INVALID', `“${id.slice(0, 50)}” is not an id.`)
  return join(folder, id + ending)
}

/** One name on Windows and macOS. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
