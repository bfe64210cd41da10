import type { Json, JsonMap } from './json.ts'

/**
 * A node of MISP's graph. Its shape is what MISP writes (Drawflow's export), read leniently: everything besides `id` and
 * `data.id` may be missing or of another type, because MISP accepts it too.
 */
export interface RawNode {
  readonly id: string | number
  readonly name?: string
  readonly class?: string
  readonly typenode?: Json
  readonly data: RawNodeData
  readonly inputs?: Json
  readonly outputs?: Json
  readonly pos_x?: number
  readonly pos_y?: number
}

interface RawNodeData extends JsonMap {
  readonly id: string
  readonly module_type: string
}

/** `Workflow.data`: nodes by id plus `_frames`. MISP writes a map; a list is accepted as MISP accepts it (keys are indexes). */
export type RawGraph = JsonMap | readonly Json[]

/** A workflow in MISP's export format, without the `Workflow` wrapper. Ids and counters are strings or numbers. */
export interface RawWorkflow extends JsonMap {
  readonly data: Json & RawGraph
}

export type ModuleType = 'trigger' | 'logic' | 'action'
