import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { ModuleDefinition } from '../../../src/contract/modules.ts'
import type { WorldChange } from '../../../src/contract/run.ts'
import type { RunEffect } from '../../../src/contract/run-views.ts'
import type { Claim } from '../../../src/contract/sentence.ts'
import type { ValueChange } from '../../../src/contract/values.ts'

/** What a sentence may speak of. */
export interface Subject {
  readonly input?: Json
  readonly output?: Json
  readonly view?: Json
  readonly params?: JsonMap
  readonly filters?: JsonMap
  readonly definition?: ModuleDefinition | undefined
  /** Nodes of the workflow by id, with the module's id. */
  readonly nodes?: ReadonlyMap<string, string>
  /** Of changes: those that the sentence tells of. */
  readonly changes?: readonly ValueChange[]
  readonly nodeIds?: readonly (string | number)[]
  readonly settings?: JsonMap
  readonly states?: readonly string[]
  /** What the step sent, and what it changed in the database. */
  readonly effects?: readonly RunEffect[]
  readonly rows?: readonly WorldChange[]
  /** Of a comparison: what is wrong with what is said of one of the runs, or of its lines. */
  readonly comparison?: (claim: Claim & { readonly kind: 'ran' | 'compared' }) => string | null
}
