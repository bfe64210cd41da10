// The command line as scripts see it, in a process of its own.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const script = fileURLToPath(new URL('../../../scripts/retrace.mjs', import.meta.url))

const { FORCE_COLOR: _color, ...rest } = process.env
/** Without colours, and without a look at whether the build is older than its sources. */
export const env = { ...rest, NO_COLOR: '1', RETRACE_NO_BUILD: '1' }

export interface Ended {
  /** -1: by a signal. */
  readonly status: number
  readonly out: string
  readonly err: string
}

export interface Around {
  readonly cwd?: string | undefined
  readonly env?: NodeJS.ProcessEnv
  /** What is read from standard input. */
  readonly input?: string | undefined
}

export function retraceIn(around: Around, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...env, ...around.env }, cwd: around.cwd, maxBuffer: 1 << 28 }
    const child = execFile(process.execPath, [script, ...args], options, (error, out, err) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err })
    )
    child.stdin?.end(around.input ?? '')
  })
}

export const retrace = (cwd: string, ...args: readonly string[]): Promise<Ended> => retraceIn({ cwd }, ...args)
