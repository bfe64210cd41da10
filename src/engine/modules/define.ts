// How a definition is written down: only what differs from MISP's base classes is named, the rest is filled in here
// (WorkflowBaseModule, WorkflowBaseTriggerModule, WorkflowBaseLogicModule, WorkflowBaseActionModule).
import type { JsonMap } from '../../contract/json.ts'
import type { Explain, ModuleDefinition, ParamDefinition } from '../../contract/modules.ts'
import type { ModuleType } from '../../contract/workflow.ts'
import type { Traps } from './describe/traps.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import type { WorldData } from '../world/world.ts'
import type { ActionFacts, LogicFacts, TriggerFacts } from './facts.ts'

/** What the options of pickers and selects are taken from. */
export interface WorldOptions {
  readonly world: WorldData
  /** Names of the service's enrichment modules, null when the service is down or switched off. */
  readonly enrichmentModules: readonly string[] | null
  /** Of the ad-hoc workflows that are known, as MISP’s picker names them: `adhoc_3 :: name`. */
  readonly adHocWorkflows?: readonly string[]
}

export interface FactsByType {
  readonly trigger: TriggerFacts
  readonly logic: LogicFacts
  readonly action: ActionFacts
}

/** What a version of MISP says about a module. */
interface ModuleVersion<T extends ModuleType = ModuleType, Id extends string = string> {
  readonly facts: FactsByType[T]
  readonly definition: ModuleDefinition & { readonly id: Id }
  readonly explain: Explain
  /** What checks say of a node although it may work. */
  readonly traps?: Traps
  /** The parts of its parameters that depend on the world, by parameter id. */
  readonly optionsFor?: (from: WorldOptions) => { readonly [paramId: string]: JsonMap }
}

/** Keyed by the profile that brings a difference: it holds in those that extend it too, unless they bring their own. */
export type ByProfile<T> = { readonly [P in ProfileId]?: T }

/** A module: its data, its sentence, what is known of it (as in 2.5.1, or as in the version that brought it), and what versions change. */
export interface ModuleEntry<T extends ModuleType = ModuleType, Id extends string = string> extends ModuleVersion<
  T,
  Id
> {
  /** The profile that brought it; absent: it is as old as the base. */
  readonly addedIn?: ProfileId
  /** A profile (and those that extend it) that has no such module yet. */
  readonly missingIn?: ProfileId
  readonly versions?: ByProfile<Partial<ModuleVersion<T>>>
}

type Own<Id extends string> = Partial<Omit<ModuleDefinition, 'id' | 'module_type' | 'params'>> & {
  readonly id: Id
  readonly name: string
  readonly description: string
  readonly params?: readonly ParamDefinition[]
}

const base = {
  is_misp_module: false,
  blocking: false,
  is_custom: false,
  expect_misp_core_format: false,
  version: '0.1',
  icon: '',
  icon_class: '',
  inputs: 0,
  outputs: 0,
  multiple_output_connection: false,
  support_filters: false,
  saved_filters: [
    { text: 'selector', value: '' },
    { text: 'value', value: '' },
    { text: 'operator', value: '' },
    { text: 'path', value: '' }
  ],
  params: []
} as const

const define =
  (module_type: ModuleType, defaults: Partial<ModuleDefinition>) =>
  <const Id extends string>(own: Own<Id>): ModuleDefinition & { readonly id: Id } => ({
    ...base,
    ...defaults,
    ...own,
    module_type
  })

export const defineTrigger = define('trigger', {
  scope: 'others',
  misp_core_format: false,
  trigger_overhead: 1,
  trigger_overhead_message: '',
  outputs: 1,
  extra: { html_template: 'trigger' }
})
export const defineLogic = define('logic', { inputs: 1, outputs: 2 })
/** MISP's base class of actions has no sockets of its own; every module names them. */
export const defineAction = define('action', {})
