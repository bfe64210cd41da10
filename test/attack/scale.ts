// Attacks come in two sizes: a short form in every `npm test`, and the full one in `npm run test:long`, which CI runs too.
export const isLong = process.env.RETRACE_LONG === '1'

/** How many: `short` in npm test, `long` in npm run test:long. */
export const scale = (short: number, long: number): number => (isLong ? long : short)

/** Repeatable random numbers (mulberry32): a failure names its seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
