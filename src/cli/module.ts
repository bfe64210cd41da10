// `retrace module`: one module alone, without a workflow.
import type { Json } from '../contract/json.ts'
import type { Params, Result, RunOptionsInput } from '../contract/operations.ts'
import { encodeJson } from '../engine/php/encode.ts'
import { CodedError } from '../contract/errors.ts'
import { answerProblem } from '../engine/effects/answer-error.ts'
import { isLive } from '../host/worker/effects/live-choice.ts'
import { changesBetween } from '../host/worker/values/changes.ts'
import { parseCommand, required } from './args.ts'
import type { Command } from './context.ts'
import { exitStatus } from './context.ts'
import { askedOf, checkModules, confirmed, effectKinds, mocksOf, parseEffects, refuseBeside } from './effects.ts'
import { withFiles, type FilesHost } from './files-host.ts'
import { environmentOptions, readMap, readRunOptions } from './input.ts'
import { profileFor } from './recognised.ts'
import { createStyle, milliseconds, visible } from './style.ts'
import { plural, shownAs } from '../contract/words.ts'

const kinds = {
  params: 'text',
  data: 'text',
  index: 'text',
  filters: 'text',
  convert: 'flag',
  json: 'flag',
  keep: 'flag',
  secrets: 'flag',
  ...environmentOptions,
  ...effectKinds
} as const

type Shown = Omit<Result<'module.execute'>, 'runId'> & Record<'before' | 'after' | 'view', Json>

export const moduleCommand: Command = async (context) => {
  const { print, color, complain } = context
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const moduleId = words[0] as string
  const dataFile = required(options.data, 'data', context.usage)
  if (options.keep) refuseBeside(options)
  const effects = parseEffects(options.effects)
  const { mocks, set } = mocksOf(options)
  const profile = profileFor(moduleId, options, context)
  const given = await readRunOptions({ ...options, mocks, profile }, complain)
  const { world, ...small } = given
  const environment = { ...small, ...(effects ? { effects } : {}) }
  const named = { 'data set': [dataFile], 'set of mocks': set === undefined ? [] : [set] }
  return withFiles(context, { ...options, named }, await askedOf(options, given), async (files) => {
    const { host } = files
    await checkModules(files, options.modules)
    const runOptions: RunOptionsInput = {
      ...environment,
      ...(await files.mockSet(set)),
      ...(options.keep ? await files.world(world) : {})
    }
    const request: Params<'module.execute'> & { options: RunOptionsInput } = {
      ...{ moduleId, convert: options.convert, options: runOptions },
      params: options.params === undefined ? {} : await readMap(options.params, 'params'),
      ...(options.filters === undefined ? {} : { filters: await readMap(options.filters, 'filters') }),
      data: await files.data(dataFile, options.index)
    }
    if (isLive(effects)) {
      const confirm = confirmed(options.yes, await host.ask('module.plan', request), complain, 'module')
      request.options = { ...runOptions, effects: { ...effects, confirm } }
    }
    const ask = { ...request, keep: options.keep, values: true, unmasked: options.secrets }
    const { runId, ...result } = (await host.ask('module.execute', ask)) as Result<'module.execute'> & Shown
    const kept = options.keep ? { runId } : {}
    if (options.json) print(encodeJson({ ...inOrder(result), ...kept } as unknown as Json, true))
    else show(result, await nameOfModule(host, moduleId, runOptions.profile), print, color)
    if (options.keep && !options.json) print(`kept as ${runId}`)
    return result.cannotTell ? exitStatus.cannotTell : result.success ? exitStatus.success : exitStatus.failure
  })
}

/** One of the service that only a given world lists has no other name here than its id. */
async function nameOfModule(host: FilesHost['host'], moduleId: string, profile: string | undefined): Promise<string> {
  try {
    return (await host.ask('modules.get', { moduleId, ...(profile === undefined ? {} : { profile }) })).name
  } catch (error) {
    if (error instanceof CodedError && error.code === 'MODULE_UNKNOWN') return moduleId
    throw error
  }
}

/** As it has always been printed: the outcome first, the data behind it. */
function inOrder({ before, after, view, assumptions, cannotTell, ...result }: Shown): object {
  const { success, result: word, branch, errors, message, throwable, ...rest } = result
  return {
    ...{ success, result: word, branch, errors, message, throwable, cannotTell },
    ...rest,
    ...{ before, after, view, assumptions }
  }
}

function show(result: Shown, name: string, print: (line: string) => void, color: boolean): void {
  const { bold, dim, red, green, cyan, yellow } = createStyle(color)
  const verdict = result.cannotTell
    ? yellow('cannot tell')
    : result.throwable
      ? red(`threw ${result.throwable.class}: ${visible(result.throwable.message)}`)
      : result.success
        ? green('true')
        : yellow('false')
  print(`${bold(name)}  ${verdict}  ${dim(milliseconds(result.ms))}`)
  if (result.message) print(`  ${red(visible(result.message))}`)
  if (result.throwable?.hint) print(`  ${visible(result.throwable.hint)}`)
  for (const error of Object.values((result.errors ?? {}) as Record<string, Json>))
    print(`  ${red('error')}    ${visible(String(error))}`)
  for (const { effect, answer, by } of result.effects) {
    print(`  ${yellow('effect')}   ${effect.kind} ${dim(`(${by})`)}`)
    const problem = answerProblem(effect, answer)
    if (problem !== null) print(`  ${red('error')}    ${visible(problem)}`)
  }
  for (const change of result.worldChanges) print(`  ${cyan('database')} ${change.table} ${change.op}`)
  const { changes, total } = changesBetween(result.before, result.after, 50)
  for (const { op, label, before, after } of changes) {
    const told = [before, after].flatMap((value) => (value ? [shownAs(value.preview)] : [])).join(' → ')
    print(`  ${cyan(op.padEnd(8))} ${visible(`${label}: ${told}`)}`)
  }
  if (total === 0) print(dim('  the data is unchanged'))
  else if (total > changes.length) print(dim(`  and ${plural(total - changes.length, 'more change')}`))
}
