import type { JsonMap } from '../../../contract/json.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'

/**
 * A run can be run again with what it was run with. A world may be large and is given anew; a confirmation is good once.
 * @param marks what else is to be known of it
 */
export function keptOptions(
  { world: _world, worldUploadId: _upload, effects, ...kept }: RunOptionsInput,
  marks: JsonMap
): JsonMap {
  if (!effects) return { ...kept, ...marks } as JsonMap
  const { confirm: _confirm, ...choices } = effects
  return { ...kept, ...marks, effects: choices } as JsonMap
}
