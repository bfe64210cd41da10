// All built-in filters by name.
import { filter, type Filter } from '../runtime/calls.ts'
import { numberFilters } from './number.ts'
import { sequenceFilters } from './sequence.ts'
import { textFilters } from './text.ts'
import { webFilters } from './web.ts'
import { htmlSafeJson, prettyFormat } from './json-text.ts'
import { Markup, type Py } from '../python/values.ts'
import { mapFilter } from './choose.ts'

export type { FilterCall } from '../runtime/calls.ts'

const table = new Map<string, Filter>([
  ...Object.entries(textFilters),
  ...Object.entries(numberFilters),
  ...Object.entries(sequenceFilters),
  ...Object.entries(webFilters),
  [
    'tojson',
    filter('do_tojson', 'value indent?', ([value, indent]) => new Markup(htmlSafeJson(value as Py, indent ?? null)))
  ],
  ['pprint', filter('do_pprint', 'value', ([value]) => prettyFormat(value as Py))]
])

for (const [alias, name] of [
  ['e', 'escape'],
  ['d', 'default'],
  ['count', 'length']
] as const) {
  table.set(alias, table.get(name) as Filter)
}
table.set('map', mapFilter(table))

export const filters: ReadonlyMap<string, Filter> = table
