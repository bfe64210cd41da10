// What a node sees of the roaming data when filters are on before it: sentences must not say "all attributes" of what is a part of them.
import type { Json } from '../../../contract/json.ts'
import { formatCount, plural, wordFor } from '../../../contract/words.ts'
import { dig, isArray, isMap } from '../../php/values.ts'

const countAt = (data: Json): number => {
  const found = dig(data, 'Event', '_AttributeFlattened')
  return isArray(found ?? null) ? Object.keys(found as object).length : 0
}

/**
 * "3 of 19 attributes (filter A)"; undefined when no filter narrows them.
 * @param stored the roaming data as it is kept, with `enabledFilters`
 * @param view the same as modules read it
 */
export function seenThrough(stored: Json, view: Json): string | undefined {
  const filters = dig(stored, 'enabledFilters')
  if (!isMap(filters ?? null) || stored === view) return undefined
  const labels = Object.keys(filters as object)
  const [kept, of] = [countAt(view), countAt(stored)]
  if (labels.length === 0 || kept >= of) return undefined
  return `${formatCount(kept)} of ${plural(of, 'attribute')} (${wordFor(labels.length, 'filter')} ${labels.join(', ')})`
}
