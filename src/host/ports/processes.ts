// What tells one process from every other one, so that a file can name its holder: an id alone is given again, and means nothing in
// another container or on another machine.
//   Linux     /proc: state, start time (field 22 of stat), boot id, pid namespace
//   macOS     `ps`: state and start time; `sysctl`: boot id
//   other     `ps`; no boot id
//   Windows   only whether the id is in use: who needs more has to watch for signs of life
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, statfsSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** Changes with every start of the machine; null where it is not known. */
  readonly boot: string | null
  /** In which the id counts: containers have their own. Null where there is no such thing. */
  readonly space: string | null
  /** When it started, in the platform's own words; null where it is not known. */
  readonly started: string | null
}

export interface ProcessLook {
  /** `ending`: killed, and not yet gone. */
  readonly state: 'there' | 'ending' | 'gone'
  readonly started: string | null
}

let own: ProcessIdentity | null = null

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const { pid } = process
  return (own ??= { pid, host: hostname(), boot: bootId(), space: pidSpace(), started: lookAtProcess(pid).started })
}

/** What is known of a process of this machine and namespace. */
export function lookAtProcess(pid: number, platform: NodeJS.Platform = process.platform): ProcessLook {
  if (!isThere(pid)) return { state: 'gone', started: null }
  if (platform === 'win32') return { state: 'there', started: null }
  return (platform === 'linux' ? lookInProc(pid) : lookWithPs(pid)) ?? { state: 'there', started: null }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and is not ours.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const exiting = 0x4
const killPending = 1 << 8

/** proc_pid_stat(5). The name, in brackets, may hold anything. Null where it may not be looked at. */
function lookInProc(pid: number): ProcessLook | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return null
  }
  // fields[0] is the third one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (number: number): string => fields[number - 3] ?? ''
  const started = field(22) === '' ? null : field(22)
  // While it has threads, one of them may be within a write.
  const isOver = /^[ZXx]$/.test(field(3))
  if (isOver && Number(field(20)) <= 1) return { state: 'gone', started }
  const isEnding = isOver || (Number(field(9)) & exiting) !== 0 || (Number(field(31)) & killPending) !== 0
  return { state: isEnding ? 'ending' : 'there', started }
}

function lookWithPs(pid: number): ProcessLook | null {
  try {
    const text = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'latin1',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000
    }).trim()
    const [state = '', ...words] = text.split(/\s+/)
    if (state.startsWith('Z')) return { state: 'gone', started: null }
    return { state: 'there', started: words.length === 0 ? null : words.join(' ') }
  } catch {
    return null
  }
}

function bootId(): string | null {
  try {
    if (process.platform === 'darwin')
      return (
        execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'latin1', timeout: 5000 }).trim() || null
      )
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim() || null
  } catch {
    return null
  }
}

function pidSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

/** ext, xfs, btrfs, tmpfs, f2fs, zfs, overlay: as statfs(2) names them. */
const localFileSystems = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0xf2f52010, 0x2fc12fc1, 0x794c7630])

/** True when no other machine can have the folder open: what was written there before this machine started is of nobody alive. */
export function isLocalFolder(folder: string): boolean {
  try {
    return process.platform === 'linux' && localFileSystems.has(statfsSync(folder).type)
  } catch {
    return false
  }
}
