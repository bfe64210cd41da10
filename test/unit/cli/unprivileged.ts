// Files that may not be read: whoever runs the tests may read all of them when they are root, so that commands run as somebody else then.
import { spawnSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { it } from 'vitest'
import { env, script } from './retrace.ts'
import type { Ended } from './retrace.ts'

const nobody = 65_534
const isRoot = process.getuid?.() === 0

function run(cwd: string, args: readonly string[]): Ended {
  const other = isRoot ? { uid: nobody, gid: nobody } : {}
  // Their own workspace is nowhere.
  const around = { ...env, HOME: cwd, RETRACE_USER_FOLDER: `${cwd}/none` }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    ...{ cwd, env: around, encoding: 'utf8' },
    ...other
  })
  return { status: status ?? -1, out: stdout, err: stderr }
}

/** Runs a command where `locked` may not be read; paths within `cwd`. */
export function retraceLocked(cwd: string, locked: readonly string[], ...args: readonly string[]): Ended {
  const modes: (() => void)[] = []
  const change = (path: string, mode: number, back: number): void => {
    chmodSync(path, mode)
    modes.push(() => chmodSync(path, back))
  }
  change(cwd, 0o755, 0o755)
  // The tests' own folder of temporary ones stays so: others run in it at the same time.
  const { mode } = statSync(dirname(cwd))
  if ((mode & 1) === 0) chmodSync(dirname(cwd), (mode & 0o777) | 1)
  for (const name of locked) change(`${cwd}/${name}`, 0, 0o755)
  try {
    return run(cwd, args)
  } finally {
    for (const undo of modes) undo()
  }
}

/** Where there are permissions, and somebody else may read the program, too. */
const canLock = process.platform !== 'win32' && (!isRoot || run('/', ['--version']).status === 0)

/** Each of its commands is a process of its own. */
export const itLocked = (name: string, test: () => void): void => void it.skipIf(!canLock)(name, test, 60_000)
