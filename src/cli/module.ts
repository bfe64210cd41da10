// `retrace module`: one module alone, without a workflow.
import type { Json, JsonMap } from '../contract/json.ts'
import { noSettings } from '../contract/misp-settings.ts'
import { encodeJson } from '../engine/php/encode.ts'
import { serviceDefinitions } from '../engine/modules/table.ts'
import { parseProfile } from '../host/worker/run-input.ts'
import { maskExecution } from '../host/worker/mask-run.ts'
import { requireModule } from '../host/worker/module-table.ts'
import { beginModule, executeModule } from '../host/worker/stateless.ts'
import type { StatelessRequest, StatelessResult } from '../host/worker/stateless.ts'
import { changesBetween } from '../host/worker/changes.ts'
import { parseCommand } from './args.ts'
import { required } from './args.ts'
import type { Command } from './context.ts'
import type { CommandContext } from './context.ts'
import { exitStatus } from './context.ts'
import { effectKinds, liveConfig, parseEffects, portsWith, readCustomModules, requireYes } from './effects.ts'
import type { GivenEffects } from './effects.ts'
import { isLive } from '../host/worker/effects/live-choice.ts'
import { environmentOptions, readData, readMap, readRunOptions } from './input.ts'
import { createStyle, milliseconds, visible } from './style.ts'

const kinds = {
  params: 'text',
  data: 'text',
  index: 'text',
  filters: 'text',
  convert: 'flag',
  json: 'flag',
  secrets: 'flag',
  ...environmentOptions,
  ...effectKinds
} as const

export const moduleCommand: Command = async ({ args, print, color, complain, usage }) => {
  const { options, words } = parseCommand(args, kinds, usage, { min: 1, max: 1 })
  const id = words[0] as string
  const customModules = await readCustomModules(options.modules)
  const given = await readRunOptions({ ...options, mocks: options.mock ?? options.mocks }, complain)
  const listed = (given.world as JsonMap | undefined)?.service_modules
  const serviceModules = Array.isArray(listed) ? (listed as readonly JsonMap[]) : []
  let definition: ReturnType<typeof requireModule>
  try {
    definition =
      customModules.find((one) => one.definition.id === id)?.definition ??
      requireModule(id, parseProfile(given.profile), serviceDefinitions(serviceModules))
  } catch {
    complain(`error MODULE_UNKNOWN: There is no module "${visible(id)}".`)
    return exitStatus.cannotTell
  }
  const effects = parseEffects(options.effects)
  const data = await readData(required(options.data, 'data', usage), options.index)
  const request: StatelessRequest = {
    ...{ definition, customModules, data, convert: options.convert },
    params: options.params === undefined ? {} : await readMap(options.params, 'params'),
    ...(options.filters === undefined ? {} : { filters: await readMap(options.filters, 'filters') }),
    options: { ...given, ...(effects ? { effects } : {}) },
    settings: noSettings,
    ports: await portsWith(options, data)
  }
  const live = isLive(effects) ? await goLive(request, options, complain) : null
  const raw = await executeModule(request, live?.perform)
  const result = options.secrets ? raw : maskExecution(raw)
  live?.close()
  if (options.json) print(encodeJson(result as unknown as Json, true))
  else show(result, definition.name, print, color)
  if (result.cannotTell) return exitStatus.cannotTell
  if (result.throwable) return exitStatus.failure
  return result.success ? exitStatus.success : exitStatus.failure
}

/** Shows whom the module would contact and asks for --yes. */
async function goLive(request: StatelessRequest, given: GivenEffects, complain: CommandContext['complain']) {
  const { buildPlan } = await import('../host/worker/effects/plan.ts')
  const { redeem } = await import('../host/worker/effects/confirm.ts')
  const { performer, publisher } = await import('../host/worker/effects/prepare.ts')
  const config = await liveConfig(request.options, given)
  const digest = 'cli'
  const plan = await buildPlan({
    profile: parseProfile(request.options.profile),
    ...{
      config,
      effects: request.options.effects ?? {},
      digest,
      nodes: {},
      workflowId: '',
      knownModules: new Set<string>()
    },
    begin: (onEvent) => beginModule(request, onEvent).stepper
  })
  requireYes(given.yes, plan, complain, 'module')
  return { perform: performer(config, redeem(plan.token, digest)), close: () => publisher.close() }
}

function show(result: StatelessResult, name: string, print: (line: string) => void, color: boolean): void {
  const { bold, dim, red, green, cyan, yellow } = createStyle(color)
  const verdict = result.throwable
    ? red(`threw ${result.throwable.class}: ${visible(result.throwable.message)}`)
    : result.success
      ? green('true')
      : yellow('false')
  print(`${bold(name)}  ${verdict}  ${dim(milliseconds(result.ms))}`)
  if (result.message) print(`  ${red(visible(result.message))}`)
  for (const error of Object.values((result.errors ?? {}) as Record<string, Json>))
    print(`  ${red('error')}    ${visible(String(error))}`)
  for (const { effect, by } of result.effects) print(`  ${yellow('effect')}   ${effect.kind} ${dim(`(${by})`)}`)
  for (const change of result.worldChanges) print(`  ${cyan('database')} ${change.table} ${change.op}`)
  const { changes, total } = changesBetween(result.before, result.after, 50)
  for (const { op, label, before, after } of changes)
    print(`  ${cyan(op.padEnd(8))} ${visible(`${label}: ${before?.preview ?? ''} → ${after?.preview ?? ''}`)}`)
  if (total === 0) print(dim('  the data is unchanged'))
  else if (total > changes.length) print(dim(`  and ${total - changes.length} more changes`))
}
