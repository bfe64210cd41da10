// Data: data sets, and looking into any source of data.
import { z } from 'zod'
import { searchKinds } from '../values.ts'
import type { ValueMatches, ValuePage } from '../values.ts'
import type { DataSummary } from '../workspace.ts'
import { takes } from './operation.ts'
import { dataSource, id, ids, limit, nothing, offset, path, textGiven, uploadGiven } from './params.ts'

const ifKnown = z.enum(['ask', 'copy']).default('copy')

export const dataOperations = {
  'data.list': takes(nothing).gives<readonly DataSummary[]>(),
  'data.get': takes(z.strictObject({ dataId: id })).gives<DataSummary>(),
  'data.value': takes(z.strictObject({ dataId: id, path: path.default([]), offset, limit })).gives<ValuePage>(),
  /** The data set's JSON as text. PARAMS_INVALID above 16 MB. */
  'data.text': takes(z.strictObject({ dataId: id, path: path.default([]) })).gives<{ readonly text: string }>(),
  /**
   * With `ifKnown: 'ask'` what is there already with the same bytes is answered in its place (`isKnown`), and another state of an event that is
   * there throws DATA_KNOWN, which names it.
   */
  'data.import': takes(
    z.union([z.strictObject({ ...textGiven, ifKnown }), z.strictObject({ ...uploadGiven, ifKnown })])
  ).gives<DataSummary & { readonly isKnown?: true }>(),

  // Looking into any data source, a page at a time.
  'source.value': takes(z.strictObject({ data: dataSource, path: path.default([]), offset, limit })).gives<ValuePage>(),
  'source.search': takes(
    z.strictObject({
      data: dataSource,
      query: z.string().min(1).max(1000),
      in: z.enum(searchKinds).default('text'),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<ValueMatches>(),
  /** PARAMS_INVALID above 16 MB. */
  'source.text': takes(z.strictObject({ data: dataSource, path: path.default([]) })).gives<{ readonly text: string }>(),

  'data.rename': takes(z.strictObject({ dataId: id, name: z.string().min(1).max(500) })).gives<DataSummary>(),
  /** Into the bin: the files stay until they are restored. */
  'data.delete': takes(z.strictObject({ dataIds: ids })).gives<readonly DataSummary[]>(),
  'data.restore': takes(z.strictObject({ dataIds: ids })).gives<readonly DataSummary[]>()
} as const
