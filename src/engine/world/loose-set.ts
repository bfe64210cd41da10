import type { Json } from '../../contract/json.ts'
import { isNumeric, phpFloat } from '../php/cast.ts'
import { looseEquals } from '../php/compare.ts'

/** in_array() over a growing list of mostly texts, without comparing with each of them. */
export class LooseSet {
  private readonly texts = new Set<string>()
  /** Numeric texts are equal when their numbers are: "1e3" and "1000". */
  private readonly numbers = new Set<number>()
  private readonly others: Json[] = []
  private readonly all: Json[] = []

  constructor(values: readonly Json[]) {
    for (const value of values) this.add(value)
  }

  add(value: Json): void {
    this.all.push(value)
    if (typeof value !== 'string') this.others.push(value)
    else if (isNumeric(value)) this.numbers.add(phpFloat(value))
    else this.texts.add(value)
  }

  has(value: Json): boolean {
    if (typeof value !== 'string') return this.all.some((known) => looseEquals(known, value))
    if (isNumeric(value) ? this.numbers.has(phpFloat(value)) : this.texts.has(value)) return true
    return this.others.some((known) => looseEquals(known, value))
  }
}
