// What actions work on, for whoever says why one did nothing.
import type { JsonMap } from '../../../contract/json.ts'

type Done = 'saved' | 'tagged' | 'enriched' | 'checked' | 'scored' | 'added' | 'changed' | 'annotated'

export interface Selection {
  /** Where the things stand in the data. */
  readonly path: string
  readonly one: 'attribute' | 'event report' | 'object'
  readonly done: Done
}

export type Selects = (params: JsonMap) => Selection | null

const flattened = 'Event._AttributeFlattened.{n}'

export const attributes =
  (done: Done): Selects =>
  () => ({ path: flattened, one: 'attribute', done })

/** By the parameter `scope`, whose default is the event. */
export const attributesInScope =
  (done: Done): Selects =>
  ({ scope }) =>
    scope === 'attribute' ? { path: flattened, one: 'attribute', done } : null
