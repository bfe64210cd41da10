import type { Json } from '../../contract/json.ts'
import { explainExtract } from '../../engine/hash/explain.ts'
import { extract, get } from '../../engine/hash/hash.ts'
import { findExplain } from '../../engine/modules/table.ts'
import { inputFrom, valueFrom } from './data-source.ts'
import type { WorkerHandlers } from './operations.ts'
import type { RunBook } from './run-book.ts'
import type { RunTable } from './run-table.ts'
import { allModules, requireModule } from './module-table.ts'
import { withWorld } from './with-world.ts'
import { executeModule, normalizeInput } from './stateless.ts'

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
  'modules.list': () => allModules(),
  'modules.get': ({ moduleId }) => requireModule(moduleId),
  'module.explain': ({ moduleId, params, filters }) => {
    const { module_type: type } = requireModule(moduleId)
    return { text: findExplain(type, moduleId)?.({ params, ...(filters ? { filters } : {}) }) ?? '' }
  },
  'module.execute': async (params, refs) => {
    const data = await inputFrom(book, params.data, refs)
    const { moduleId, options, convert, filters } = params
    const result = executeModule({
      definition: requireModule(moduleId),
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
