// Retrace in a process of its own, built, to be killed.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const command = fileURLToPath(new URL('../../scripts/retrace.mjs', import.meta.url))
const children = new Set<ChildProcess>()
const killAll = (): void => {
  for (const child of children) child.kill('SIGKILL')
}
// Also when a test fails in between, or runs out of time: nothing is left running.
afterAll(killAll)
process.once('exit', killAll)

export interface Killable {
  /** First line that it printed which matched. */
  readonly line: string
  /** Ends it at once, and waits until it is gone. */
  kill(): Promise<void>
  readonly pid: number
  /** Asks it to end, and answers its exit status and what it said on standard output and error. */
  end(): Promise<{ readonly status: number | null; readonly out: string; readonly errors: string }>
  wasKilled(): boolean
}

/** Starts a command and waits for a line of it. */
export async function start(args: readonly string[], wanted: RegExp, cwd?: string): Promise<Killable> {
  const env = { ...process.env, RETRACE_NO_BUILD: '1', NO_COLOR: '1' }
  const child = spawn(process.execPath, [command, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  let [out, errors] = ['', '']
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  const gone = once(child, 'close').then(() => children.delete(child))
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (text) => {
      if (wanted.test(text)) resolve(text)
    })
    void gone.then(() => reject(new Error(`it ended before it printed ${String(wanted)}: ${errors.slice(-2000)}`)))
  })
  return {
    line,
    pid: child.pid!,
    wasKilled: () => child.killed,
    async end() {
      child.kill('SIGTERM')
      await gone
      return { status: child.exitCode, out, errors }
    },
    async kill() {
      child.kill('SIGKILL')
      await gone
    }
  }
}

export interface App extends Killable {
  /** Its server, and what opens it. */
  readonly origin: string
  readonly token: string
  /** What the operation answers; null when the app went meanwhile. Throws what is refused. */
  call(name: string, params?: unknown): Promise<unknown>
}

export async function startApp(workspace: string): Promise<App> {
  const started = await start(['serve', '--workspace', workspace, '--no-open'], /^open /)
  const [, origin, token] = /^open (http:\/\/[^/]+)\/#token=(.+)$/.exec(started.line)!
  return {
    ...{ ...started, origin: origin!, token: token! },
    async call(name, params = {}) {
      let answer: { ok: boolean; data?: unknown; error?: { code: string; message: string } }
      try {
        const response = await fetch(`${origin}/api/call/${name}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(params)
        })
        answer = (await response.json()) as typeof answer
      } catch (error) {
        if (started.wasKilled()) return null
        throw new Error(`${name}: no answer`, { cause: error })
      }
      if (!answer.ok) throw new Error(`${name}: ${answer.error?.code} ${answer.error?.message}`)
      return answer.data
    }
  }
}
