// The modules of each MISP version: what ships with it, plus what a misp-modules service adds. A table is built once for each profile.
import type { JsonMap } from '../../contract/json.ts'
import type { Explain, ExplainInput, ModuleDefinition, ParamDefinition } from '../../contract/modules.ts'
import type { ModuleType } from '../../contract/workflow.ts'
import { profiles } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { adHocModule, isAdHocId } from './ad-hoc/definition.ts'
import { asIn, isPresent } from './by-profile.ts'
import { actionModules, logicModules, triggerModules } from './definitions.ts'
import type { FactsByType, ModuleEntry, WorldOptions } from './define.ts'
import type { Trap } from './describe/traps.ts'
import { definitionFromService, isActionModule } from './service/definition.ts'
import { explainServiceModule } from './service/explain.ts'

const shipped: { readonly [T in ModuleType]: { readonly [id: string]: ModuleEntry<T> } } = {
  trigger: triggerModules,
  logic: logicModules,
  action: actionModules
}

const isModuleType = (type: unknown): type is ModuleType => type === 'trigger' || type === 'logic' || type === 'action'

/** How MISP's module table answers: the definition of a node's module, undefined for an unknown one. */
export type ModuleLookup = (type: string, id: string) => ModuleDefinition | undefined

/** Modules beside those that ship with MISP, by id: of the service, or custom ones. */
export type AddedModules = ReadonlyMap<string, ModuleDefinition>

export interface Catalog {
  readonly modules_trigger: readonly ModuleDefinition[]
  readonly modules_logic: readonly ModuleDefinition[]
  readonly modules_action: readonly ModuleDefinition[]
}

type Tables = { readonly [T in ModuleType]: ReadonlyMap<string, ModuleEntry<T>> }

const tableOf = <T extends ModuleType>(type: T, profile: ProfileId): ReadonlyMap<string, ModuleEntry<T>> =>
  new Map(
    Object.entries(shipped[type] as { readonly [id: string]: ModuleEntry<T> })
      .filter(([, entry]) => isPresent(entry, profile))
      .map(([id, entry]) => [id, asIn(profile, entry, entry.versions)])
  )

const byName = (a: ModuleDefinition, b: ModuleDefinition): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const addedModule = (type: string, id: string, added?: AddedModules): ModuleDefinition | undefined => {
  const found = added?.get(id)
  return found?.module_type === type ? found : undefined
}

/** How a version of MISP labels connections: which logic modules set filters, and what an unlabelled input of a labelled node is. */
export interface LabelRules {
  readonly isFilter: (moduleId: string) => boolean
  readonly unlabelledInputsAllowed: boolean
}

/** The modules of one version of MISP; `modulesOf` keeps one of each. */
export class ModuleTable {
  readonly profile: ProfileId
  readonly #tables: Tables
  /** The modules that MISP enables by itself (Workflow::enableDefaultModules). */
  readonly enabledByDefault: readonly string[]

