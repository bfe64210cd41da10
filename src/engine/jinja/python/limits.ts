// Bounds of one rendering. Python has almost none of them: MISP's own bound is that it stops waiting for misp-modules
// after ten seconds. A hostile template must end here with a coded error instead of holding the engine.

export interface Limits {
  /** Work units: loop rounds, calls, items of filters, and about four bytes of new memory a unit. */
  readonly steps: number
  /** Characters of rendered text. */
  readonly output: number
  /** Characters of one string while rendering, and a tenth of what all large strings together may take. */
  readonly text: number
  /** Items of one list, tuple or dict. */
  readonly items: number
  /** Bits of one integer. */
  readonly bits: number
  /** Nested calls (macros, recursive loops) in Python frames; Python itself stops at 1000. */
  readonly depth: number
  /** Time in milliseconds; only looked at when the caller passes a clock. */
  readonly milliseconds: number
}

export type LimitName = keyof Limits

/** Milliseconds of any monotonic clock. The engine has none of its own. */
export type Clock = () => number

export const DEFAULT_LIMITS: Limits = {
  steps: 40_000_000,
  output: 20_000_000,
  text: 10_000_000,
  items: 1_000_000,
  bits: 4_000_000,
  depth: 960,
  milliseconds: 9_000
}

/** Thrown when a bound is reached; ends the rendering, nothing in the language can catch it. */
export class LimitError extends Error {
  readonly limit: LimitName
  constructor(limit: LimitName, message: string) {
    super(message)
    this.limit = limit
  }
}

const CLOCK_EVERY = 4096
const LARGE_TEXT = 1024

interface Meter {
  limits: Limits
  clock: Clock | null
  steps: number
  nextLook: number
  deadline: number
  output: number
  largeText: number
  depth: number
}

function newMeter(limits: Limits, clock: Clock | null, begin = clock?.() ?? 0): Meter {
  const deadline = clock === null ? Infinity : begin + limits.milliseconds
  const nextLook = Math.min(CLOCK_EVERY, limits.steps)
  return { limits, clock, steps: 0, nextLook, deadline, output: 0, largeText: 0, depth: 0 }
}

// Rendering is synchronous and never yields, so one current meter serves every helper without being passed around.
let meter: Meter = newMeter(DEFAULT_LIMITS, null)

/** Runs `work` under fresh bounds and restores the surrounding ones afterwards. `begin`: since when the time counts, by the clock. */
export function withLimits<T>(limits: Limits, clock: Clock | null, work: () => T, begin?: number): T {
  const outer = meter
  meter = newMeter(limits, clock, begin)
  try {
    return work()
  } finally {
    meter = outer
  }
}

function look(): void {
  if (meter.steps > meter.limits.steps) {
    throw new LimitError('steps', `the template did more than ${meter.limits.steps} steps`)
  }
  if (meter.clock !== null && meter.clock() > meter.deadline) {
    throw new LimitError('milliseconds', `the template took longer than ${meter.limits.milliseconds} ms`)
  }
  meter.nextLook = Math.min(meter.steps + CLOCK_EVERY, meter.limits.steps)
}

/** Counts work; throws LimitError when the steps or the time are used up. */
export function tick(amount = 1): void {
  meter.steps += amount
  if (meter.steps > meter.nextLook) look()
}

// A unit of work stands for about four bytes of new memory too: whatever a template keeps, it cannot build more than the
// steps allow, so no live count is needed.
const BYTES_SHIFT = 2

/** Accounts for a string of `length` characters about to be built. */
export function claimText(length: number): void {
  if (length < 16) return
  if (length > meter.limits.text) {
    throw new LimitError('text', `a text of ${length} characters is longer than ${meter.limits.text}`)
  }
  if (length >= LARGE_TEXT) {
    meter.largeText += length
    if (meter.largeText > meter.limits.text * 10) {
      throw new LimitError('text', `large texts took more than ${meter.limits.text * 10} characters in all`)
    }
  }
  tick(length >> BYTES_SHIFT)
}

/** Accounts for reading through a text once. */
export function claimScan(length: number): void {
  if (length > 256) tick(length >> 5)
}

/** Accounts for a text taken apart into characters, which takes far more room than the text. */
export function claimPoints(length: number): void {
  if (length > meter.limits.items) {
    throw new LimitError('items', `a text of ${length} characters is too long to be taken apart`)
  }
  if (length > 64) tick(length)
}

/** Accounts for joined strings: the longest part is shared in memory, so only the others take new room. */
export function claimJoined(length: number, longest: number): void {
  if (length > meter.limits.text) claimText(length)
  claimText(length - longest)
}

/** Refuses a list that has grown beyond the limit. */
export function checkItems(count: number): void {
  if (count > meter.limits.items) {
    throw new LimitError('items', `a list of ${count} items is longer than ${meter.limits.items}`)
  }
}

/** Accounts for a list of `count` items about to be built at once. */
export function claimItems(count: number): void {
  checkItems(count)
  tick(count * 2)
}

/** What a container, and an item that is kept in one, count for. */
export const CONTAINER_STEPS = 40
export const KEPT_STEPS = 8
export const PAIR_STEPS = 16

/** Accounts for an integer of `bits` bits about to be computed. */
export function claimBits(bits: number): void {
  if (bits > meter.limits.bits) {
    throw new LimitError('bits', `an integer of ${bits} bits is larger than ${meter.limits.bits}`)
  }
  tick(1 + (bits >> 6) * (1 + (bits >> 14)))
}

/** Accounts for text sent to the output (or to the buffer of a macro or block). */
export function claimOutput(length: number): void {
  meter.output += length
  if (meter.output > meter.limits.output) {
    throw new LimitError('output', `the output is longer than ${meter.limits.output} characters`)
  }
}

/** Enters `frames` Python frames; returns false when Python would raise RecursionError. */
export function enterFrames(frames: number): boolean {
  if (meter.depth + frames > meter.limits.depth) return false
  meter.depth += frames
  return true
}

/** Leaves what enterFrames entered. */
export function leaveFrames(frames: number): void {
  meter.depth -= frames
}
