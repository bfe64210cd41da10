import type { Json } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { explainExtract } from '../../engine/hash/explain.ts'
import { extract, get } from '../../engine/hash/hash.ts'
import { findExplain } from '../../engine/modules/table.ts'
import { customDefinitions, customModulesOf, explainCustom } from './custom-modules.ts'
import { inputFrom, valueFrom } from './data-source.ts'
import type { WorkerHandlers } from './operations.ts'
import type { RunBook } from './run-book.ts'
import type { RunTable } from './run-table.ts'
import { allModules, requireModule } from './module-table.ts'
import { withWorld } from './with-world.ts'
import { executeModule, normalizeInput } from './stateless.ts'

const findModule = (id: string, custom: readonly ModuleDefinition[]): ModuleDefinition =>
  custom.find((definition) => definition.id === id) ?? requireModule(id)

type ModuleOperations =
  | 'modules.list'
  | 'modules.get'
  | 'module.execute'
  | 'module.explain'
  | 'hash.extract'
  | 'hash.get'
  | 'hash.explain'
  | 'normalize'

export const moduleOperations = (book: RunBook, _table: RunTable): Pick<WorkerHandlers, ModuleOperations> => ({
  'modules.list': async (_params, refs) => {
    const custom = await customDefinitions(refs)
    const replaced = new Set(custom.map(({ id }) => id))
    return [...allModules().filter(({ id }) => !replaced.has(id)), ...custom]
  },
  'modules.get': async ({ moduleId }, refs) => findModule(moduleId, await customDefinitions(refs)),
  'module.explain': async ({ moduleId, params, filters }, refs) => {
    const { module_type: type, is_custom } = findModule(moduleId, await customDefinitions(refs))
    if (is_custom) return { text: explainCustom(moduleId, params) ?? '' }
    return { text: findExplain(type, moduleId)?.({ params, ...(filters ? { filters } : {}) }) ?? '' }
  },
  'module.execute': async (params, refs) => {
    const data = await inputFrom(book, params.data, refs)
    const { moduleId, options, convert, filters } = params
    const customModules = await customModulesOf(refs)
    const result = executeModule({
      definition: findModule(
        moduleId,
        customModules.map(({ definition }) => definition)
      ),
      customModules,
      params: params.params,
      ...(filters ? { filters } : {}),
      data,
      convert,
      options: await withWorld(options, refs),
      settings: refs.settings ?? {}
    })
    const { before, after, view, cannotTell: _reason, ...execution } = result
    const id = refs.newRun?.id ?? ''
    book.keepValues(id, { input: before, output: after, view, params: execution.params, errors: execution.errors })
    return { ...execution, runId: id }
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
