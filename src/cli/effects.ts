// Effects of a run in a terminal: who answers, custom modules of a folder, and the plan that a live run asks to be confirmed.
import { resolve } from 'node:path'
import type { EffectOptions, RunPlan } from '../contract/effects.ts'
import { effectPolicies } from '../contract/effects.ts'
import type { Json } from '../contract/json.ts'
import { mergeSettings, parseMispSettings } from '../contract/misp-settings.ts'
import type { RunOptionsInput } from '../contract/operations.ts'
import { parseLimitWords } from '../engine/jinja/limit-settings.ts'
import { CodedError } from '../contract/errors.ts'
import type { CustomModule } from '../engine/run/environment.ts'
import type { Ports } from '../engine/effects/ports.ts'
import { liveConfigOf } from '../host/ports/live-config.ts'
import type { LiveConfig } from '../host/ports/live-config.ts'
import { Trust } from '../host/trust/trust.ts'
import type { Settings } from '../host/trust/parts.ts'
import { Workspace } from '../host/store/workspace.ts'
import { userFolder } from '../host/user-folder.ts'
import { enginePorts } from '../host/worker/ports.ts'
import { readArgument } from './input.ts'
import { visible } from './style.ts'

export const effectKinds = {
  effects: 'text',
  mock: 'text',
  answers: 'text',
  modules: 'text',
  allow: 'list',
  limit: 'list',
  workspace: 'text',
  yes: 'flag'
} as const

export interface GivenEffects {
  readonly effects: string | undefined
  readonly answers: string | undefined
  readonly modules: string | undefined
  readonly allow: readonly string[]
  readonly limit: readonly string[]
  readonly workspace: string | undefined
  readonly yes: boolean
}

/** `record`, or `record,webhook=live,7=mock`: the run's policy, then modules and nodes. */
export function parseEffects(text: string | undefined): EffectOptions | undefined {
  if (text === undefined) return undefined
  const known = (name: string): (typeof effectPolicies)[number] => {
    const policy = effectPolicies.find((one) => one === name)
    if (policy) return policy
    throw new CodedError('COMMAND_INVALID', `--effects takes ${effectPolicies.join(', ')}, not "${name}".`)
  }
  const modules: Record<string, (typeof effectPolicies)[number]> = {}
  const nodes: Record<string, (typeof effectPolicies)[number]> = {}
  let policy: (typeof effectPolicies)[number] = 'record'
  for (const part of text.split(',')) {
    const [name = '', chosen] = part.split('=')
    if (chosen === undefined) policy = known(name)
    else if (/^\d+$/.test(name)) nodes[name] = known(chosen)
    else modules[name] = known(chosen)
  }
  return { policy, modules, nodes }
}

/** Modules of a folder that was named on the command line: naming it switches them on. Throws MODULE_FILE_INVALID and MODULE_STOPPED. */
export async function readCustomModules(folder: string | undefined): Promise<readonly CustomModule[]> {
  if (folder === undefined) return []
  const { customModulesOf, listCustomModules } = await import('../host/worker/custom-modules.ts')
  const refs = { customModules: { folder: resolve(folder), on: 'all' as const } }
  const broken = (await listCustomModules(refs)).find(({ error }) => error !== null)
  if (broken?.error) {
    const { code = 'MODULE_FILE_INVALID', file, line, message } = broken.error
    const place = line === null ? '' : `:${line}`
    throw new CodedError(code, `${file}${place}: ${message}`, { file })
  }
  return customModulesOf(refs)
}

/** Ports with the answers of a recording, and the limits of templates that the command line says. */
export async function portsWith(given: GivenEffects, data: Json): Promise<Ports> {
  const ports = enginePorts(parseLimitWords(given.limit))
  if (given.answers === undefined && parseEffects(given.effects)?.policy !== 'recorded') return ports
  const { parseAnswers, recordedAnswers } = await import('../host/worker/effects/recorded.ts')
  const answers = given.answers === undefined ? [] : parseAnswers(await readArgument(given.answers, 'answers'))
  return { ...ports, recorded: recordedAnswers({ answers, data: [data] }) }
}

/** Settings of a workspace, as far as a person of this machine set or allowed them (`retrace trust`). */
async function settingsOf(folder: string | undefined): Promise<Settings> {
  if (folder === undefined) return { misp: parseMispSettings({}).settings, own: {} }
  const workspace = await Workspace.open(folder, { readOnly: true })
  try {
    return new Trust(workspace, userFolder()).settings
  } finally {
    await workspace.close()
  }
}

/** Live services of the workspace below MISP's settings of --settings, hosts of --allow, and RETRACE_SMTP_PASSWORD. */
export async function liveConfig(
  options: RunOptionsInput,
  { allow, workspace }: Pick<GivenEffects, 'allow' | 'workspace'>
): Promise<LiveConfig> {
  const { misp, own } = await settingsOf(workspace)
  const http = { ...own.live?.http, allow: [...(own.live?.http?.allow ?? []), ...allow] }
  const source = {
    misp: mergeSettings(misp, parseMispSettings(options.settings).settings),
    own: { live: { ...own.live, http } }
  }
  return liveConfigOf(source, process.env.RETRACE_SMTP_PASSWORD ?? null)
}

/** The plan as lines. */
function planLines({ entries, open }: RunPlan): readonly string[] {
  return [
    ...entries.map(({ nodeId, moduleId, kind, method, target, via, firedWorkflowId, count, refused }) => {
      const how = [
        ...(method === undefined ? [] : [` with ${method}`]),
        ...(via === undefined ? [] : [` through ${via}`])
      ]
      const whose = firedWorkflowId === undefined ? '' : ` of workflow ${firedWorkflowId}`
      const times = count === 0 ? 'not reached by the dry run' : count === 1 ? 'once' : `${count} times`
      return `  node ${nodeId} ${moduleId}${whose}: ${kind} ${target}${how.join('')} (${times})${refused ? `: refused, ${refused}` : ''}`
    }),
    ...open.map(({ nodeId, moduleId, text }) => `  node ${nodeId} ${moduleId}: ${text}`)
  ]
}

/** Throws LIVE_NOT_CONFIRMED with what would be contacted. */
export function requireYes(yes: boolean, plan: RunPlan, complain: (line: string) => void, what = 'run'): void {
  if (yes) return
  const lines = planLines(plan)
  complain(lines.length > 0 ? `This ${what} would contact:` : `This ${what} would contact nobody.`)
  for (const line of lines) complain(visible(line))
  throw new CodedError('LIVE_NOT_CONFIRMED', 'Nothing was run. Say --yes to contact them.')
}
