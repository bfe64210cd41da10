// Hosts of the commands that work on files: they ask operations as the app does. Without a workspace a bare host answers, which starts nothing
// that is not needed; with `--workspace` one that only looks at it; what is kept goes through whoever holds the workspace.
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import type { Json, JsonMap } from '../contract/json.ts'
import type { DataSource, RunOptionsInput, WorkflowSource } from '../contract/operations.ts'
import type { RawWorkflow } from '../contract/workflow.ts'
import { parseWorkflow } from '../engine/graph/parse.ts'
import { connectBare } from '../host/bare-host.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import type { Asked } from '../host/operations/asked.ts'
import { isRegular } from '../host/store/given-file.ts'
import type { CommandContext } from './context.ts'
import { drained } from './drained.ts'
import { isThere, nameOf, readBytes, readWorkflow } from './input.ts'
import { nearest } from './near.ts'

interface Given {
  readonly workspace?: string | undefined
  readonly keep?: boolean
}

export interface FilesHost {
  readonly host: ConnectedHost
  /** The workflow as it is given to operations, and as it was read; a workspace's by name or id. */
  workflow(
    argument: string,
    pick?: string
  ): Promise<{ readonly source: WorkflowSource; readonly workflow: RawWorkflow }>
  /** A file, or a data set of the workspace by name or id. */
  data(argument: string, index: string | undefined): Promise<DataSource>
  /** The world of a run that is kept, out of the folder that was named: as a file, for it can be large. */
  world(world: JsonMap | undefined): Promise<Pick<RunOptionsInput, 'worldUploadId'>>
  /** A set of mocks of the workspace by name or id. */
  mockSet(argument: string | undefined): Promise<Pick<RunOptionsInput, 'mockSet'>>
}

export async function withFiles<T>(
  context: CommandContext,
  { workspace, keep = false }: Given,
  asked: Asked,
  work: (files: FilesHost) => Promise<T>
): Promise<T> {
  const spool = new Spool()
  const smtpPassword = process.env.RETRACE_SMTP_PASSWORD
  // What is kept is run with what the workspace holds.
  const own = { ...(keep ? { allow: [] } : asked), ...(smtpPassword ? { smtpPassword } : {}) }
  try {
    const use = (host: ConnectedHost): Promise<T> => work(filesOf(host, workspace !== undefined || keep, spool))
    if (keep || workspace !== undefined) {
      // Only then is the code of a whole host loaded.
      const { withHost } = await import('./workspace-host.ts')
      return await withHost(context, workspace, { looks: !keep, here: !keep, asked: own, drained }, use)
    }
    const host = connectBare({ asked: own, mistake, drained })
    try {
      return await use(host)
    } finally {
      await host.close()
    }
  } finally {
    spool.remove()
  }
}

const mistake = (_context: string, error: unknown): void => {
  if (process.env.RETRACE_DEBUG) console.error(error)
}

function filesOf(host: ConnectedHost, hasWorkspace: boolean, spool: Spool): FilesHost {
  return {
    host,
    async workflow(argument, which) {
      if (!hasWorkspace || isThere(argument)) {
        const workflow = await readWorkflow(argument, which)
        return { source: { json: workflow }, workflow }
      }
      const workflowId = pick(argument, 'workflow', await host.ask('workflows.list', {}))
      const { workflow } = await host.ask('workflows.get', { workflowId })
      return { source: { workflowId }, workflow: parseWorkflow(workflow, argument) }
    },
    async mockSet(argument) {
      return argument === undefined ? {} : { mockSet: pick(argument, 'set of mocks', await host.ask('mocks.list', {})) }
    },
    async world(world) {
      return world === undefined
        ? {}
        : { worldUploadId: await host.lend(spool.write('world.json', pieces(world)), 'the world') }
    },
    async data(argument, index) {
      const picked = index === undefined ? {} : { index: entryOf(index) }
      if (hasWorkspace && !isThere(argument))
        return { dataId: pick(argument, 'data set', await host.ask('data.list', {})), ...picked }
      const file = await spool.fileOf(argument)
      return { uploadId: await host.lend(file, nameOf(argument)), ...picked }
    }
  }
}

/** A place, or what an entry is called. */
const entryOf = (index: string): number | string => (/^\d{1,9}$/.test(index) ? Number(index) : index)

interface Named {
  readonly id: string
  readonly name: string
}

/** The id of what a person called by its id or its name. */
export function pick(argument: string, what: string, list: readonly Named[]): string {
  const byId = list.find(({ id }) => id === argument)
  if (byId) return byId.id
  const [first, ...others] = list.filter(({ name }) => name === argument)
  if (first && others.length === 0) return first.id
  const details = { file: argument }
  if (first) {
    const ids = [first, ...others].map(({ id }) => id).join(', ')
    throw new CodedError('COMMAND_INVALID', `Several have the name “${argument}”; say the id: ${ids}.`, details)
  }
  const near = nearest(
    argument,
    list.map(({ id, name }) => (id === name ? id : `${name} (${id})`))
  )
  const has = near.length === 0 ? `it has no ${what}` : `near it: ${near.join(', ')}`
  throw new CodedError(
    'FILE_NOT_FOUND',
    `${argument} is neither a file nor a ${what} of the workspace; ${has}.`,
    details
  )
}

/** Row by row: no text can hold every world. */
function* pieces(world: JsonMap): Generator<string> {
  let comma = '{'
  for (const [part, rows] of Object.entries(world)) {
    yield `${comma}${JSON.stringify(part)}:`
    comma = ','
    if (!Array.isArray(rows)) yield JSON.stringify(rows)
    else {
      yield '['
      for (const [i, row] of (rows as readonly Json[]).entries()) yield `${i === 0 ? '' : ','}${JSON.stringify(row)}`
      yield ']'
    }
  }
  yield comma === '{' ? '{}' : '}'
}

/** Standard input and pipes are read into a file first: operations read files, in whatever process they run. */
class Spool {
  #folder: string | null = null

  async fileOf(argument: string): Promise<string> {
    if (argument !== '-' && isRegular(argument)) return realpathSync(argument)
    return this.write('data.json', [await readBytes(argument, 'data')])
  }

  write(name: string, pieces: Iterable<string | Uint8Array>): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'retrace-'))
    const file = join(this.#folder, name)
    const handle = openSync(file, 'wx', 0o600)
    try {
      for (const piece of pieces) writeFileSync(handle, piece)
    } finally {
      closeSync(handle)
    }
    return file
  }

  remove(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
  }
}
