// What a workflow mentions and the world does not hold: told before a run, so that nobody wonders about an IF that can never be true.
import { append } from '../../../contract/lists.ts'
import type { WorldNeed } from '../../../contract/effects.ts'
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { shippedModules } from '../../../engine/modules/service/shipped.ts'
import { serviceDefinitions } from '../../../engine/modules/table.ts'
import type { ModuleTable } from '../../../engine/modules/table.ts'
import { isMap } from '../../../engine/php/values.ts'
import { listedService } from '../../../engine/run/assumed-service.ts'

interface NodeLook {
  readonly nodeId: number
  readonly moduleId: string
  readonly type: string
  readonly params: JsonMap
}

const textsOf = (value: Json | undefined): string[] => {
  if (value === undefined || value === null || value === '') return []
  if (typeof value === 'object') return Object.values(value).flatMap((item) => textsOf(item as Json))
  return [String(value)]
}

const rows = (world: JsonMap, part: string): readonly JsonMap[] => {
  const value = world[part]
  return Array.isArray(value) ? (value as readonly Json[]).filter((row): row is JsonMap => isMap(row)) : []
}

const columns = (world: JsonMap, part: string, names: readonly string[]): Set<string> =>
  new Set(
    rows(world, part).flatMap((row) => names.flatMap((name) => textsOf(row[name]).map((text) => text.toLowerCase())))
  )

/** What is the same for every node: read once, however many nodes there are. */
class Around {
  readonly service: ReturnType<typeof serviceDefinitions>
  readonly #columns = new Map<string, ReadonlySet<string>>()

  constructor(
    readonly world: JsonMap,
    readonly known: ReadonlySet<string>,
    readonly modules: ModuleTable
  ) {
    this.service = serviceDefinitions(listedService(world) ?? shippedModules)
  }

  columns(part: string, names: readonly string[]): ReadonlySet<string> {
    const key = [part, ...names].join(' ')
    const found = this.#columns.get(key) ?? columns(this.world, part, names)
    this.#columns.set(key, found)
    return found
  }
}

/** Choices that are not rows. */
const words = new Set(['all accounts', 'all admins', 'org admins', 'all', 'any', ''])

/** @param known ids of modules of the workspace and of placeholders */
export function needsOf(
  workflow: RawWorkflow,
  world: JsonMap,
  known: ReadonlySet<string>,
  modules: ModuleTable
): readonly WorldNeed[] {
  const needs: WorldNeed[] = []
  const around = new Around(world, known, modules)
  for (const [key, node] of Object.entries((workflow.data ?? {}) as JsonMap)) {
    if (!isMap(node as Json)) continue
    const data = ((node as JsonMap)['data'] ?? {}) as JsonMap
    const moduleId = plainText(data['id'] ?? '')
    const params = isMap(data['indexed_params'] ?? null) ? (data['indexed_params'] as JsonMap) : {}
    const type = plainText(data['module_type'] ?? '')
    const look = { nodeId: Number((node as JsonMap)['id'] ?? key), moduleId, type, params }
    append(needs, [...needsOfNode(look, around), ...unknownModule(look, around)])
  }
  return needs
}

/** The trigger and modules that the settings switch off: MISP does not start the workflow, or refuses the node. */
export function switchedOff(workflow: RawWorkflow, settings: JsonMap): readonly WorldNeed[] {
  const isOff = (list: string, id: string): boolean => {
    const on = settings[list]
    return Array.isArray(on) && !(on as readonly Json[]).includes(id)
  }
  return Object.entries((workflow.data ?? {}) as JsonMap).flatMap(([key, node]): WorldNeed[] => {
    if (!isMap(node as Json)) return []
    const data = ((node as JsonMap)['data'] ?? {}) as JsonMap
    const [moduleId, type] = [plainText(data['id'] ?? ''), plainText(data['module_type'] ?? '')]
    const nodeId = Number((node as JsonMap)['id'] ?? key)
    const need = { part: 'settings', nodeId, moduleId, missing: [moduleId] }
    if (type === 'trigger' && isOff('enabled_triggers', moduleId))
      return [{ ...need, text: `The trigger ${moduleId} is disabled in this workspace: the workflow will not start.` }]
    if (['logic', 'action'].includes(type) && isOff('enabled_modules', moduleId))
      return [{ ...need, text: `The module ${moduleId} is disabled in this workspace: MISP refuses its node.` }]
    return []
  })
}

function needsOfNode({ nodeId, moduleId, type, params }: NodeLook, around: Around): WorldNeed[] {
  const { world, modules } = around
  const asked = type === 'logic' || type === 'action' ? (modules.facts(type, moduleId)?.needs ?? []) : []
  return asked.flatMap(({ part, what, param, columns: names, prefix = '' }): WorldNeed[] => {
    // Without a list of the service's modules they are assumed, and the run says so.
    if (part === 'service_modules' && listedService(world) === undefined) return []
    const wanted = textsOf(params[param]).filter((text) => !words.has(text.toLowerCase()) && !/\{[{%]/.test(text))
    if (wanted.length === 0) return []
    const there = around.columns(part, names)
    const missing = wanted.filter(
      (text) => !there.has(`${prefix}${text}`.toLowerCase()) && !there.has(text.toLowerCase())
    )
    if (missing.length === 0) return []
    const things = missing.length === 1 ? what.replace(/s$/, '') : what
    const named = `${missing.slice(0, 5).join(', ')}${missing.length > 5 ? '…' : ''}`
    const text = `${moduleId} offers ${missing.length} ${things} missing from World: ${named}`
    return [{ part, nodeId, moduleId, missing, text }]
  })
}

function unknownModule({ nodeId, moduleId, type }: NodeLook, { known, modules, service }: Around): WorldNeed[] {
  if (moduleId === '' || modules.definition(type, moduleId, service) || known.has(moduleId)) return []
  const text = `The module ${moduleId} has no implementation here: use a placeholder with a chosen result, or write a custom module.`
  return [{ part: 'modules', nodeId, moduleId, missing: [moduleId], text }]
}
