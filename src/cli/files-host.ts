// Hosts of the commands that work on files: they ask operations as the app does. Without a workspace a bare host answers, which starts nothing
// that is not needed; with `--workspace`, or a name of the person's own workspace, one that only looks at it; what is kept goes through
// whoever holds the workspace.
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json, JsonMap } from '../contract/json.ts'
import type { DataSource, RunOptionsInput, WorkflowSource } from '../contract/operations.ts'
import type { RawWorkflow } from '../contract/workflow.ts'
import { parseWorkflow } from '../engine/graph/parse.ts'
import { connectBare } from '../host/bare-host.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import type { Asked } from '../host/operations/asked.ts'
import { isRegular } from '../host/store/given-file.ts'
import { defaultWorkspace } from '../host/user-folder.ts'
import type { CommandContext } from './context.ts'
import { drained } from './drained.ts'
import { isThere, nameOf, readBytes, mocksIn, readMap, readWorkflow } from './input.ts'
import { findNamed, isInOwn, ofDemonstrations, pick, type Named, type NamedKind } from './names.ts'
import { visible } from './style.ts'

interface Given {
  readonly workspace?: string | undefined
  readonly keep?: boolean
  /** No run comes of it, so nothing surrounds it. */
  readonly isAlone?: boolean
  /** Arguments that are files, or names of the person's own workspace or of a demonstration. */
  readonly named: Partial<Record<NamedKind, readonly string[]>>
}

export interface FilesHost {
  readonly host: ConnectedHost
  /** Without one nothing can be asked about runs, data sets and the like. */
  readonly hasWorkspace: boolean
  /** The workflow as it is given to operations, and as it was read; a workspace's by name or id. */
  workflow(
    argument: string,
    pick?: string
  ): Promise<{ readonly source: WorkflowSource; readonly workflow: RawWorkflow }>
  /** A file, or a data set of the workspace by name or id. */
  data(argument: string, index: string | undefined): Promise<DataSource>
  /** The world of a run that is kept, out of the folder that was named: as a file, for it can be large. */
  world(world: JsonMap | undefined): Promise<Pick<RunOptionsInput, 'worldUploadId'>>
  /** A set of mocks by name or id. */
  mockSet(argument: string | undefined): Promise<Pick<RunOptionsInput, 'mockSet' | 'mocks' | 'pins' | 'placeholders'>>
}

export async function withFiles<T>(
  context: CommandContext,
  { workspace: chosen, keep = false, isAlone = false, named }: Given,
  asked: Asked,
  work: (files: FilesHost) => Promise<T>
): Promise<T> {
  const spool = new Spool()
  const smtpPassword = process.env.RETRACE_SMTP_PASSWORD
  // What is kept is run with what the workspace holds.
  const own = { ...(keep ? { allow: [] } : asked), ...(smtpPassword ? { smtpPassword } : {}) }
  try {
    const isOwn = chosen === undefined && !keep && (await isInOwn(named))
    if (isOwn && !isAlone)
      context.complain(visible(`note settings and world are those of the workspace ${defaultWorkspace()}`))
    const workspace = isOwn ? defaultWorkspace() : chosen
    const around = { hasWorkspace: workspace !== undefined || keep, hasDemonstrations: chosen === undefined && !keep }
    const use = (host: ConnectedHost): Promise<T> => work(filesOf(host, around, spool))
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

interface Around {
  readonly hasWorkspace: boolean
  readonly hasDemonstrations: boolean
}

const lists = { workflow: 'workflows.list', 'data set': 'data.list', 'set of mocks': 'mocks.list' } as const

function filesOf(host: ConnectedHost, { hasWorkspace, hasDemonstrations }: Around, spool: Spool): FilesHost {
  /** A file, or the id of what the workspace has. */
  const find = async (
    argument: string,
    kind: NamedKind
  ): Promise<{ readonly file: string } | { readonly id: string }> => {
    if (isThere(argument)) return { file: argument }
    const list: readonly Named[] = hasWorkspace ? await host.ask(lists[kind], {}) : []
    if (!hasDemonstrations) return { id: pick(argument, kind, list) }
    const own = findNamed(argument, list)
    return own ? { id: own.id } : { file: (await ofDemonstrations(argument, kind)).file }
  }
  return {
    host,
    hasWorkspace,
    async workflow(argument, which) {
      const found = await find(argument, 'workflow')
      if ('file' in found) {
        const workflow = await readWorkflow(found.file, which)
        return { source: { json: workflow }, workflow }
      }
      const workflowId = found.id
      const { workflow } = await host.ask('workflows.get', { workflowId })
      return { source: { workflowId }, workflow: parseWorkflow(workflow, argument, which) }
    },
    async mockSet(argument) {
      if (argument === undefined) return {}
      const found = await find(argument, 'set of mocks')
      return 'file' in found ? mocksIn(await readMap(found.file, 'mocks')) : { mockSet: found.id }
    },
    async world(world) {
      return world === undefined
        ? {}
        : { worldUploadId: await host.lend(spool.write('world.json', pieces(world)), 'the world') }
    },
    async data(argument, index) {
      const picked = index === undefined ? {} : { index: entryOf(index) }
      const found = await find(argument, 'data set')
      if ('id' in found) return { dataId: found.id, ...picked }
      return { uploadId: await host.lend(await spool.fileOf(found.file), nameOf(found.file)), ...picked }
    }
  }
}

/** A place, or what an entry is called. */
const entryOf = (index: string): number | string => (/^\d{1,9}$/.test(index) ? Number(index) : index)

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
