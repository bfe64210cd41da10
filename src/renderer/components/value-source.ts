import type { DataSource } from '../../contract/operations.ts'
import type { ValuePath } from '../../contract/values.ts'
import { client } from '../client/client.ts'
import type { ValueSource } from './json-tree/value-source.ts'

/** Any data source as a tree shows it: page by page, while the data stays in the host. */
export const valueSource = (data: DataSource): ValueSource => ({
  key: JSON.stringify(data),
  load: (path, offset, limit) => client.call('source.value', { data, path: [...path], offset, limit }),
  search: (query, mode, cursor) => client.call('source.search', { data, query, in: mode, cursor }),
  text: (path: ValuePath) => client.call('source.text', { data, path: [...path] })
})