  constructor(profile: ProfileId) {
    this.profile = profile
    this.#tables = {
      trigger: tableOf('trigger', profile),
      logic: tableOf('logic', profile),
      action: tableOf('action', profile)
    }
    this.enabledByDefault = [
      ...this.idsWhere('logic', (facts) => facts.enabledByDefault),
      ...this.idsWhere('action', (facts) => facts.enabledByDefault)
    ]
  }

  #entry(type: string, id: string): ModuleEntry | undefined {
    if (!isModuleType(type)) return undefined
    return this.#tables[type].get(id) ?? (this.#isAdHoc(type, id) ? adHocModule : undefined)
  }

  #isAdHoc(type: string, id: string): boolean {
    return type === 'trigger' && profiles[this.profile].adHocWorkflows && isAdHocId(id)
  }

  /** What is known of a module that ships with MISP; undefined for any other. */
  facts<T extends ModuleType>(type: T, id: string): FactsByType[T] | undefined {
    // The table of a type holds entries of that type only, and the ad-hoc one is a trigger.
    return this.#entry(type, id)?.facts as FactsByType[T] | undefined
  }

  /** Ids of the shipped modules of a type for whose facts the question holds. */
  idsWhere<T extends ModuleType>(type: T, holds: (facts: FactsByType[T]) => boolean): readonly string[] {
    return [...this.#tables[type]].flatMap(([id, { facts }]) => (holds(facts) ? [id] : []))
  }

  /** What ships with MISP under that type and id. */
  readonly find: ModuleLookup = (type, id) => {
    const definition = this.#entry(type, id)?.definition
    return definition && this.#isAdHoc(type, id) ? { ...definition, id } : definition
  }

  /**
   * The definition that MISP would load for a node: `loaded_classes[type][id]`. A service module wins over a shipped action
   * module of the same id (array_merge in Workflow::loadAllWorkflowModules).
   */
  definition(type: string, id: string, added?: AddedModules): ModuleDefinition | undefined {
    return addedModule(type, id, added) ?? this.find(type, id)
  }

  /** A definition by id alone, in MISP's order of types (Workflow::getModuleByID). */
  byId(id: string, service?: AddedModules): ModuleDefinition | undefined {
    return this.find('trigger', id) ?? this.find('logic', id) ?? this.definition('action', id, service)
  }

  /** Those of a list that MISP does not ship. */
  added(modules: readonly ModuleDefinition[]): AddedModules {
    return new Map(
      modules
        .filter((one) => {
          const own = this.find(one.module_type, one.id)
          return one.is_misp_module || !own || (one.is_custom && !own.is_custom)
        })
        .map((one) => [one.id, one])
    )
  }

  /** The sentence of a module; undefined for a module that nobody knows. */
  explain(type: string, id: string, added?: AddedModules): Explain | undefined {
    const own = addedModule(type, id, added)
    // A custom module's sentence is made by its own code, which only the host runs.
    if (own) return own.is_misp_module ? explainServiceModule(own) : undefined
    return this.#entry(type, id)?.explain
  }

  /** What checks say of a node although it may work: of modules that ship with MISP. */
  traps(type: string, id: string, input: ExplainInput): readonly Trap[] {
    return this.#entry(type, id)?.traps?.(input) ?? []
  }

  /** Fills the options that MISP reads from its database or from the service into a definition's parameters. */
  resolve(definition: ModuleDefinition, from: WorldOptions): ModuleDefinition {
    const optionsFor = this.#entry(definition.module_type, definition.id)?.optionsFor
    if (!optionsFor || definition.is_misp_module) return definition
    const parts = optionsFor(from)
    const params = definition.params.map((param): ParamDefinition => ({ ...param, ...parts[param.id] }))
    return { ...definition, params }
  }

  /** True for a parameter whose options come from the world or the service, so that its definition alone cannot judge a value. */
  hasWorldOptions(definition: ModuleDefinition, paramId: string): boolean {
    const optionsFor = this.#entry(definition.module_type, definition.id)?.optionsFor
    return optionsFor !== undefined && Object.hasOwn(optionsFor({ world: {}, enrichmentModules: null }), paramId)
  }

  /** How MISP labels connections behind filters. */
  get labelRules(): LabelRules {
    const { labelsOfAllFilters, unlabelledInputsAllowed } = profiles[this.profile]
    const isFilter = labelsOfAllFilters
      ? (id: string): boolean => this.find('logic', id)?.extra?.['isFiltering'] === true
      : (id: string): boolean => id === 'generic-filter-data'
    return { isFilter, unlabelledInputsAllowed }
  }

  /** Every module, sorted by name as MISP lists them (Workflow::getModulesByType). Without `from`, world options are empty. */
  list(from?: WorldOptions, service?: AddedModules): Catalog {
    const list = (type: ModuleType): ModuleDefinition[] => {
      const own = [...this.#tables[type].values()].map((entry) => entry.definition as ModuleDefinition)
      const replaced = type === 'action' ? own.filter((d) => !service?.has(d.id)) : own
      const added = type === 'action' ? [...(service?.values() ?? [])] : []
      return [...replaced, ...added].map((d) => (from ? this.resolve(d, from) : d)).sort(byName)
    }
    return { modules_trigger: list('trigger'), modules_logic: list('logic'), modules_action: list('action') }
  }
}

const known = new Map<ProfileId, ModuleTable>()

/** The modules of a profile: definitions, facts, sentences. What executes them: codeOf (implementations.ts). */
export function modulesOf(profile: ProfileId): ModuleTable {
  const found = known.get(profile) ?? new ModuleTable(profile)
  known.set(profile, found)
  return found
}

/** Of lists that many runs share. */
const definitionsOf = new WeakMap<readonly JsonMap[], ReadonlyMap<string, ModuleDefinition>>()

/** Of the modules of lists that are made anew for each run; null: it is no action module. */
const definitionOf = new WeakMap<JsonMap, ModuleDefinition | null>()

function serviceDefinition(module: JsonMap): ModuleDefinition | null {
  const known = definitionOf.get(module)
  if (known !== undefined) return known
  const made = isActionModule(module) ? definitionFromService(module) : null
  definitionOf.set(module, made)
  return made
}

/** Definitions of the service's action modules by id; a later module of the same id replaces an earlier one, as in MISP. */
export function serviceDefinitions(
  modules: readonly JsonMap[] | null | undefined
): ReadonlyMap<string, ModuleDefinition> {
  if (!modules) return new Map()
  const known = definitionsOf.get(modules)
  if (known) return known
  const found = new Map<string, ModuleDefinition>()
  definitionsOf.set(modules, found)
  for (const module of modules) {
    const definition = serviceDefinition(module)
    if (definition) found.set(definition.id, definition)
  }
  return found
}
