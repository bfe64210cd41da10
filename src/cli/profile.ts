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
  before: 'as in workspaces from before there was a choice',
  workspace: 'as the workspace'
}

function print(
  { profiles, workspace, workflows, sources }: ProfilesState,
  { print: line, color }: Parameters<Command>[0]
): void {
  const { bold, dim } = createStyle(color)
  const tell = (what: string, { profile, how, note, evidence, newer }: ProfileUse, isOwn: boolean): void => {
    line(`${what}  ${bold(`MISP ${profile}`)}  ${dim(reasons[how])}`)
    for (const text of [note, ...evidence]) if (text !== '') line(`  ${visible(text)}`)
    if (isOwn && newer !== null) line(dim(`  There is a newer one: ${newer} (retrace profile ${newer}).`))
  }
  tell('workspace', workspace, true)
  for (const [id, use] of Object.entries(workflows)) tell(`workflow ${visible(id)}`, use, false)
  for (const [name, use] of Object.entries(sources)) tell(`source ${visible(name)}`, use, false)
  line('')
  for (const { id, text } of profiles) line(`  ${id.padEnd(12)} ${dim(text)}`)
}
