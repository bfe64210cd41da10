// What somebody should know about a graph that came from elsewhere: modules that are not known here, modules of another version, and
// parameters that the module no longer has. Nothing is taken away: such nodes stay as they are.
import type { GraphReport } from '../../contract/editing.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { dataOf, field, moduleOf, nodesOf } from '../graph/nodes.ts'
import { phpInt } from '../php/cast.ts'
import { isMap } from '../php/values.ts'
import type { ModuleLookup } from '../modules/table.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '?')

export function importReport(graph: RawGraph, lookup: ModuleLookup): GraphReport {
  const unknownModules: GraphReport['unknownModules'][number][] = []
  const changedVersions: GraphReport['changedVersions'][number][] = []
  const goneParams: GraphReport['goneParams'][number][] = []
  for (const { node } of nodesOf(graph)) {
    const { type, id: moduleId } = moduleOf(node)
    const nodeId = phpInt(field(node, 'id'))
    const definition = lookup(type, moduleId)
    if (!definition) {
      unknownModules.push({ nodeId, moduleId, type })
      continue
    }
    const saved = text(dataOf(node, 'module_version'))
    if (saved !== '?' && saved !== definition.version && !definition.is_misp_module)
      changedVersions.push({
        nodeId,
        moduleId,
        saved,
        previous: text(dataOf(node, 'previous_module_version')),
        here: definition.version
      })
    const params = dataOf(node, 'indexed_params')
    const gone = isMap(params)
      ? Object.keys(params).filter((name) => !definition.params.some((p) => p.id === name))
      : []
    if (gone.length > 0) goneParams.push({ nodeId, moduleId, params: gone })
  }
  return { unknownModules, changedVersions, goneParams }
}
