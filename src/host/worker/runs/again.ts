// Runs of the workspace once more: as they were, from their file alone, or in today's world.
import { CodedError } from '../../../contract/errors.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { runTitle } from '../../../contract/run-views.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import type { Surroundings } from '../../../contract/surroundings.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { withAfterword } from '../../../engine/run/surroundings/afterword.ts'
import { Comparison } from '../../../engine/run/surroundings/comparison.ts'
import { lacksOf, nothingKept } from '../../../engine/run/surroundings/lacks.ts'
import { repeatInput, repeatPorts } from '../../../engine/run/surroundings/repeat.ts'
import { asTrigger } from '../../../engine/run/given/as-trigger.ts'
import { createRun } from '../../../engine/run/start.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { CustomModule } from '../../../engine/run/environment.ts'
import { checkInput } from '../../../engine/run/input.ts'
import type { Afterword } from '../../../engine/run/surroundings/afterword.ts'
import { changesSince } from '../../../engine/run/surroundings/changes.ts'
import { repeatCalls } from '../../../engine/run/surroundings/custom-calls.ts'
import { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import type { Ports } from '../../../engine/effects/ports.ts'
import { prepareEffects } from '../effects/prepare.ts'
import type { Prepared } from '../effects/prepare.ts'
import type { Refs } from '../thread/protocol.ts'
import { customModulesOf } from './custom-modules.ts'
import { moduleAsItWas, moduleToday } from './module-again.ts'
import type { AskedToday, BegunToday } from './module-again.ts'
import type { RunBook } from './run-book.ts'
import { buildRunInput } from './run-input.ts'
import { withWorld } from './with-world.ts'
import type { Halt } from '../thread/halt.ts'
import type { OpenRun } from './open-run.ts'
import type { StartRequest } from './run-table.ts'

const unrepeatable = (why: string): CodedError => new CodedError('RUN_NOT_REPEATABLE', why)

/** Throws RUN_NOT_REPEATABLE for what is not Retrace's own run, or not one of its own. */
export function assertOwnRun(summary: RunSummary): void {
  const { origin, parent } = summary
  if (origin === 'captured')
    throw unrepeatable(
      `MISP ran ${named(summary)}, and does not tell what it depended on. Verify shows whether Retrace does the same.`
    )
  if (origin === 'imported')
    throw unrepeatable(`MISP’s log has of ${named(summary)} only its lines: neither its data nor what it depended on.`)
  if (parent?.relation === 'nested')
    throw unrepeatable(`${named(summary)} was fired by another run. Run that one again: ${parent.runId}.`)
}

/** By what people know it, and by what commands take. */
const named = (summary: RunSummary): string => `“${runTitle(summary)}” (${summary.id})`

/** Why a run of Retrace’s own cannot be repeated as it was; null: it can. */
export function whyNotRepeatable(run: OpenRun): string | null {
  if (run.summary.origin !== 'local') return null
  try {
    assertOwnRun(run.summary)
    requireSurroundings(run)
    return null
  } catch (error) {
    if (error instanceof CodedError && error.code === 'RUN_NOT_REPEATABLE') return error.message
    throw error
  }
}

/** What the run depended on. Throws RUN_NOT_REPEATABLE with what its file lacks. */
function requireSurroundings({ surroundings, workflow, summary }: OpenRun): Surroundings {
  if (surroundings === null) throw unrepeatable(`${named(summary)} cannot be repeated as it was. ${nothingKept}`)
  // A module that was run on its own has none.
  if (workflow === null && !surroundings.input.module)
    throw unrepeatable(`The file of ${named(summary)} does not have its workflow.`)
  return surroundings
}

export interface AsItWas {
  readonly request: Pick<
    StartRequest,
    'workflow' | 'trigger' | 'workflowName' | 'input' | 'options' | 'begun' | 'begin' | 'surroundings'
  >
  /** Why it may come out otherwise. */
  readonly lacks: readonly string[]
}

/** The run once more. Nothing is sent, no module's code is run, and the workspace's world, settings and modules are not looked at. */
export function asItWas(run: OpenRun, runId: string, halt: Halt | undefined): AsItWas {
  const surroundings = requireSurroundings(run)
  const { summary, options, events } = run
  const ports = { ...repeatPorts({ surroundings, events }), breath: () => halt?.check() }
  const { module } = surroundings.input
  const same = module
    ? moduleAsItWas(surroundings, run, { module, runId, ports })
    : runAsItWas(surroundings, run, { runId, ports })
  const comparison = new Comparison(events, { was: summary.id, is: runId })
  const begin: StartRequest['begin'] = (onEvent) =>
    same((event) => {
      comparison.take(event)
      onEvent(event)
    })
  return {
    request: {
      workflow: run.workflow,
      trigger: summary.trigger,
      workflowName: summary.workflowName,
      // A module that was run on its own tells of no event.
      input: module ? {} : (surroundings.data as JsonMap),
      options,
      begun: run.begun,
      begin: withAfterword(begin, () => comparison.afterword()),
      // What it depends on is what it was given.
      surroundings: () => surroundings
    },
    lacks: lacksOf(surroundings)
  }
}

function runAsItWas(
  surroundings: Surroundings,
  { workflow: kept, options }: OpenRun,
  { runId, ports }: { readonly runId: string; readonly ports: Ports }
): StartRequest['begin'] {
  const given = repeatInput(surroundings)
  const read = parseWorkflow(kept, 'the workflow of the run')
  const isAs = given.insteadOf !== undefined && typeof options['as'] === 'string'
  const workflow = isAs ? asTrigger(read, options['as'] as string) : read
  const input = { ...given, workflow, options: { ...given.options, runId } }
  return (onEvent) => createRun(input, ports, onEvent)
}

export interface Today {
  readonly request: Omit<AsItWas['request'], 'begun'>
  readonly lacks: readonly string[]
}

/**
 * The run in the world, settings and modules of the workspace as they are now: same workflow, data, clock and uuids. What it asks for is answered as
 * it was then, or assumed; nothing is sent. At its end it says what became another thing.
 */
export async function inTodaysWorld(run: OpenRun, runId: string, book: RunBook, refs: Refs): Promise<Today> {
  const { surroundings, fold, summary } = run
  const module = surroundings?.input.module
  const data = surroundings?.data ?? fold.original
  if (data === undefined || (module === undefined && (run.workflow === null || data === null)))
    throw unrepeatable(`The file of ${named(summary)} does not have its workflow and its data.`)
  const prepared = await preparedToday(run, data, { book, refs })
  const recorder = new RunRecorder(surroundings?.uuids.seed)
  const asked = { refs, recorder, runId, prepared }
  const today =
    surroundings && module ? await moduleToday(surroundings, module, asked) : runToday(run, data as JsonMap, asked)
  const changes = (): readonly Afterword[] => {
    const is = recorder.surroundings()
    if (surroundings === null || is === null) return []
    const texts = changesSince(surroundings, is, today.world)
    return texts.map((text) => ({ code: 'CHANGED_SINCE', text }))
  }
  return {
    request: {
      workflow: run.workflow,
      trigger: summary.trigger,
      workflowName: summary.workflowName,
      input: module ? {} : (data as JsonMap),
      options: run.options,
      begin: withAfterword(today.begin, changes),
      surroundings: () => recorder.surroundings()
    },
    lacks: surroundings === null ? [`What changed since then is not told. ${nothingKept}`] : []
  }
}

/** What surrounds a run today, with the answers that it got then. */
async function preparedToday(
  { surroundings, options: kept, fold }: OpenRun,
  data: Json,
  { book, refs }: { readonly book: RunBook; readonly refs: Refs }
): Promise<Prepared> {
  const { edited: _edited, madeUp: _madeUp, mockSet: _set, effects: _effects, ...asked } = kept
  // Of a module that was run on its own.
  const { moduleId: _module, filters: _filters, ...options } = asked
  // One that is run again keeps the MISP that it had.
  const profile = fold.profile
  const full = await withWorld({ ...(options as RunOptionsInput), profile, effects: { policy: 'recorded' } }, refs)
  const recorded = { ...refs, ...(refs.run ? { recordedRun: refs.run } : {}) }
  const customModules = [...(await customModulesOf(refs)), ...placeholdersOf(surroundings)]
  return prepareEffects({ book, refs: recorded, data, customModules, options: full })
}

function runToday(run: OpenRun, data: JsonMap, { refs, recorder, runId, prepared }: AskedToday): BegunToday {
  const { surroundings, options: kept } = run
  const workflow = parseWorkflow(run.workflow, 'the workflow of the run')
  const { options, ports, ...around } = prepared
  const { madeUp } = kept
  const pins = surroundings?.input.pins
  const mayFire = kept['cascade'] !== undefined || JSON.stringify(run.workflow).includes('"run-workflow"')
  const others = mayFire ? (refs.workflows ?? []) : []
  const workflows = others.map((other, i) => parseWorkflow(other, `workflow ${i + 1} of the workspace`))
  const built = buildRunInput({
    ...{ workflow, options: pins ? { ...options, pins } : options, ...around, runId },
    brought: {
      data,
      assumptions: Array.isArray(madeUp) ? madeUp.filter((text) => typeof text === 'string') : [],
      ...(surroundings?.shown ? { shown: surroundings.shown } : {})
    },
    ...(refs.settings ? { settings: refs.settings } : {}),
    ...(mayFire ? { workflows } : {})
  })
  const now = surroundings === null ? {} : { now: surroundings.now }
  const input = { ...built, options: { ...built.options, ...now } }
  checkInput(input)
  return {
    begin: (onEvent) => createRun(input, { ...ports, breath: () => refs.halt?.check() }, onEvent, recorder),
    world: input.world
  }
}

/** Placeholders have no code: what was chosen for them holds. */
const placeholdersOf = (surroundings: Surroundings | null): readonly CustomModule[] =>
  (surroundings?.modules ?? [])
    .filter(({ source }) => source === null)
    .map(({ definition, calls }) => ({ definition, execute: repeatCalls(definition.id, calls) }))
