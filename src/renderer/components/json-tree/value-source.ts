import type { SearchKind, ValueMatches, ValuePath } from '../../../contract/values.ts'
import type { Answer } from '../../../contract/wire.ts'
import type { LoadPage } from './tree-branches.ts'

export interface ValueSource {
  /** Another key is another value: the tree starts anew. */
  readonly key: string
  /** Values with the same one open alike: what was open and where it was scrolled to is kept from one to the next. */
  readonly kind?: string
  /** The rows of a table: their names tell them, not their positions. */
  readonly named?: boolean
  readonly load: LoadPage
  readonly search?: (query: string, mode: SearchKind, cursor: string | null) => Promise<Answer<ValueMatches>>
  readonly text: (path: ValuePath) => Promise<Answer<{ readonly text: string }>>
}
