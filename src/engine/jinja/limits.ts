// Bounds of one rendering. Python has almost none of them: MISP's own bound is that it stops waiting for misp-modules
// after ten seconds. A hostile template must end here with a coded error instead of holding the engine.

export interface Limits {
  /** Work units: loop rounds, calls, items of filters, characters handled in bulk (64 to a unit). */
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
  steps: 20_000_000,
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
  items: number
  depth: number
}

function newMeter(limits: Limits, clock: Clock | null): Meter {
  const deadline = clock === null ? Infinity : clock() + limits.milliseconds
  const nextLook = Math.min(CLOCK_EVERY, limits.steps)
  return { limits, clock, steps: 0, nextLook, deadline, output: 0, largeText: 0, items: 0, depth: 0 }
}

// Rendering is synchronous and never yields, so one current meter serves every helper without being passed around.
let meter: Meter = newMeter(DEFAULT_LIMITS, null)

/** Runs `work` under fresh bounds and restores the surrounding ones afterwards. */
export function withLimits<T>(limits: Limits, clock: Clock | null, work: () => T): T {
  const outer = meter
  meter = newMeter(limits, clock)
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

/** Accounts for a string of `length` characters about to be built. */
export function claimText(length: number): void {
  if (length < LARGE_TEXT) return
  if (length > meter.limits.text) {
    throw new LimitError('text', `a text of ${length} characters is longer than ${meter.limits.text}`)
  }
  meter.largeText += length
  if (meter.largeText > meter.limits.text * 10) {
    throw new LimitError('text', `large texts took more than ${meter.limits.text * 10} characters in all`)
  }
  tick(length >> 6)
}

/** Accounts for joined strings: the longest part is shared in memory, so only the others take new room. */
export function claimJoined(length: number, longest: number): void {
  if (length > meter.limits.text) claimText(length)
  claimText(length - longest)
}

/** Accounts for a list of `count` items about to be built. */
export function claimItems(count: number): void {
  if (count > meter.limits.items) {
    throw new LimitError('items', `a list of ${count} items is longer than ${meter.limits.items}`)
  }
  if (count < 64) return
  meter.items += count
  if (meter.items > meter.limits.items * 10) {
    throw new LimitError('items', `lists took more than ${meter.limits.items * 10} items in all`)
  }
  tick(count >> 2)
}

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

/** Enters `frames` Python frames; answers false when Python would raise RecursionError. */
export function enterFrames(frames: number): boolean {
  if (meter.depth + frames > meter.limits.depth) return false
  meter.depth += frames
  return true
}

/** Leaves what enterFrames entered. */
export function leaveFrames(frames: number): void {
  meter.depth -= frames
}

/** Nothing in a template catches an error, so the depth is only reset when a lazily run part was abandoned. */
export function currentDepth(): number {
  return meter.depth
}
