import { CodedError } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import { noSettings } from '../../../contract/misp-settings.ts'
import type { ParsedParams } from '../../../contract/operations.ts'
import type { RunEvent } from '../../../contract/run.ts'
import { theirs } from '../../../contract/sentence.ts'
import { explainExtract } from '../../../engine/hash/explain.ts'
import { extract, get } from '../../../engine/hash/hash.ts'
import { createScope } from '../../../engine/hash/report.ts'
import { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import { customModulesOf, explainCustom } from '../runs/custom-modules.ts'
import { inputFrom, valueFrom } from '../values/data-source.ts'
import type { RunBook } from '../runs/run-book.ts'
import type { RunTable } from '../runs/run-table.ts'
import { maskExecution } from '../mask/run.ts'
import { asRun, moduleStarted } from '../runs/module-run.ts'
import { keptOptions } from '../runs/kept-options.ts'
import { moduleTable } from '../runs/module-table.ts'
import { withWorld } from '../runs/with-world.ts'
import { isLive } from '../effects/live-choice.ts'
import { digestOf, redeem } from '../effects/confirm.ts'
import { buildPlan } from '../effects/plan.ts'
import type { Confirmed } from '../../ports/live.ts'
import { performer, prepareEffects } from '../effects/prepare.ts'
import type { Refs, WorkerHandlers } from '../thread/protocol.ts'
import { ofWorkspace, profileOf } from '../runs/profile-for.ts'
import { parseProfile } from '../runs/run-input.ts'
import { beginModule, executeModule, normalizeInput } from '../runs/stateless.ts'
import type { StatelessRequest } from '../runs/stateless.ts'

interface PreparedModule {
  readonly request: StatelessRequest
  readonly digest: string
  readonly confirmed: Confirmed | null
}

/**
 * One module with everything around it, as a run of a workflow gets it.
 * @param redeems a live execution uses its token up; a plan does not
 */
async function prepareModule(
  book: RunBook,
  { data: source, options: given, ...module }: ParsedParams<'module.execute'>,
  refs: Refs,
  redeems: boolean
): Promise<PreparedModule> {
  const { moduleId, params, filters, convert } = module
  const full = await withWorld(given, refs)
  const brought = await inputFrom(book, source, { trigger: null, options: full, refs })
  const { data } = brought
  const customModules = await customModulesOf(refs)
  const isAsked = isLive(given.effects)
  const digest = isAsked ? digestOf({ what: module, data, options: full, customModules, refs }) : ''
  const confirmed = redeems && isAsked ? redeem(given.effects?.confirm, digest) : null
  const { options, ...surroundings } = await prepareEffects({
    ...{ book, refs, data, customModules, options: full, confirmed: confirmed !== null }
  })
  const custom = surroundings.customModules.find(({ definition }) => definition.id === moduleId)
  const world = full.world ? { world: full.world } : {}
  const table = await moduleTable({ ...refs, ...world }, parseProfile(options.profile))
  const definition = custom?.definition ?? table.get(moduleId)
  const request = {
    ...{ definition, params, brought, convert, options, ...surroundings },
    ...(filters ? { filters } : {}),
    settings: refs.settings ?? noSettings
  }
  return { request, digest, confirmed }
}

type ModuleOperations =
  | 'modules.list'
  | 'modules.get'
  | 'module.execute'
  | 'module.plan'
  | 'module.explain'
  | 'hash.extract'
  | 'hash.get'
  | 'hash.explain'
  | 'normalize'

export const moduleOperations = (book: RunBook, table: RunTable): Pick<WorkerHandlers, ModuleOperations> => ({
  'modules.list': async ({ profile }, refs) => (await moduleTable(refs, profileOf(refs, profile))).all,
  'modules.get': async ({ moduleId, profile }, refs) =>
    (await moduleTable(refs, profileOf(refs, profile))).get(moduleId),
  'module.explain': async ({ moduleId, params, filters, profile }, refs) => {
    const table = await moduleTable(refs, profileOf(refs, profile))
    const { module_type: type, is_custom } = table.get(moduleId)
    if (is_custom) return explainCustom(moduleId, params) ?? theirs('')
    const explain = table.modules.explain(type, moduleId, table.service)
    return explain?.({ params, ...(filters ? { filters } : {}) }) ?? theirs('')
  },
  'module.execute': async (params, refs) => {
    const { request, confirmed } = await prepareModule(book, params, refs, true)
    const perform = confirmed ? performer(refs.live, confirmed, refs.halt?.signal) : undefined
    const events: RunEvent[] = []
    const recorder = new RunRecorder()
    const watched = {
      ...request,
      ...(params.keep ? { recorder } : {}),
      onEvent: (event: RunEvent) => void events.push(event)
    }
    const { before, after, view, ...execution } = await executeModule(watched, perform, refs.halt)
    const { newRun } = refs
    const id = newRun?.id ?? ''
    if (newRun && params.keep) {
      const { definition, options } = request
      const { assumptions } = execution
      const started = moduleStarted(definition.name, { profile: parseProfile(options.profile), assumptions })
      await table.keepModule(
        newRun,
        asRun(id, { started, ended: execution, events }),
        keptOptions(ofWorkspace(params.options, refs), {
          moduleId: params.moduleId,
          ...(params.filters ? { filters: params.filters } : {})
        }),
        recorder.surroundings()
      )
    } else
      book.keepValues(id, { input: before, output: after, view, params: execution.params, errors: execution.errors })
    const shown = params.unmasked ? execution : maskExecution(execution)
    return { ...shown, runId: id, ...(params.values ? { before, after, view } : {}) }
  },
  'module.plan': async (params, refs) => {
    const effects = params.options.effects ?? {}
    if (!refs.live) throw new CodedError('LIVE_NOT_CONFIRMED', 'Nothing is live here.')
    if (!isLive(effects))
      throw new CodedError('PARAMS_INVALID', 'Nothing of this module is live.', { place: 'options.effects' })
    const { request, digest } = await prepareModule(book, params, refs, false)
    return buildPlan({
      begin: (onEvent) => beginModule(request, onEvent).stepper,
      profile: parseProfile(request.options.profile),
      ...{ nodes: {}, workflowId: '', config: refs.live, effects, digest, knownModules: new Set() }
    })
  },
  'hash.extract': async ({ data, path }, refs) => {
    const warnings = new Set<string>()
    const scope = createScope((warning) => void warnings.add(warning.text))
    return { value: extract(await valueFrom(book, data, refs), path, scope) as Json, warnings: [...warnings] }
  },
  'hash.get': async ({ data, path }, refs) => ({ value: get(await valueFrom(book, data, refs), path) }),
  'hash.explain': async ({ data, path }, refs) =>
    explainExtract(await valueFrom(book, data, refs), path) as unknown as Json,
  normalize: async ({ trigger, data, options: given }, refs) => {
    const options = await withWorld(given, refs)
    const brought = await inputFrom(book, data, { trigger, options, refs })
    return { value: normalizeInput(trigger, brought, options), assumptions: brought.assumptions }
  }
})
