// What `retrace impact` and `retrace coverage` share: a workflow of a file or a workspace, and the inputs that it is tried on.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import type { RunSummary } from '../contract/run-views.ts'
import type { TriedInput } from '../host/tried/inputs.ts'
import type { CommandContext } from './context.ts'
import type { FilesHost } from './files-host.ts'

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

/** Every JSON file of a folder, by name. */
export async function eventsIn({ data }: FilesHost, folder: string): Promise<readonly TriedInput[]> {
  const names = listed(folder).filter((name) => name.endsWith('.json') && !name.endsWith('.meta.json'))
  const inputs: TriedInput[] = []
  for (const name of names.sort()) inputs.push({ name, data: await data(join(folder, name), undefined) })
  return inputs
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    throw new CodedError('FILE_NOT_FOUND', `The folder ${folder} cannot be read.`, { file: folder })
  }
}

/** Of the workspace, where there is one. Newest first. */
export async function runsOf({ host, hasWorkspace }: FilesHost, most: number): Promise<readonly RunSummary[]> {
  return most === 0 || !hasWorkspace ? [] : (await host.ask('runs.rows', {})).runs
}

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
