// `retrace run`: runs a workflow and shows its steps; with --keep the run is one of the workspace's.
import type { Json } from '../contract/json.ts'
import type { Params, RunOptionsInput } from '../contract/operations.ts'
import { CodedError } from '../contract/errors.ts'
import { assertRunnable } from '../engine/graph/parse.ts'
import { isLive } from '../host/worker/effects/live-choice.ts'
import { parseCommand, required } from './args.ts'
import type { Options } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { askedOf, checkModules, confirmed, effectKinds, mocksOf, parseEffects, refuseBeside } from './effects.ts'
import { withFiles, type FilesHost } from './files-host.ts'
import { environmentOptions, nameOf, readRunOptions } from './input.ts'
import { checkOut } from './output.ts'
import { assertKept, ShownRun } from './shown-run.ts'

const kinds = {
  data: 'text',
  index: 'text',
  pick: 'text',
  as: 'text',
  json: 'flag',
  posts: 'text',
  'as-is': 'flag',
  keep: 'flag',
  secrets: 'flag',
  ...environmentOptions,
  ...effectKinds
} as const

export const runCommand: Command = async (context) => {
  const { options, words } = parseCommand(context.args, kinds, context.usage, { min: 1, max: 1 })
  const file = words[0] as string
  const dataFile = required(options.data, 'data', context.usage)
  if (options.keep) refuseBeside(options)
  // A live run must not have sent everything before its posts find no place.
  if (options.posts !== undefined && options.posts !== '-')
    checkOut(options.posts, [
      file,
      dataFile,
      options.world,
      options.settings,
      options.mocks,
      options.mock,
      options.answers
    ])
  const effects = parseEffects(options.effects)
  const { mocks, set } = mocksOf(options)
  const given = await readRunOptions({ ...options, mocks }, context.complain)
  // What is kept is asked of the workspace's own host, which knows nothing of this command line.
  const { world, ...small } = given
  const as = options.as === undefined ? {} : { as: options.as }
  const runOptions = { ...small, ...as, ...(effects ? { effects } : {}) }
  const named = { workflow: [file], 'data set': [dataFile], 'set of mocks': set === undefined ? [] : [set] }
  return withFiles(context, { ...options, named }, await askedOf(options, given), async (files) => {
    const { source, workflow } = await files.workflow(file, options.pick)
    if (!options['as-is']) assertRunnable(workflow, nameOf(file))
    await checkModules(files, options.modules)
    const data = await files.data(dataFile, options.index)
    const asked = {
      workflow: source,
      data,
      options: { ...runOptions, ...(await files.mockSet(set)), ...(options.keep ? await files.world(world) : {}) }
    }
    return runAndShow(context, files, options, { asked, file, dataFile, workflow: workflow as unknown as Json })
  })
}

interface Asking {
  readonly asked: Pick<Params<'run.start'>, 'workflow' | 'data'> & { readonly options: RunOptionsInput }
  readonly file: string
  readonly dataFile: string
  readonly workflow: Json
}

async function runAndShow(
  context: CommandContext,
  { host }: FilesHost,
  options: Options<typeof kinds>,
  { asked, file, dataFile, workflow }: Asking
): Promise<number> {
  const shown = new ShownRun(context, options, workflow)
  await named(file, dataFile, async () => {
    const params = { ...asked, keep: options.keep }
    if (isLive(asked.options.effects)) {
      const confirm = confirmed(options.yes, await host.ask('run.plan', asked), context.complain, 'run')
      params.options = { ...asked.options, effects: { ...asked.options.effects, confirm } }
    }
    await host.run(params, (event) => shown.take(event))
  })
  const status = await shown.end(asked.options.now)
  if (options.keep) await assertKept(host, shown.runId)
  if (options.keep && !options.json) context.print(`kept as ${shown.runId}`)
  return status
}

/** The engine does not know files; a user's error names the one that is wrong. */
async function named<T>(workflow: string, data: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CodedError) || error.details?.file !== undefined) throw error
    const place = String(error.details?.place ?? '')
    if (!/^(data|workflow)/.test(place)) throw error
    const file = place.startsWith('data') ? data : workflow
    throw new CodedError(error.code, `${nameOf(file)}: ${error.message}`, { ...error.details, file })
  }
}
