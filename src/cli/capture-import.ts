// `retrace import`: runs out of a file of posts (NDJSON), of a captured run, or of MISP's workflow log.
import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Json } from '../contract/json.ts'
import type { ImportedPosts } from '../contract/workspace.ts'
import { CodedError } from '../contract/errors.ts'
import { headLength, kindOfHead, kindOfText } from '../engine/format/file-kind.ts'
import { howToPick, severalError } from '../engine/format/pick.ts'
import { splitList } from '../engine/graph/split-list.ts'
import { inPlaceBytes } from '../host/aside/given-text.ts'
import { lookIntoFile } from '../host/operations/import-posts.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { asFile, nameOf, readWorkflow } from './input.ts'
import { namedFile } from './names.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'
import { plural } from '../contract/words.ts'

/** Larger files are captures. */
const mostBytes = 64 * 1024 * 1024

export const importCommand: Command = async (context) => {
  const kinds = { workspace: 'text', graph: 'list', json: 'flag', as: 'text', trigger: 'text', pick: 'text' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const given = words[0] as string
  const { file, remove } = await asFile(given, 'posts')
  try {
    return await importFile(context, { ...options, file, given: nameOf(given) })
  } finally {
    remove()
  }
}

interface Import {
  readonly file: string
  /** As the file is called. */
  readonly given: string
  readonly workspace?: string | undefined
  readonly graph: readonly string[]
  readonly as?: string | undefined
  readonly trigger?: string | undefined
  readonly pick?: string | undefined
  readonly json: boolean
}

async function importFile(context: CommandContext, { file, given, ...options }: Import): Promise<number> {
  const graphs: Json[] = []
  for (const graph of options.graph)
    graphs.push((await readWorkflow(await namedFile(graph, 'workflow', options.workspace))) as Json)
  const { size } = await stat(file)
  const workflow = await workflowIn(file, size)
  if (workflow !== null) {
    const texts = splitList(workflow, given, options.pick)
    if (texts.length > 1)
      throw severalError(
        texts.map((one) => JSON.parse(one) as Json),
        given,
        howToPick,
        'workflow'
      )
    return importWorkflow(context, { ...options, file: given, text: texts[0] ?? workflow })
  }
  const imported =
    options.workspace === undefined
      ? await lookIntoFile({ file, name: given }, graphs, options.trigger)
      : await withHost(context, options.workspace, { looks: false, aside: size > inPlaceBytes }, async (host) => {
          const uploadId = await host.upload(resolve(file))
          return host.ask('posts.import', {
            ...{ name: basename(file), uploadId, graphs },
            ...(options.trigger === undefined ? {} : { trigger: options.trigger })
          })
        })
  if (options.json) context.print(JSON.stringify(imported))
  else show(context, imported)
  return imported.unassigned.length > 0 ? 1 : 0
}

/** The text of a file that holds a workflow; null for posts, runs and logs. */
async function workflowIn(file: string, size: number): Promise<string | null> {
  if (size > mostBytes) return null
  const text = await readFile(file, 'utf8')
  if (kindOfHead(text.slice(0, headLength)) !== null) return null
  return kindOfText(text) === 'workflow' ? text : null
}

interface WorkflowFile {
  readonly file: string
  readonly text: string
  readonly workspace?: string | undefined
  readonly as?: string | undefined
  readonly json: boolean
}

/** Into the workspace; one that is there already becomes what --as says. */
async function importWorkflow(
  context: CommandContext,
  { file, text, workspace, as, json }: WorkflowFile
): Promise<number> {
  if (as !== undefined && as !== 'version' && as !== 'copy')
    throw new CodedError('PARAMS_INVALID', `--as is “version” or “copy”, not “${as}”.`)
  if (workspace === undefined)
    throw new CodedError('PARAMS_INVALID', `${file} is a workflow: --workspace says where it goes.`)
  const saved = await withHost(context, workspace, { looks: false }, (host) =>
    host.ask('workflows.save', { text, note: `Imported from ${basename(file)}`, ifKnown: as ?? 'ask' })
  ).catch((error: unknown) => {
    if (!(error instanceof CodedError) || error.code !== 'WORKFLOW_KNOWN') throw error
    const message = `${error.message} Import it with --as version (a new version of that one) or --as copy.`
    throw new CodedError('WORKFLOW_KNOWN', message, error.details)
  })
  if (json) context.print(JSON.stringify({ workflow: saved }))
  else context.print(visible(`${saved.id}  ${saved.name}  version ${saved.version}`))
  return 0
}

function show({ print, color }: CommandContext, { runs, unassigned }: ImportedPosts): void {
  const { bold, dim, green, yellow } = createStyle(color)
  for (const run of runs) {
    const sure = run.confidence >= 0.9 ? green : yellow
    const parent = run.parent === null ? '' : dim(`  inside ${run.parent}`)
    print(
      `${bold(run.id)}  ${visible(run.trigger)}  ${plural(run.posts.length, 'post')}  ${sure(`grouping ${Math.round(run.confidence * 100)} %`)}${parent}`
    )
    if (run.reason !== undefined) print(dim(`    ${run.reason}`))
  }
  print(
    `${plural(runs.length, 'run')}, ${plural(unassigned.length, 'post')} unassigned${unassigned.length > 0 ? `: lines ${unassigned.slice(0, 20).join(', ')}` : ''}`
  )
}
