import { CodedError } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { checkInput } from '../../../engine/run/input.ts'
import { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import { createRun } from '../../../engine/run/start.ts'
import { inputFrom, workflowFrom } from '../values/data-source.ts'
import { customModulesOf } from '../runs/custom-modules.ts'
import { isLive } from '../effects/live-choice.ts'
import { asItWas, assertOwnRun, inTodaysWorld } from '../runs/again.ts'
import { keptOptions } from '../runs/kept-options.ts'
import { ownJson } from '../runs/input.ts'
import { digestOf, redeem } from '../effects/confirm.ts'
import { performer, prepareEffects } from '../effects/prepare.ts'
import type { RunBook } from '../runs/run-book.ts'
import { buildRunInput, parseProfile } from '../runs/run-input.ts'
import { profileOfWorkflow, withProfile } from '../runs/profile-for.ts'
import { triggerFor } from '../runs/trigger-for.ts'
import type { RunTable } from '../runs/run-table.ts'
import { withWorld } from '../runs/with-world.ts'
import { moduleTable } from '../runs/module-table.ts'
import { problemsOf } from '../runs/workflow-check.ts'
import { useOf } from '../../store/versions.ts'
import type { WorkerHandlers } from '../thread/protocol.ts'

/** Longer data cannot be edited in a window. */
const editLimit = 4_000_000

type RunOperations =
  | 'workflows.profile'
  | 'run.start'
  | 'run.again'
  | 'run.follow'
  | 'run.step'
  | 'run.paused'
  | 'run.cancel'
  | 'run.workflow'
  | 'run.module'
  | 'workflows.check'

const again =
  (book: RunBook, table: RunTable): WorkerHandlers['run.again'] =>
  async ({ runId: id, todaysWorld, follow }, refs) => {
    const { run: ref, newRun, halt } = refs
    if (!newRun) throw new CodedError('RUN_FAILED_TO_START')
    if (ref) assertOwnRun(ref.summary)
    const run = await book.open(ref, id, halt)
    const { request, lacks } = todaysWorld
      ? await inTodaysWorld(run, newRun.id, book, refs)
      : asItWas(run, newRun.id, halt)
    const parent = { runId: id, nodeId: null, relation: 'again' } as const
    const { runId } = table.start({
      ...request,
      ...{ newRun, parent, name: null, mode: 'run', follow },
      ...(halt ? { halt } : {})
    })
    const now = run.surroundings === null ? null : new Date(run.surroundings.now * 1000).toISOString()
    return { runId, lacks, now }
  }

export const runOperations = (book: RunBook, table: RunTable): Pick<WorkerHandlers, RunOperations> => ({
  'run.start': async (params, refs) => {
    const { newRun } = refs
    if (!newRun) throw new CodedError('RUN_FAILED_TO_START')
    const workflow = await workflowFrom(book, params.workflow, refs)
    const workflows = refs.workflows?.map((other, i) => parseWorkflow(other, `workflow ${i + 1} of the workspace`))
    // All that the run is made of is read once: what the token is compared with is what runs.
    const asked = { book, refs, workflow, source: params.workflow }
    const { options: wanted, said } = await withProfile(params.options, asked)
    const full = await withWorld(wanted, refs)
    const trigger = triggerFor(workflow, full)
    const brought = await inputFrom(book, params.data, { trigger, options: full, refs })
    const { data } = brought
    const customModules = await customModulesOf(refs)
    const confirmed = isLive(params.options.effects)
      ? redeem(params.options.effects?.confirm, digestOf({ what: workflow, data, options: full, customModules, refs }))
      : null
    const { options, ports, ...surroundings } = await prepareEffects({
      ...{ book, refs, data, customModules, options: full, confirmed: confirmed !== null }
    })
    const input = buildRunInput({
      workflow,
      brought,
      options,
      said,
      ...surroundings,
      runId: newRun.id,
      ...(refs.settings ? { settings: refs.settings } : {}),
      ...(workflows ? { workflows } : {})
    })
    const recorder = new RunRecorder()
    // Before the run is on the list: what no run can start from leaves none there.
    checkInput(input)
    const { runId } = table.start({
      newRun,
      workflow,
      trigger: trigger ?? '',
      workflowName: typeof workflow.name === 'string' ? workflow.name : null,
      input: data,
      options: keptOptions(wanted, {
        ...(params.edited ? { edited: true } : {}),
        ...(brought.assumptions.length > 0 && !full.raw ? { madeUp: brought.assumptions } : {})
      }),
      parent: params.parent === undefined ? null : { runId: params.parent, nodeId: null, relation: 'again' },
      name: params.name ?? null,
      mode: params.mode,
      begin: (onEvent) => createRun(input, { ...ports, breath: () => refs.halt?.check() }, onEvent, recorder),
      surroundings: () => recorder.surroundings(),
      ...(refs.halt ? { halt: refs.halt } : {}),
      // One that waits for a person is looked at step by step.
      follow: params.follow && params.mode === 'run',
      ...(confirmed ? { perform: performer(refs.live, confirmed) } : {})
    })
    return { runId }
  },
  'run.again': again(book, table),
  'run.follow': ({ runId, unmasked }, { halt }) => table.followed.read(runId, unmasked, halt),
  'run.step': ({ runId, command, breakpoints, data }) => {
    const driver = table.driver(runId)
    driver.step(command, breakpoints, data === undefined ? undefined : ownJson(data))
    return { state: driver.run.summary.state }
  },
  'run.paused': ({ runId, data }) => {
    const { nodeId, moduleId, data: roaming } = table.driver(runId).standing
    const text = data ? JSON.stringify(roaming, null, 2) : null
    return { nodeId, moduleId, text: text !== null && text.length > editLimit ? null : text }
  },
  'run.cancel': ({ runId }) => {
    // The flag may have ended it before this was read.
    if (!table.wasCancelled(runId)) table.driver(runId).cancel()
    return { state: 'cancelled' as const }
  },
  'run.workflow': async ({ runId }, refs) => {
    const { workflow, rebuilt } = await book.outline(refs.run, runId, refs.halt)
    if (workflow === null) throw new CodedError('WORKFLOW_NOT_FOUND', 'The workflow of that run is unknown.')
    return { workflow, rebuilt }
  },
  'run.module': async ({ runId }, refs) =>
    (await book.open(refs.run, runId, refs.halt)).surroundings?.input.module ?? null,
  'workflows.check': async ({ workflow: source, options: given }, refs) => {
    const workflow = await workflowFrom(book, source, refs)
    const { options } = await withProfile(given, { book, refs, workflow, source })
    return problemsOf(
      workflow,
      refs.world ? { world: refs.world, ...options } : options,
      refs.settings,
      [],
      (await moduleTable(refs, parseProfile(options.profile))).added
    )
  },
  'workflows.profile': async ({ workflow: source }, refs) => {
    const workflow = await workflowFrom(book, source, refs)
    const { profile, how, traces } = profileOfWorkflow(workflow as unknown as Json, refs)
    return useOf(
      profile,
      how,
      traces.map(({ text }) => text)
    )
  }
})
