// What `retrace impact` and `retrace coverage` share: a workflow of a file or a workspace, and the inputs that it is tried on.
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import type { RunSummary } from '../contract/run-views.ts'
import { plural } from '../contract/words.ts'
import { listGiven } from '../host/store/given-file.ts'
import type { TriedInput } from '../host/tried/inputs.ts'
import type { CommandContext } from './context.ts'
import type { FilesHost } from './files-host.ts'
import { isThere } from './input.ts'
import { visible } from './style.ts'

export const mostRuns = 5000

/** What each of them takes; the usage of each says what it takes besides. */
export const triedOptions = {
  events: 'text',
  last: 'text',
  world: 'text',
  settings: 'text',
  'misp-defaults': 'flag',
  profile: 'text',
  workspace: 'text',
  pick: 'text',
  json: 'flag'
} as const

export interface GivenEvents {
  readonly inputs: readonly TriedInput[]
  /** Files that cannot be read, each of which was told. */
  readonly unread: number
}

/** Every JSON file of a folder, by name. */
export async function eventsIn(
  { data }: FilesHost,
  folder: string | undefined,
  { complain }: Pick<CommandContext, 'complain'>
): Promise<GivenEvents> {
  const inputs: TriedInput[] = []
  let unread = 0
  if (folder === undefined) return { inputs, unread }
  for (const { name } of listGiven(folder)) {
    if (!/(?<!\.meta)\.json$/i.test(name)) continue
    try {
      const file = join(folder, name)
      // To whoever asks for data it would be a name.
      if (!isThere(file)) throw new CodedError('FILE_UNREADABLE', `${file} cannot be read: it is a link to nothing.`)
      inputs.push({ name, data: await data(file, undefined) })
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      complain(visible(`note ${error.message}`))
      unread++
    }
  }
  if (inputs.length + unread === 0) complain(visible(`note there is no JSON file in ${folder}`))
  return { inputs, unread }
}

interface Asking<T> {
  /** How many; 0: none. */
  readonly last: number
  readonly pick: (runs: readonly RunSummary[]) => readonly T[]
  /** "of this workflow". */
  readonly which: string
}

/** Of the workspace, where there is one. Newest first; that there is none is told. */
export async function lastRuns<T>(
  { host, hasWorkspace }: FilesHost,
  { last, pick, which }: Asking<T>,
  { complain }: Pick<CommandContext, 'complain'>
): Promise<readonly T[]> {
  if (last === 0) return []
  if (!hasWorkspace) {
    complain('note --last takes runs of a workspace; --workspace D names one')
    return []
  }
  const { runs } = await host.ask('runs.rows', {})
  const found = pick(runs)
  if (found.length === 0) complain(`note the workspace has no run ${which}`)
  return found
}

/** What nothing was counted of, and why that may be. */
export const leftOutWords = (count: number, more = ''): string =>
  `${plural(count, 'input')} left out: of another kind, several in one file${more}, or not readable`

/** One line that changes, for people who wait; nothing where it would be kept. */
export function progressOf({ color }: CommandContext): (label: string, done: number, total: number) => void {
  const isShown = color && process.stderr.isTTY === true
  let last = 0
  return (_label, done, total) => {
    const now = performance.now()
    if (!isShown || (now - last < 100 && done > 0)) return
    last = now
    process.stderr.write(`\r\u001b[K${done} of ${total}${done + 1 === total ? '\r\u001b[K' : ''}`)
  }
}
