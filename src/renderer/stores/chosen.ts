import type { StepValue } from '../../contract/operations.ts'

/** What a person chose as data, wherever it is. */
export type Chosen =
  | { readonly kind: 'paste'; readonly text: string }
  /** `index`: which event of several; null takes the only one. */
  | { readonly kind: 'data'; readonly id: string; readonly index: number | null }
  | { readonly kind: 'file'; readonly uploadId: string; readonly name: string; readonly index: number | null }
  | { readonly kind: 'step'; readonly runId: string; readonly step: number; readonly which: StepValue }
