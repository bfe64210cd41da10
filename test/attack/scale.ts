// Attacks come in three sizes: a short form in every `npm test`; `npm run test:long`, which CI runs too, with inputs of full size and a tenth of
// what is only repeated (kills, random operations …); and `npm run test:long -- --full`.
const size = process.env.RETRACE_LONG
export const isLong = size === '1' || size === 'full'

/** How large: `short` in npm test, `long` in npm run test:long, and with --full what would take minutes there. */
export const scale = (short: number, long: number, full = long): number =>
  size === 'full' ? full : isLong ? long : short

/** How often: all of `full` with --full, a tenth in npm run test:long. */
export const repeat = (short: number, full: number): number =>
  scale(short, Math.max(short, Math.round(full / 10)), full)

/** Which: all in npm run test:long, one of every so many in npm test. */
export const sample = <T>(all: readonly T[], every: number): readonly T[] =>
  isLong ? all : all.filter((_, i) => i % every === 0)

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
