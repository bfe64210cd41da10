// `retrace modules`: MISP's modules, or one with its parameters; of a workspace under its version, with what it added.
import type { ModuleDefinition } from '../contract/modules.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import { allModules, requireModule } from '../host/worker/runs/module-table.ts'
import { nearestProfile } from '../host/worker/runs/run-input.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { profileFor } from './recognised.ts'
import { createStyle, wrap } from './style.ts'

export const modulesCommand: Command = async (context) => {
  const kinds = { json: 'flag', profile: 'text', workspace: 'text' } as const
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 0, max: 1 })
  const [id] = words
  const given = id === undefined ? options.profile : profileFor(id, options, context)
  if (given !== undefined && nearestProfile(given).note !== '') context.complain(`note ${nearestProfile(given).note}`)
  if (id !== undefined) return showModule(context, await moduleOf(context, id, options.workspace, given), options.json)
  const all = await modulesOf(context, options.workspace, given)
  if (options.json) context.print(JSON.stringify(all, null, 2))
  else listModules(context, all)
  return 0
}

async function moduleOf(
  context: CommandContext,
  id: string,
  workspace: string | undefined,
  profile: string | undefined
): Promise<ModuleDefinition> {
  if (workspace === undefined) return requireModule(id, nearestProfile(profile).profile)
  const asked = { moduleId: id, ...(profile === undefined ? {} : { profile }) }
  return lookInto(context, workspace, (host) => host.ask('modules.get', asked))
}

/** Of a workspace also those of the service and custom ones. */
async function modulesOf(
  context: CommandContext,
  workspace: string | undefined,
  profile: string | undefined
): Promise<readonly ModuleDefinition[]> {
  if (workspace === undefined) return allModules(nearestProfile(profile).profile)
  return lookInto(context, workspace, (host) => host.ask('modules.list', profile === undefined ? {} : { profile }))
}

/** Only then is the code of a whole host loaded. */
async function lookInto<T>(
  context: CommandContext,
  workspace: string,
  ask: (host: ConnectedHost) => Promise<T>
): Promise<T> {
  const { withHost } = await import('./workspace-host.ts')
  return withHost(context, workspace, { looks: true }, ask)
}

function listModules({ print, color }: CommandContext, all: readonly ModuleDefinition[]): void {
  const { bold, dim, red } = createStyle(color)
  for (const type of ['trigger', 'logic', 'action'] as const) {
    const modules = all.filter((module) => module.module_type === type)
    print(bold(`${type} (${modules.length})`))
    for (const module of modules) {
      const blocking = module.blocking ? red('blocking') : '        '
      print(`  ${module.id.padEnd(36)} ${blocking} ${dim(module.name)}`)
    }
    print('')
  }
}

function showModule({ print, color }: CommandContext, module: ModuleDefinition, json: boolean): number {
  if (json) {
    print(JSON.stringify(module, null, 2))
    return 0
  }
  const { bold, dim, red } = createStyle(color)
  print(
    `${bold(module.name)} ${dim(`${module.id} · ${module.module_type} · version ${module.version}`)}${module.blocking ? ` ${red('blocking')}` : ''}`
  )
  for (const line of wrap(module.description, 100)) print(`  ${line}`)
  for (const param of module.params) {
    const value =
      param.default === undefined || param.default === '' ? '' : dim(` (default ${JSON.stringify(param.default)})`)
    print(`  ${param.id.padEnd(24)} ${param.type.padEnd(10)} ${param.label}${value}`)
  }
  return 0
}
