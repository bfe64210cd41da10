// The boundary: what is given to a run is looked at once, here. Whatever passes may still be a strange workflow (MISP runs
// those too), but it is JSON of the right types and within the limits.
import type { EffectChoices, PinnedOutput } from '../../contract/effects.ts'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Settings } from '../modules/context.ts'
import { isMap } from '../php/values.ts'
import type { WorldSeed } from '../world/base.ts'
import type { WorldData } from '../world/world.ts'
import type { CustomModule, Limits } from './environment.ts'
import type { Profile } from '../profiles/profile.ts'
import type { ProfileId } from '../profiles/profiles.ts'

export type RunMode = 'executeWorkflow' | 'executeWorkflowForTrigger' | 'router'

/** A run to be started. Data is not copied and never written to. */
export interface RunInput {
  /** A `Workflow` row: `{id, name, trigger_id, debug_enabled, counter, data: nodes, …}`. */
  readonly workflow: JsonMap
  /** What the trigger receives. */
  readonly data: Json
  /** As MISP starts it; `executeWorkflow` runs the workflow itself. */
  readonly mode?: RunMode
  /** For the two other modes; the workflow's own trigger when absent. */
  readonly triggerId?: string
  /** Other workflows of the instance, which may listen to triggers that the run fires. */
  readonly workflows?: readonly JsonMap[]
  /** MISP settings by name. */
  readonly settings?: Settings
  /** Absent: every trigger is enabled. */
  readonly enabledTriggers?: readonly string[]
  /** Absent: every module is enabled. */
  readonly enabledModules?: readonly string[]
  readonly world?: WorldData
  /** The world is a recorded one. */
  readonly seed?: WorldSeed
  /** Data that was put in before a step, by the number of the step from 0. */
  readonly edits?: ReadonlyMap<number, Json>
  /** An event that the database holds beside the world's, as the data tells it. Absent: the data itself, where the world has no events. */
  readonly shown?: JsonMap
  /** The user that MISP runs workflows as. Absent: found as MISP finds it. */
  readonly user?: JsonMap
  /** The id of the user who caused the run (CurrentUserId). Absent: nobody, or unknown. */
  readonly currentUserId?: string
  /** Trigger ids of the enabled ad-hoc workflows. Absent: every one is enabled. */
  readonly enabledAdHoc?: readonly string[]
  /** What the misp-modules service lists (GET /modules); null: it is down. Absent: up, listing nothing. */
  readonly serviceModules?: readonly JsonMap[] | null
  readonly customModules?: readonly CustomModule[]
  /** What the trigger made of the data, where a post shows it: the trigger is not asked again. */
  readonly normalized?: JsonMap
  /** Answers by node id or module id. */
  readonly mocks?: JsonMap
  /** Who answers what the mocks do not. */
  readonly effects?: EffectChoices
  /** Outputs by node id that are used instead of executing the node. */
  readonly pins?: { readonly [nodeId: string]: PinnedOutput }
  /** Assumptions that the caller made and the run should state. */
  readonly assumptions?: readonly string[]
  /** The trigger that the workflow had before it was given another one for this run. */
  readonly insteadOf?: string
  readonly options?: RunOptions
}

/** Differences of other versions in a run of one. */
export interface Mixed {
  readonly rules: Partial<Omit<Profile, 'id'>>
  /** Versions of single modules, by `type/id`. */
  readonly modules: ReadonlyMap<string, ProfileId>
}

interface RunOptions {
  readonly runId?: string
  readonly profile?: ProfileId
  /** How deep fired workflows may nest. 0: they are only named. */
  readonly cascade?: number
  /** Imitate what MISP's worker does to concurrent branches, instead of a note. */
  readonly crash?: boolean
  /** Unix seconds of the run's clock; absent: the clock's, read once. */
  readonly now?: number
  readonly limits?: Partial<Limits>
  /** Some of what another version does differently, to find out what of it matters. */
  readonly mixed?: Mixed
  /** The last id of a workflow, where not all of them are given. */
  readonly lastId?: number
  /** Leave effects that neither mock nor port answers to the driver. */
  readonly perform?: boolean
}

const mostNodes = 5_000

/**
 * Checks what a run is given. That the data is JSON and not too deep is checked where texts are decoded (php/decode.ts).
 * @throws CodedError INPUT_NOT_OBJECT, INPUT_WRONG_TYPE, WORKFLOW_INVALID, WORKFLOW_TOO_LARGE
 */
export function checkInput(input: RunInput): void {
  if (typeof input.data !== 'object' || input.data === null) {
    throw new CodedError('INPUT_NOT_OBJECT', 'The data of a run must be a JSON object.', { place: 'data' })
  }
  checkWorkflow(input.workflow, 'workflow')
  input.workflows?.forEach((row, i) => checkWorkflow(row, `workflows[${i}]`))
}

function checkWorkflow(row: JsonMap, place: string): void {
  if (!isMap(row)) throw new CodedError('WORKFLOW_INVALID', undefined, { place })
  const data = row['data']
  if (typeof data !== 'object' || data === null) {
    throw new CodedError('WORKFLOW_INVALID', 'A workflow must have its nodes in `data`.', { place: `${place}.data` })
  }
  const count = Object.keys(data).length
  if (count > mostNodes) {
    throw new CodedError('WORKFLOW_TOO_LARGE', `The workflow has ${count} nodes; the limit is ${mostNodes}.`, {
      place: `${place}.data`
    })
  }
  for (const name of ['id', 'name', 'trigger_id', 'counter']) {
    if (typeof row[name] === 'object' && row[name] !== null) {
      throw new CodedError('INPUT_WRONG_TYPE', `Expected a text or a number at ${place}.${name}.`, {
        place: `${place}.${name}`
      })
    }
  }
}
