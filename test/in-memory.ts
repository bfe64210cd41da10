// Folders of tests in memory, where the system has a file system there with room (Linux: /dev/shm): workspaces write each post to the disk before
// they acknowledge it, and thousands of such writes wait for the disk. A folder that TMPDIR names is left as it is.
import { mkdirSync, readFileSync, readdirSync, rmSync, statfsSync } from 'node:fs'

const place = '/dev/shm'
const enough = 4 * 1024 ** 3

/** Programs that tests write there must start. */
function isUsable(): boolean {
  if (process.platform !== 'linux') return false
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, at]) => at === place)
  if (mounted?.[2] !== 'tmpfs' || /\b(?:noexec|ro)\b/.test(mounted[3] ?? '')) return false
  const { bavail, bsize } = statfsSync(place)
  return bavail * bsize >= enough
}

const name = /^retrace-tests-(\d+)$/

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

export default function setup(): (() => void) | undefined {
  if (process.env.TMPDIR !== undefined || !isUsable()) return undefined
  const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  // What a run left that was killed would stay until the machine is started anew.
  for (const entry of readdirSync(place))
    if (isGone(Number(name.exec(entry)?.[1] ?? process.pid))) remove(`${place}/${entry}`)
  const folder = `${place}/retrace-tests-${process.pid}`
  mkdirSync(folder, { mode: 0o700 })
  process.env.TMPDIR = folder
  return () => {
    delete process.env.TMPDIR
    remove(folder)
  }
}
