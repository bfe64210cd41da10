// Where the holder of a workspace listens for other processes of the same user: `workspace.sock` beside the lock or, where that path is too
// long for a socket, in a folder of the user's own under the temporary one. A named pipe on Windows. The lock says where it is.
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const socketName = 'workspace.sock'
/** sun_path has 104 bytes on macOS, 108 on Linux; the name under which it is bound is some bytes longer. */
const mostBytes = 90

const uid = (): number => process.getuid?.() ?? -1
const ownFolder = (): string => join(tmpdir(), `retrace-${uid()}`)
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** Paths for the socket, the best first. `nonce` is that of the lock. */
export function socketPlaces(root: string, nonce: string): readonly string[] {
  if (process.platform === 'win32') return [`\\\\.\\pipe\\retrace-${hashOf(nonce)}`]
  const beside = join(root, socketName)
  const apart = join(ownFolder(), `${hashOf(root)}.sock`)
  return [beside, apart].filter((path) => Buffer.byteLength(path) <= mostBytes)
}

/** Makes the folder under the temporary one, where that is needed. False when it is not ours alone. */
export function prepareFolder(root: string, path: string): boolean {
  if (process.platform === 'win32' || dirname(path) === root) return true
  try {
    mkdirSync(dirname(path), { mode: 0o700 })
  } catch {
    // It may be there already; whose it is comes next.
  }
  return isOwnFolder(dirname(path))
}

function isOwnFolder(folder: string): boolean {
  const info = lstatSync(folder, { throwIfNoEntry: false })
  return info?.isDirectory() === true && info.uid === uid() && (info.mode & 0o077) === 0
}

/** What is at the place: nothing, a socket, or something else, which is nobody's to touch. */
export function lookAtPlace(path: string): 'nothing' | 'socket' | 'other' {
  const info = lstatSync(path, { throwIfNoEntry: false })
  return info === undefined ? 'nothing' : info.isSocket() ? 'socket' : 'other'
}

/** Whether what a lock names is a socket of this user, where Retrace makes them: a lock may come from anywhere. */
export function isTrusted(root: string, path: string): boolean {
  if (process.platform === 'win32') return /^\\\\\.\\pipe\\retrace-[0-9a-f]{32}$/.test(path)
  try {
    const isBeside = path === join(root, socketName)
    const isApart = /[\\/]retrace-\d+[\\/][0-9a-f]{32}\.sock$/.test(path) && isOwnFolder(dirname(path))
    if (!isBeside && !isApart) return false
    const info = lstatSync(path, { throwIfNoEntry: false })
    return info?.isSocket() === true && info.uid === uid() && (info.mode & 0o077) === 0
  } catch {
    return false
  }
}
