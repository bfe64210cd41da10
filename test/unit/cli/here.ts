// The command line in the test's own process, which loads it once: for tests of what commands say and answer. How a process starts, reads its
// standard input and ends is seen through `retrace.ts`, which has the same functions.
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { answerTo } from '../../../src/cli/index.ts'
import type { Around, Ended } from './retrace.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

async function answer({ cwd = process.cwd(), env = {}, input }: Around, args: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []]
  const line = (to: string[]) => (text: string) => void to.push(`${text}\n`)
  const before = process.cwd()
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!
  const kept = Object.keys(env).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, env)
  process.chdir(cwd)
  const given = Readable.from([Buffer.from(input ?? '')])
  if (input !== undefined) Object.defineProperty(process, 'stdin', { ...stdin, get: () => given })
  try {
    const around = { root, version: '0', color: false, print: line(out), complain: line(err) }
    return { status: await answerTo(args, around), out: out.join(''), err: err.join('') }
  } finally {
    process.chdir(before)
    Object.defineProperty(process, 'stdin', stdin)
    for (const [name, value] of kept)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

/** Folder, environment and standard input are the process's: one command after the other. */
let last: Promise<unknown> = Promise.resolve()

export function retraceIn(around: Around, ...args: readonly string[]): Promise<Ended> {
  const turn = last.then(() => answer(around, args))
  last = turn.catch(() => undefined)
  return turn
}

export const retrace = (cwd: string, ...args: readonly string[]): Promise<Ended> => retraceIn({ cwd }, ...args)
/** In the project's folder, without the last line break. */
export async function retraceHere(...args: readonly string[]): Promise<Ended> {
  const { status, out, err } = await retraceIn({ cwd: root }, ...args)
  return { status, out: out.trimEnd(), err: err.trimEnd() }
}
