// Effects of a run in a terminal: who answers, custom modules of a folder, and the plan that a live run asks to be confirmed.
import { resolve } from 'node:path'
import type { EffectOptions, RunPlan } from '../contract/effects.ts'
import { effectPolicies } from '../contract/effects.ts'
import type { Json } from '../contract/json.ts'
import type { RunOptionsInput } from '../contract/operations.ts'
import { parseLimitWords } from '../engine/jinja/limit-settings.ts'
import { CodedError } from '../contract/errors.ts'
import type { Asked } from '../host/operations/asked.ts'
import type { FilesHost } from './files-host.ts'
import { isThere, readArgument } from './input.ts'
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
    throw new CodedError('COMMAND_INVALID', `--effects takes ${effectPolicies.join(', ')}, not “${name}”.`)
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

interface GivenMocks {
  readonly mock: string | undefined
  readonly mocks: string | undefined
}

/** A file of mocks, or the name of a set with pins and placeholders. */
export function mocksOf({ mock, mocks: other }: GivenMocks): {
  readonly mocks: string | undefined
  readonly set: string | undefined
} {
  const mocks = mock ?? other
  const isSet = mocks !== undefined && !isThere(mocks)
  return isSet ? { mocks: undefined, set: mocks } : { mocks, set: undefined }
}

/** What the command line says beside a workspace. */
export async function askedOf(given: GivenEffects, { world, settings }: RunOptionsInput): Promise<Asked> {
  const limits = parseLimitWords(given.limit)
  return {
    allow: given.allow,
    ...(settings ? { settings } : {}),
    ...(world ? { world } : {}),
    ...(given.limit.length > 0 ? { limits } : {}),
    ...(given.answers === undefined ? {} : { answers: await readAnswers(given.answers) }),
    ...(given.modules === undefined ? {} : { modules: resolve(given.modules) })
  }
}

async function readAnswers(file: string): Promise<Json> {
  const answers = await readArgument(file, 'answers')
  const { parseAnswers } = await import('../host/worker/effects/recorded.ts')
  parseAnswers(answers)
  return answers
}

/** With --keep the workspace answers: what it does not hold could not be run again there. */
export function refuseBeside({ answers, modules, allow, limit }: GivenEffects): void {
  const beside = [
    ...(answers === undefined ? [] : ['--answers']),
    ...(modules === undefined ? [] : ['--modules']),
    ...(allow.length === 0 ? [] : ['--allow']),
    ...(limit.length === 0 ? [] : ['--limit'])
  ]
  if (beside.length === 0) return
  const text = `${beside.join(' and ')} cannot be kept with a run: what is kept is run with what the workspace holds. Set it there, or leave out --keep.`
  throw new CodedError('COMMAND_INVALID', text)
}

/** Throws MODULE_FILE_INVALID and MODULE_STOPPED for a module of the folder that was named and cannot be read. */
export async function checkModules({ host }: FilesHost, folder: string | undefined): Promise<void> {
  if (folder === undefined) return
  const broken = (await host.ask('customModules.list', {})).find(({ error }) => error !== null)
  if (!broken?.error) return
  const { code = 'MODULE_FILE_INVALID', file, line, message } = broken.error
  throw new CodedError(code, `${file}${line === null ? '' : `:${line}`}: ${message}`, { file })
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
      const times = count === 0 ? 'not reached in the dry run' : count === 1 ? 'once' : `${count} times`
      return `  node ${nodeId} ${moduleId}${whose}: ${kind} ${target}${how.join('')} (${times})${refused ? `: refused, ${refused}` : ''}`
    }),
    ...open.map(({ nodeId, moduleId, text }) => `  node ${nodeId} ${moduleId}: ${text}`)
  ]
}

/** The token of a plan; without --yes LIVE_NOT_CONFIRMED with what would be contacted. */
export function confirmed(
  yes: boolean,
  plan: RunPlan,
  complain: (line: string) => void,
  what: 'run' | 'module'
): string {
  if (yes) return plan.token
  const lines = planLines(plan)
  complain(lines.length > 0 ? `This ${what} would contact:` : `This ${what} would contact nothing.`)
  for (const line of lines) complain(visible(line))
  throw new CodedError('LIVE_NOT_CONFIRMED', 'Nothing was run. Add --yes to contact them.')
}
