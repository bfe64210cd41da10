import type { DifferenceKind, VerifyVerdict } from '../../contract/verify.ts'

export const verdictTone: Record<VerifyVerdict, string> = { equal: 'ok', different: 'blocked', 'cannot tell': '' }

/** Kinds of differences as a person reads them. */
export const kindLabels: Record<DifferenceKind, string> = {
  ...{ branch: 'Another branch', data: 'Other data', parameter: 'Another parameter', order: 'Another order' },
  ...{ outcome: 'Another outcome', errors: 'Other errors', module: 'The module did not run in the same way' },
  ...{ 'missing step': 'MISP did not execute it', 'extra step': 'Only MISP executed it', fault: 'Retrace failed' }
}
