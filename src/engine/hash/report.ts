import { createBudget } from './regex/preg.ts'
import type { Budget, RegexProblem } from './regex/preg.ts'

/** Something that PHP only warns about while a path was followed. Counts as no match. */
export interface HashWarning {
  readonly code: RegexProblem
  readonly text: string
  readonly pattern: string
}

/**
 * What the look-ups of one operation (a node, a filter) share: who hears of warnings, and how many steps regular expressions may still
 * use in all.
 */
export interface HashScope {
  readonly warn?: ((warning: HashWarning) => void) | undefined
  readonly budget: Budget
}

export const createScope = (warn?: (warning: HashWarning) => void): HashScope => ({ warn, budget: createBudget() })
