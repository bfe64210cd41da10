// Why a run ended as it did, as one sentence whose words lead to the values that they speak of.
import type { Json } from './json.ts'
import type { ValuePath } from './values.ts'

/** What a part of the sentence claims; each is true of the run's data. */
export type ChainClaim =
  /** The node stopped the run, failed, threw, or was the last one. */
  | { readonly kind: 'ended'; readonly how: 'stopped' | 'failed' | 'threw' | 'unknown' | 'last' }
  /** The node failed and did not stop the run. */
  | { readonly kind: 'failed' }
  /** The node took this branch. */
  | { readonly kind: 'branch'; readonly branch: 'output_1' | 'output_2' }
  /** The node was not executed. */
  | { readonly kind: 'unreached' }
  /** The node started the background job in which what was said before happened. */
  | { readonly kind: 'job'; readonly job: string }
  /** `value` stands at the path, in what the condition read. */
  | { readonly kind: 'value'; readonly value: Json }
  /** `count` values were found by `hashPath`, and none of them is one of `wanted`. */
  | { readonly kind: 'none'; readonly hashPath: string; readonly count: number; readonly wanted: readonly Json[] }
  /** `count` values that `hashPath` finds are loosely equal to `value`. */
  | { readonly kind: 'matches'; readonly hashPath: string; readonly value: Json; readonly count: number }
  /** `count` values were found by `hashPath`. */
  | { readonly kind: 'count'; readonly hashPath: string; readonly count: number }
  /** The step wrote what stands at the path of its output (`removed`: what stood there in its input). */
  | { readonly kind: 'wrote'; readonly op: 'added' | 'changed' | 'removed' }
  /** The value came with the run's data. */
  | { readonly kind: 'came' }
  /** Nothing to check: an error text, or how the sentence goes on. */
  | { readonly kind: 'text' }

/** Where a part leads to. */
export interface ChainPlace {
  /** As `show` numbers them; 0 is the trigger. Null: the node was not executed. */
  readonly step: number | null
  readonly nodeId: number | null
  readonly which: 'input' | 'output' | 'normalized' | 'errors' | 'summary'
  readonly path: ValuePath
}

export interface ChainLink {
  /** What comes before it in the sentence. */
  readonly lead: string
  readonly text: string
  readonly claim: ChainClaim
  /** Null: it leads nowhere. */
  readonly at: ChainPlace | null
}

/** The run's end first, back to where the values came from. */
export interface Chain {
  readonly links: readonly ChainLink[]
  /** Ends the sentence. */
  readonly tail: string
}

export const chainText = ({ links, tail }: Chain): string =>
  `${links.map(({ lead, text }) => `${lead}${text}`).join('')}${tail}`

/** A change of a value, as blame tells it. */
export interface BlameEntry {
  /** 0: it came with the run's data. */
  readonly step: number
  readonly nodeId: number | null
  readonly op: 'added' | 'changed' | 'removed'
  readonly before: Json
  readonly after: Json
  /** Hash path of the data, or what of the step it came from (a parameter, an answer); null where nobody can tell. */
  readonly from: string | null
  /** Where in the step's input the value stood, when it was copied from there or a template only named that place. */
  readonly source?: ValuePath
  /** Where it stood after the step; of what was removed, before it. */
  readonly path: ValuePath
  /** No node wrote it: a person edited the data before the step, or what came before the step is not known. */
  readonly between?: 'edit' | 'gap'
}

/** Said of a captured run where a step's entry has no source. */
export const capturedBlame =
  'MISP posts the data and the parameters of a node, not the answers that it got and not the database: without a source named, it is not known.'
