// What a run depended on beside its workflow and its data, so that it can be repeated exactly from its file alone: what the engine was given
// (settings as they were read, modules, answers), what it drew (clock, uuids), and what it read of the world.
import type { PinnedOutput } from './effects.ts'
import type { Json, JsonMap } from './json.ts'
import type { ModuleDefinition } from './modules.ts'
import type { EffectAnswer } from './run.ts'

/** The rows of the world that a run read. */
export interface RecordedWorld {
  /** By part, those that were read; an empty list: the part was there, and nothing of it was answered. Absent: not there, or not asked. */
  readonly parts: { readonly [part: string]: readonly Json[] }
  /** Look-ups that found nothing, by part: ids, uuids, names; at most 100 of each. */
  readonly misses: { readonly [part: string]: readonly string[] }
  /** Tags as they were found in the world or in its events. */
  readonly tags?: readonly JsonMap[]
  /** Objects that were looked up, as rows without their attributes. */
  readonly objects?: readonly JsonMap[]
  /** Last ids by table, for rows that the run added. */
  readonly last?: { readonly [table: string]: number }
  readonly galaxies?: readonly { readonly tag: string; readonly galaxy: JsonMap; readonly cluster: JsonMap }[]
}

/** An item of a list: so many of the earlier list's from that place on, one of them that was changed, or another one. */
export type RecordedItem =
  | readonly [from: number, count: number]
  | readonly [place: number, count: 0, change: RecordedChange]
  | readonly [item: Json]

/** Data told by what they were before: the same, another value, or in a list or map what is other there. */
export type RecordedChange =
  | 0
  | readonly [Json]
  | { readonly list: readonly RecordedItem[] }
  | {
      readonly at?: readonly (readonly [key: string, change: RecordedChange])[]
      readonly gone?: readonly string[]
      /** Behind the others. */
      readonly more?: readonly (readonly [key: string, value: Json])[]
    }

/** What a custom module did in one call, in order. Its questions went to the run's effects, whose answers are recorded there. */
export type RecordedAct =
  | readonly ['params']
  | readonly ['ask', JsonMap]
  /** Without data: of what the module saw. */
  | readonly ['render', template: Json, param: string, data?: Json]
  /** Data that it set, whole: in files of older versions. */
  | readonly ['data', JsonMap]
  | readonly ['set', RecordedChange]
  | readonly ['error', Json]
  | readonly ['key', key: string, Json]
  | readonly ['note', code: string, text: string]
  | readonly ['return', boolean]
  | readonly ['throw', phpClass: string, message: string, isError: boolean, hint: string | null]
  | readonly ['cannot tell', code: string, text: string]

interface RecordedModule {
  readonly definition: ModuleDefinition
  /** SHA-256 of its source; null for placeholders. */
  readonly source: string | null
  /** One list of acts for each call. */
  readonly calls: readonly (readonly RecordedAct[])[]
}

/** An answer of a run or job whose events are in another file; a number: so many answers stand in this one. */
export type RecordedAnswer =
  | number
  /** So many of those that came so far before this place, once more. */
  | readonly [back: number, count: number]
  | {
      readonly nodeId: number
      readonly kind: string
      readonly answer: EffectAnswer
      readonly by: string
      readonly takes?: number
      /** Where it is given again, it is an equal answer and not the same one. */
      readonly copies?: true
    }

/** What the engine was given beside workflow, data, world and custom modules. */
export interface RecordedInput {
  readonly mode?: 'executeWorkflow' | 'executeWorkflowForTrigger' | 'router'
  readonly triggerId?: string
  readonly enabledTriggers?: readonly string[]
  readonly enabledModules?: readonly string[]
  readonly enabledAdHoc?: readonly string[]
  readonly user?: JsonMap
  readonly currentUserId?: string
  readonly pins?: { readonly [nodeId: string]: PinnedOutput }
  readonly assumptions?: readonly string[]
  readonly insteadOf?: string
  /** One module alone. */
  readonly module?: {
    readonly id: string
    readonly params: Json
    readonly convert: boolean
    readonly filters?: JsonMap
  }
  readonly profile: string
  /** The last id that a workflow had: those without one got the next. */
  readonly lastId: number
  readonly cascade: number
  readonly crash: boolean
  readonly limits: { readonly steps: number; readonly runs: number }
}

export interface Surroundings {
  /** Unix seconds of the run's clock. */
  readonly now: number
  /** What the clock showed whenever it was looked at: microseconds since the look before. */
  readonly clock: readonly number[]
  /** Where uuids come from, and how many were drawn. */
  readonly uuids: { readonly seed: string; readonly drawn: number }
  readonly input: RecordedInput
  /** The data that the trigger got. */
  readonly data: Json
  /** The event that the database held beside the world's. */
  readonly shown?: JsonMap
  /** Those that were read; of a secret only that it was set. */
  readonly settings: JsonMap
  /** Names of settings that were read and hold secrets. */
  readonly secrets: readonly string[]
  /** Other workflows that could be fired: those that were. */
  readonly workflows: readonly JsonMap[]
  /** Versions of the modules that were executed, by type and id. */
  readonly versions: { readonly [module: string]: string }
  readonly modules: readonly RecordedModule[]
  /** What the misp-modules service listed, as far as it was read: the rest by name. Null: it was down. */
  readonly service: readonly (string | JsonMap)[] | null
  readonly world: RecordedWorld
  readonly answers: readonly RecordedAnswer[]
  /** What the debug endpoint failed with, by the number of the post from 0. */
  readonly endpoint?: readonly (readonly [post: number, failure: JsonMap])[]
  /** Data that a person put in before a step, by the number of the step from 0. */
  readonly edits?: readonly (readonly [step: number, data: Json])[]
}
