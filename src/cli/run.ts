// `retrace run`: runs a workflow in this process and shows its steps.
import { writeFileSync } from 'node:fs'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Json, JsonMap } from '../contract/json.ts'
import type { RunOptionsInput } from '../contract/operations.ts'
import type { RunEvent } from '../contract/run.ts'
import type { RawWorkflow } from '../contract/workflow.ts'
import { CodedError } from '../contract/errors.ts'
import { assertRunnable } from '../engine/graph/parse.ts'
import { encodeJson } from '../engine/php/encode.ts'
import { drive, runToEnd } from '../engine/run/driver.ts'
import type { AsyncDriver } from '../engine/run/driver.ts'
import type { RunInput } from '../engine/run/input.ts'
import type { Ports } from '../engine/effects/ports.ts'
import { idOf } from '../engine/run/context.ts'
import { createRun } from '../engine/run/start.ts'
import { blankSummary, RunFold } from '../engine/replay/fold.ts'
import { asWriteError } from '../host/store/files.ts'
import { enginePorts } from '../host/worker/ports.ts'
import { buildRunInput, parseProfile } from '../host/worker/run-input.ts'
import { createMask } from '../host/worker/mask-run.ts'
import { explainNode } from '../host/worker/run-book.ts'
import { isLive } from '../host/worker/effects/live-choice.ts'
import { parseCommand, required } from './args.ts'
import type { Command, CommandContext } from './context.ts'
import { statusOf } from './context.ts'
import { effectKinds, liveConfig, parseEffects, portsWith, readCustomModules, requireYes } from './effects.ts'
import type { GivenEffects } from './effects.ts'
import { environmentOptions, readData, readRunOptions, readWorkflow } from './input.ts'
import { postLine } from './posts.ts'
import { RunPrinter } from './print-run.ts'

const kinds = {
  data: 'text',
  index: 'text',
  json: 'flag',
  posts: 'text',
  'as-is': 'flag',
  secrets: 'flag',
  ...environmentOptions,
  ...effectKinds
} as const

export const runCommand: Command = async ({ args, print, complain, color, usage }) => {
  const { options, words } = parseCommand(args, kinds, usage, { min: 1, max: 1 })
  const file = words[0] as string
  const workflow = await readWorkflow(file)
  if (!options['as-is']) assertRunnable(workflow, file === '-' ? 'standard input' : file)
  const data = await readData(required(options.data, 'data', usage), options.index)
  const effects = parseEffects(options.effects)
  const given = await readRunOptions({ ...options, mocks: options.mock ?? options.mocks }, complain)
  const runOptions = { ...given, ...(effects ? { effects } : {}) }
  const customModules = await readCustomModules(options.modules)
  const ports = await portsWith(options, data)
  const workflows = options.workspace === undefined ? [] : await readWorkflows(options.workspace)
  const input = buildRunInput({
    ...{ workflow, data, options: runOptions, workflows, customModules },
    ...serviceModulesOf(runOptions)
  })
  const live = isLive(effects) ? await goLive({ ...options, complain }, runOptions, input, ports) : null
  const runId = enginePorts().uuid()
  const printer = options.json ? null : new RunPrinter(print, color)
  const fold = new RunFold({ explain: explainNode })
  const posts: RunEvent[] = []
  const mask = createMask()
  const onEvent = (raw: RunEvent): void => {
    // The posts are MISP's, for whoever plays MISP with them: as they would be sent.
    if (raw.type === 'post') posts.push(raw)
    const event = options.secrets ? raw : mask(raw)
    if (options.json) print(encodeJson(event as unknown as Json))
    // Fired runs have their own starts and ends; this fold is of the run that was asked for.
    if (event.runId === runId) fold.apply(event)
    printer?.event(event, runId)
  }
  const named = { ...input, options: { ...input.options, runId } }
  const stepper = createNamed(file, options.data ?? '-', named, ports, onEvent)
  if (live) await drive(stepper, { perform: live.perform, breathe })
  else runToEnd(stepper)
  live?.close()
  const startedAt = runOptions.now === undefined ? Date.now() : Date.parse(runOptions.now)
  if (options.posts !== undefined)
    writePosts(
      options.posts,
      posts.map((event) => postLine(event, startedAt)),
      print
    )
  const detail = fold.detail(fold.summary(blankSummary(runId, new Date(startedAt).toISOString())))
  printer?.end(detail)
  const { finished } = fold
  if (!finished) throw new Error('the run has no end')
  return statusOf(finished.outcome, finished.success)
}

/** The engine does not know files; a user's error names the one that is wrong. */
function createNamed(
  workflow: string,
  data: string,
  ...args: Parameters<typeof createRun>
): ReturnType<typeof createRun> {
  try {
    return createRun(...args)
  } catch (error) {
    if (!(error instanceof CodedError) || error.details?.file !== undefined) throw error
    const file = error.details?.place?.startsWith('data') ? data : workflow
    throw new CodedError(error.code, `${file}: ${error.message}`, { ...error.details, file })
  }
}

/** Modules of the service that the world names; without them the service lists nothing. */
function serviceModulesOf({ world }: RunOptionsInput): Pick<RunInput, 'serviceModules'> {
  const listed = (world as JsonMap | undefined)?.['service_modules']
  return Array.isArray(listed) ? { serviceModules: listed as readonly JsonMap[] } : {}
}

/** Shows whom the run would contact and asks for --yes; answers who performs its effects. */
async function goLive(
  given: GivenEffects & Pick<CommandContext, 'complain'>,
  options: RunOptionsInput,
  input: RunInput,
  ports: Ports
): Promise<Pick<AsyncDriver, 'perform'> & { close(): void }> {
  const { buildPlan } = await import('../host/worker/effects/plan.ts')
  const { redeem } = await import('../host/worker/effects/confirm.ts')
  const { performer, publisher } = await import('../host/worker/effects/prepare.ts')
  const config = await liveConfig(options, given)
  const known = (input.customModules ?? []).map(({ definition }) => definition.id)
  const digest = 'cli'
  const effects = options.effects ?? {}
  const plan = await buildPlan({
    profile: parseProfile(options.profile),
    ...{ config, effects, digest, knownModules: new Set(known) },
    begin: (onEvent) => createRun(input, ports, onEvent),
    nodes: (input.workflow['data'] ?? {}) as JsonMap,
    workflowId: idOf(input.workflow as JsonMap)
  })
  requireYes(given.yes, plan, given.complain)
  return { perform: performer(config, redeem(plan.token, digest)), close: () => publisher.close() }
}

function writePosts(file: string, lines: readonly string[], print: (line: string) => void): void {
  if (file === '-') {
    for (const line of lines) print(line)
    return
  }
  try {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  } catch (error) {
    throw asWriteError(error, file)
  }
}

/** The workspace's workflows, which a cascade may run. */
async function readWorkflows(folder: string): Promise<RawWorkflow[]> {
  const [{ Workflows }, { parseWorkflow }, { join }] = await Promise.all([
    import('../host/store/workflows.ts'),
    import('../engine/graph/parse.ts'),
    import('node:path')
  ])
  const workflows = await Workflows.open(join(folder, 'workflows'), {
    writable: () => false,
    report: ({ message }) => {
      throw new CodedError('STORE_FILE_UNREADABLE', message)
    }
  })
  return workflows.list().map(({ id }) => parseWorkflow(workflows.get(id).workflow, id))
}
