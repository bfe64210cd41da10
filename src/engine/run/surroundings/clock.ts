// Time and uuids of a run that is recorded, and of one that is repeated.
import type { Clock } from '../../effects/ports.ts'

/** Shows whole microseconds since the first look, and keeps what it showed. */
export class RecordedClock implements Clock {
  readonly looks: number[] = []
  #began: number | null = null
  #last = 0

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now()
  }

  monotonic(): number {
    const at = this.clock.monotonic()
    this.#began ??= at
    const shown = Math.max(this.#last, Math.round((at - this.#began) * 1000))
    this.looks.push(shown - this.#last)
    this.#last = shown
    return shown / 1000
  }

  skip(ms: number): void {
    this.clock.skip?.(ms)
  }
}

/** Shows what a recorded clock showed; behind its last look time stands still. */
export function clockOf(now: number, looks: readonly number[]): Clock {
  let next = 0
  let shown = 0
  return {
    now: () => now * 1000,
    monotonic() {
      shown += looks[next++] ?? 0
      return shown / 1000
    }
  }
}

/**
 * Version 4 UUIDs out of one: a run draws as many as it likes, and its file keeps one. The generator is xoshiro128**.
 * @param seed a UUID
 */
export function uuidsOf(seed: string): () => string {
  const digits = seed.replace(/[^0-9a-f]/gi, '').padEnd(32, '1')
  const part = (at: number): number => parseInt(digits.slice(at, at + 8), 16) >>> 0
  let [a, b, c, d] = [part(0), part(8), part(16), part(24)]
  // Only zeros would stay zeros.
  if ((a | b | c | d) === 0) a = 1
  const word = (): number => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return scrambled
  }
  return () => {
    const text = [word(), word(), word(), word()].map((one) => one.toString(16).padStart(8, '0')).join('')
    const variant = '89ab'[parseInt(text[16] as string, 16) & 3] as string
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`
  }
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by))
