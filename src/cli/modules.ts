// `retrace modules`: MISP's modules, or one with its parameters.
import type { ModuleDefinition } from '../contract/modules.ts'
import type { ProfileId } from '../engine/profiles/profiles.ts'
import { allModules, requireModule } from '../host/worker/runs/module-table.ts'
import { nearestProfile } from '../host/worker/runs/run-input.ts'
import { parseCommand } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { createStyle, wrap } from './style.ts'

export const modulesCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, { json: 'flag', profile: 'text' }, context.usage, {
    min: 0,
    max: 1
  })
  const [id] = words
  const { profile, note } = nearestProfile(options.profile)
  if (note !== '') context.complain(`note ${note}`)
  if (id !== undefined) return showModule(context, requireModule(id, profile), options.json)
  if (options.json) context.print(JSON.stringify(allModules(profile), null, 2))
  else listModules(context, profile)
  return 0
}

function listModules({ print, color }: CommandContext, profile: ProfileId): void {
  const { bold, dim, red } = createStyle(color)
  for (const type of ['trigger', 'logic', 'action'] as const) {
    const modules = allModules(profile).filter((module) => module.module_type === type)
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
