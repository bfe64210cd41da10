// What an operation is: the schema of what it takes, and the type of what it gives.
import type { z } from 'zod'

declare const resultType: unique symbol

export interface Operation<P extends z.ZodType, R> {
  readonly params: P
  /** Never there: carries the result's type. */
  readonly [resultType]?: R
}

export const takes = <P extends z.ZodType>(params: P) => ({ gives: <R>(): Operation<P, R> => ({ params }) })
