import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ParsedParams } from '../../contract/operations.ts'
import { explainExtract } from '../../engine/hash/explain.ts'
import { extract, get } from '../../engine/hash/hash.ts'
import { findExplain } from '../../engine/modules/table.ts'
import { customModulesOf, explainCustom } from './custom-modules.ts'
import { inputFrom, valueFrom } from './data-source.ts'
import type { WorkerHandlers } from './operations.ts'
import type { RunBook } from './run-book.ts'
import type { RunTable } from './run-table.ts'
import { maskExecution } from './mask-run.ts'
import { moduleTable } from './module-table.ts'
import { withWorld } from './with-world.ts'
import { isLive } from './effects/live-choice.ts'
import { buildPlan, digestOf, redeem } from './effects/plan.ts'
import { performer, prepareEffects } from './effects/prepare.ts'
import type { Refs } from './protocol.ts'
import { beginModule, executeModule, normalizeInput } from './stateless.ts'
import type { StatelessRequest } from './stateless.ts'

const digestOfModule = ({ data, options, ...workflow }: ParsedParams<'module.execute'>): string =>
  digestOf({ workflow, data, options: options as JsonMap })

/** One module with everything around it, as a run of a workflow gets it. */
async function prepareModule(
  book: RunBook,
  { moduleId, params, filters, data: source, convert, options: given }: ParsedParams<'module.execute'>,
  refs: Refs,
  confirmed: boolean
): Promise<StatelessRequest> {
  const data = await inputFrom(book, source, refs)
  const { options, ...surroundings } = await prepareEffects({
    ...{ book, refs, data, confirmed },
    options: await withWorld(given, refs),
    customModules: await customModulesOf(refs)
  })
  const custom = surroundings.customModules.find(({ definition }) => definition.id === moduleId)
  const definition = custom?.definition ?? (await moduleTable(refs)).get(moduleId)
  return {
    ...{ definition, params, data, convert, options, ...surroundings },
    ...(filters ? { filters } : {}),
    settings: refs.settings ?? {}
  }
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

export const moduleOperations = (book: RunBook, _table: RunTable): Pick<WorkerHandlers, ModuleOperations> => ({
  'modules.list': async (_params, refs) => (await moduleTable(refs)).all,
  'modules.get': async ({ moduleId }, refs) => (await moduleTable(refs)).get(moduleId),
  'module.explain': async ({ moduleId, params, filters }, refs) => {
    const table = await moduleTable(refs)
    const { module_type: type, is_custom } = table.get(moduleId)
    if (is_custom) return { text: explainCustom(moduleId, params) ?? '' }
    return { text: findExplain(type, moduleId, table.service)?.({ params, ...(filters ? { filters } : {}) }) ?? '' }
  },
  'module.execute': async (params, refs) => {
    const confirmed = isLive(params.options.effects)
      ? redeem(params.options.effects?.confirm, digestOfModule(params))
      : null
    const request = await prepareModule(book, params, refs, confirmed !== null)
    const perform = confirmed ? performer(refs.live, confirmed, refs.halt?.signal) : undefined
    const { before, after, view, cannotTell: _reason, ...execution } = await executeModule(request, perform, refs.halt)
    const id = refs.newRun?.id ?? ''
    book.keepValues(id, { input: before, output: after, view, params: execution.params, errors: execution.errors })
    return { ...maskExecution(execution), runId: id }
  },
  'module.plan': async (params, refs) => {
    const effects = params.options.effects ?? {}
    if (!refs.live) throw new CodedError('LIVE_NOT_CONFIRMED', 'Nothing is live here.')
    if (!isLive(effects))
      throw new CodedError('PARAMS_INVALID', 'Nothing of this module is live.', { place: 'options.effects' })
    const request = await prepareModule(book, params, refs, false)
    return buildPlan({
      begin: (onEvent) => beginModule(request, onEvent).stepper,
      ...{ nodes: {}, config: refs.live, effects, digest: digestOfModule(params), knownModules: new Set() }
    })
  },
  'hash.extract': async ({ data, path, limit }, refs) => {
    const matches = Object.values(extract(await valueFrom(book, data, refs), path)) as Json[]
    return { matches: matches.slice(0, limit), total: matches.length }
  },
  'hash.get': async ({ data, path }, refs) => ({ value: get(await valueFrom(book, data, refs), path) }),
  'hash.explain': async ({ data, path }, refs) =>
    explainExtract(await valueFrom(book, data, refs), path) as unknown as Json,
  normalize: async ({ trigger, data, options }, refs) => ({
    value: normalizeInput(trigger, await inputFrom(book, data, refs), await withWorld(options, refs))
  })
})
