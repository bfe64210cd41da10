// What a node sees of the roaming data when filters are on before it: sentences must not say "all attributes" of what is a part of them.
import type { Json } from '../../../contract/json.ts'
import type { Seen } from '../../../contract/modules.ts'
import { claiming, counting, listed, numbering, say, wordOf } from '../../../contract/sentence.ts'
import type { Counted, Sentence } from '../../../contract/sentence.ts'
import { dig, isArray, isMap } from '../../php/values.ts'

const countAt = (data: Json): number => {
  const found = dig(data, 'Event', '_AttributeFlattened')
  return isArray(found ?? null) ? Object.keys(found as object).length : 0
}

/**
 * Undefined when no filter is on.
 * @param stored the roaming data as it is kept, with `enabledFilters`
 * @param view the same as modules read it. A debug post shows the data through the filters: then both are that, and how many attributes
 * there are behind them nobody knows.
 */
export function seenThrough(stored: Json, view: Json): Seen | undefined {
  const filters = dig(stored, 'enabledFilters')
  const labels = isMap(filters ?? null) ? Object.keys(filters as object) : []
  const [attributes, of] = [countAt(view), countAt(stored)]
  return labels.length === 0 ? undefined : { attributes, of: attributes < of ? of : null, labels }
}

const flattened = 'Event._AttributeFlattened.{n}'
const counted = (place: 'input' | 'view'): Counted => ({ in: place, path: flattened })

/** "3 of 19 attributes (filter A)". */
export function attributesSeen({ attributes, of, labels }: Seen): Sentence {
  const names = listed(
    labels.map((label) => claiming(label, { kind: 'label', label })),
    'and'
  )
  const which = say` (${wordOf(labels.length, 'filter')} ${names})`
  return of === null
    ? say`${counting(attributes, counted('view'), 'attribute')}${which}`
    : say`${numbering(attributes, counted('view'))} of ${counting(of, counted('input'), 'attribute')}${which}`
}
