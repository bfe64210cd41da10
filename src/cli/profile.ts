// `retrace profile`: which MISP a workspace, a workflow of it or a source of posts is treated as.
import type { ProfilesState, ProfileUse } from '../contract/profiles.ts'
import type { Params } from '../contract/operations.ts'
import { CodedError } from '../contract/errors.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { parseCommand } from './args.ts'
import type { Command } from './context.ts'
import { pick } from './names.ts'
import { createStyle, visible } from './style.ts'
import { withHost } from './workspace-host.ts'

const kinds = { workflow: 'text', source: 'text', workspace: 'text', json: 'flag' } as const

/** What takes a choice back. */
const none = 'none'

export const profileCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 0, max: 1 })
  const [wanted] = words
  if (options.workflow !== undefined && options.source !== undefined)
    throw new CodedError('COMMAND_INVALID', 'Give --workflow or --source, not both.')
  const looks = wanted === undefined
  const state = await withHost(context, options.workspace, { looks }, async (host) => {
    if (wanted === undefined) return stateOf(host, options.workflow)
    const profile = wanted === none ? null : wanted
    return host.ask('profiles.choose', { for: await placeOf(host, options), profile })
  })
  if (options.json) context.print(JSON.stringify(state, null, 2))
  else print(state, context)
  return 0
}

async function stateOf(host: ConnectedHost, workflow: string | undefined): Promise<ProfilesState> {
  const state = await host.ask('profiles.list', {})
  if (workflow === undefined) return state
  const workflowId = pick(workflow, 'workflow', await host.ask('workflows.list', {}))
  return { ...state, workflows: { [workflowId]: await host.ask('workflows.profile', { workflow: { workflowId } }) } }
}

async function placeOf(
  host: ConnectedHost,
  { workflow, source }: { readonly workflow?: string | undefined; readonly source?: string | undefined }
): Promise<Params<'profiles.choose'>['for']> {
  if (source !== undefined) return { source }
  if (workflow === undefined) return 'workspace'
  return { workflowId: pick(workflow, 'workflow', await host.ask('workflows.list', {})) }
}

const reasons: Readonly<Record<ProfileUse['how'], string>> = {
  chosen: 'chosen',
  recognised: 'recognised',
  new: 'the newest one when the workspace was made',
  before: 'the workspace is older than the choice of a version',
  workspace: 'as the workspace'
}

/** A workflow of thousands of nodes has many. */
const mostShown = 20

function print(
  { profiles, workspace, workflows, sources }: ProfilesState,
  { print: line, color }: Parameters<Command>[0]
): void {
  const { bold, dim } = createStyle(color)
  const tell = (what: string, { profile, how, note, evidence }: ProfileUse, unless = ''): void => {
    line(`${what}  ${bold(`MISP ${profile}`)}  ${dim(`${reasons[how]}${how === 'workspace' ? unless : ''}`)}`)
    if (note !== '') line(`  ${visible(note)}`)
    if (evidence.length > 0 && how !== 'recognised') line('  What points to another version:')
    for (const text of evidence.slice(0, mostShown)) line(`  ${visible(text)}`)
    if (evidence.length > mostShown) line(dim(`  and ${evidence.length - mostShown} more`))
  }
  tell('workspace', workspace)
  if (workspace.newer !== null) {
    line(dim(`  There is a newer one, ${workspace.newer}: retrace profile ${workspace.newer} --workspace D takes it,`))
    line(
      dim(`  retrace upgrade --from ${workspace.profile} --to ${workspace.newer} --workspace D says what would change.`)
    )
  }
  for (const [id, use] of Object.entries(workflows)) tell(`workflow ${visible(id)}`, use)
  for (const [name, use] of Object.entries(sources))
    tell(`source ${visible(name)}`, use, ', unless the posts of a run point to another version')
  line('')
  for (const { id, text } of profiles) line(`  ${id.padEnd(12)} ${dim(text)}`)
}
