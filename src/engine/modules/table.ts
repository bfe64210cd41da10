// Look-ups in the table of modules: what ships with MISP, plus what a misp-modules service adds.
import type { JsonMap } from '../../contract/json.ts'
import type { Explain, ModuleDefinition, ParamDefinition } from '../../contract/modules.ts'
import type { ModuleType } from '../../contract/workflow.ts'
import { actionModules, logicModules, triggerModules } from './definitions.ts'
import type { FactsByType, ModuleEntry, WorldOptions } from './define.ts'
import { definitionFromService, isActionModule } from './service/definition.ts'
import { explainServiceModule } from './service/explain.ts'

const tables: { readonly [T in ModuleType]: { readonly [id: string]: ModuleEntry<T> } } = {
  trigger: triggerModules,
  logic: logicModules,
  action: actionModules
}

const isModuleType = (type: unknown): type is ModuleType => type === 'trigger' || type === 'logic' || type === 'action'

function entryOf(type: string, id: string): ModuleEntry | undefined {
  if (!isModuleType(type)) return undefined
  const table: { readonly [id: string]: ModuleEntry } = tables[type]
  return Object.hasOwn(table, id) ? table[id] : undefined
}

/** What is known of a module that ships with MISP; undefined for any other. */
export const factsOf = <T extends ModuleType>(type: T, id: string): FactsByType[T] | undefined =>
  Object.hasOwn(tables[type], id) ? tables[type][id]?.facts : undefined

/** Ids of the shipped modules of a type for whose facts the question holds. */
export const idsWhere = <T extends ModuleType>(type: T, holds: (facts: FactsByType[T]) => boolean): readonly string[] =>
  Object.entries(tables[type]).flatMap(([id, { facts }]) => (holds(facts) ? [id] : []))

/** The modules that MISP enables by itself (Workflow::enableDefaultModules). */
export const modulesEnabledByDefault: readonly string[] = [
  ...idsWhere('logic', (facts) => facts.enabledByDefault),
  ...idsWhere('action', (facts) => facts.enabledByDefault)
]

/** How MISP's module table answers: the definition of a node's module, undefined for an unknown one. */
export type ModuleLookup = (type: string, id: string) => ModuleDefinition | undefined

/** What ships with MISP 2.5.1 under that type and id. */
export const findBuiltIn = (type: string, id: string): ModuleDefinition | undefined => entryOf(type, id)?.definition

/** Definitions of the service's action modules by id; a later module of the same id replaces an earlier one, as in MISP. */
export function serviceDefinitions(
  modules: readonly JsonMap[] | null | undefined
): ReadonlyMap<string, ModuleDefinition> {
  const found = new Map<string, ModuleDefinition>()
  for (const module of modules ?? []) {
    if (!isActionModule(module)) continue
    const definition = definitionFromService(module)
    found.set(definition.id, definition)
  }
  return found
}

/** Modules beside those that ship with MISP, by id: of the service, or custom ones. */
export type AddedModules = ReadonlyMap<string, ModuleDefinition>

const addedModule = (type: string, id: string, added?: AddedModules): ModuleDefinition | undefined => {
  const found = added?.get(id)
  return found?.module_type === type ? found : undefined
}

/**
 * The definition that MISP would load for a node: `loaded_classes[type][id]`. A service module wins over a shipped action
 * module of the same id (array_merge in Workflow::loadAllWorkflowModules).
 */
export const findDefinition = (type: string, id: string, added?: AddedModules): ModuleDefinition | undefined =>
  addedModule(type, id, added) ?? findBuiltIn(type, id)

/** Those of a list that MISP does not ship. */
export const addedModules = (modules: readonly ModuleDefinition[]): AddedModules =>
  new Map(
    modules
      .filter((one) => {
        const shipped = findBuiltIn(one.module_type, one.id)
        return one.is_misp_module || !shipped || (one.is_custom && !shipped.is_custom)
      })
      .map((one) => [one.id, one])
  )

/** A definition by id alone, in MISP's order of types (Workflow::getModuleByID). */
export const findById = (id: string, service?: AddedModules): ModuleDefinition | undefined =>
  findBuiltIn('trigger', id) ?? findBuiltIn('logic', id) ?? findDefinition('action', id, service)

/** The sentence of a module; undefined for a module that nobody knows. */
export function findExplain(type: string, id: string, added?: AddedModules): Explain | undefined {
  const own = addedModule(type, id, added)
  // A custom module's sentence is made by its own code, which only the host runs.
  if (own) return own.is_misp_module ? explainServiceModule(own) : undefined
  return entryOf(type, id)?.explain
}

/** Fills the options that MISP reads from its database or from the service into a definition's parameters. */
export function resolveDefinition(definition: ModuleDefinition, from: WorldOptions): ModuleDefinition {
  const optionsFor = entryOf(definition.module_type, definition.id)?.optionsFor
  if (!optionsFor || definition.is_misp_module) return definition
  const parts = optionsFor(from)
  const params = definition.params.map((param): ParamDefinition => ({ ...param, ...parts[param.id] }))
  return { ...definition, params }
}

/** True for a parameter whose options come from the world or the service, so that its definition alone cannot judge a value. */
export const hasWorldOptions = (definition: ModuleDefinition, paramId: string): boolean => {
  const optionsFor = entryOf(definition.module_type, definition.id)?.optionsFor
  return optionsFor !== undefined && Object.hasOwn(optionsFor({ world: {}, enrichmentModules: null }), paramId)
}

export interface Catalog {
  readonly modules_trigger: readonly ModuleDefinition[]
  readonly modules_logic: readonly ModuleDefinition[]
  readonly modules_action: readonly ModuleDefinition[]
}

const byName = (a: ModuleDefinition, b: ModuleDefinition): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Every module, sorted by name as MISP lists them (Workflow::getModulesByType). Without `from`, world options are empty. */
export function listModules(from?: WorldOptions, service?: AddedModules): Catalog {
  const list = (type: ModuleType): ModuleDefinition[] => {
    const shipped = Object.values(tables[type]).map((entry) => entry.definition as ModuleDefinition)
    const replaced = type === 'action' ? shipped.filter((d) => !service?.has(d.id)) : shipped
    const added = type === 'action' ? [...(service?.values() ?? [])] : []
    return [...replaced, ...added].map((d) => (from ? resolveDefinition(d, from) : d)).sort(byName)
  }
  return { modules_trigger: list('trigger'), modules_logic: list('logic'), modules_action: list('action') }
}
