// Counts how much the code under test does, without any counter in it: V8's own counts of how often each block of src/ ran, and for what
// runs inside V8 (searches, copies, regular expressions) the characters or items that were gone through. Import this before what is to be
// counted: only code that is compiled afterwards has counts.
// Backtracking inside one regular expression is not seen: regexes.test.ts looks after that.
import { Session } from 'node:inspector'
import { expect } from 'vitest'

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
  }[]
}

const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/** Counts since it was asked last. */
function takeBlocks(): number {
  let blocks = 0
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error) throw error
    for (const { url, functions } of (coverage as Coverage).result)
      if (url.includes('/src/')) for (const { ranges } of functions) for (const { count } of ranges) blocks += count
  })
  return blocks
}

let inside = 0
type Weigh = (self: never, args: readonly never[], result: never) => number

const lengthOf = (self: { readonly length: number }): number => self.length
const upTo = (self: { readonly length: number }, [, from]: readonly number[], result: number): number =>
  Math.abs((result < 0 ? self.length : result + 1) - (from ?? 0))
const passed = (self: { readonly length: number }): number => self.length
const made = (_: unknown, __: unknown, result: { readonly length: number }): number => result.length
const sorted = ({ length }: { readonly length: number }): number => length * Math.ceil(Math.log2(length + 2))

const weights: readonly (readonly [owner: object, names: Readonly<Record<string, unknown>>])[] = [
  [
    String.prototype,
    { indexOf: upTo, lastIndexOf: lengthOf, includes: passed, replaceAll: passed, split: passed, normalize: passed }
  ],
  [
    Array.prototype,
    {
      ...{ indexOf: upTo, lastIndexOf: passed, includes: passed, shift: passed, unshift: passed, splice: passed },
      ...{ slice: made, concat: made, flat: made, join: passed, sort: sorted, reverse: passed, fill: passed },
      push: (_: unknown, args: readonly unknown[]) => args.length
    }
  ],
  [Object, { keys: made, values: made, entries: made }],
  [Buffer, { concat: made, from: made }],
  [Buffer.prototype, { indexOf: upTo, toString: made }],
  [JSON, { parse: (_: unknown, [text]: readonly string[]) => String(text).length, stringify: made }]
]

/** As `exec` goes through a text: from where it begins to the end of what it found. Everything else of RegExp calls it. */
function countedExec(real: RegExp['exec']): RegExp['exec'] {
  return function (this: RegExp, text: string) {
    const begin = this.sticky || this.global ? this.lastIndex : 0
    const found = real.call(this, text)
    if (found) inside += found.index + found[0].length - begin + 1
    else inside += this.sticky ? 1 : Math.max(1, text.length - begin)
    return found
  }
}

/** Copies of a collection are work too. */
const countedCopies = <T extends MapConstructor | SetConstructor>(kind: T): T =>
  new Proxy(kind, {
    construct(target, args: [{ size?: number; length?: number }?], made) {
      inside += args[0]?.size ?? args[0]?.length ?? 1
      return Reflect.construct(target, args, made) as object
    }
  })

/** Counts until the answer is called. */
function watch(): () => void {
  const undo: (() => void)[] = []
  const replace = (owner: object, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name)!
    Object.defineProperty(owner, name, { ...before, value })
    undo.push(() => Object.defineProperty(owner, name, before))
  }
  for (const [owner, names] of weights)
    for (const [name, weigh] of Object.entries(names)) {
      const real = (owner as Record<string, (...args: unknown[]) => unknown>)[name]!
      replace(owner, name, function (this: unknown, ...args: unknown[]) {
        const size = name === 'shift' || name === 'splice' ? (this as { length: number }).length : 0
        const result = real.apply(this, args)
        inside += 1 + (size || (weigh as Weigh)(this as never, args as never, (result ?? '') as never))
        return result
      })
    }
  replace(RegExp.prototype, 'exec', countedExec(RegExp.prototype.exec))
  replace(globalThis, 'Map', countedCopies(Map))
  replace(globalThis, 'Set', countedCopies(Set))
  return () => {
    for (const one of undo.reverse()) one()
  }
}

/** How much `run` does. */
export function workOf(run: () => unknown): number {
  takeBlocks()
  inside = 0
  const end = watch()
  try {
    run()
  } finally {
    end()
  }
  const own = inside
  return takeBlocks() + own
}

/** The same of what waits. */
export async function workOfWaiting(run: () => Promise<unknown>): Promise<number> {
  takeBlocks()
  inside = 0
  const end = watch()
  try {
    await run()
  } finally {
    end()
  }
  const own = inside
  return takeBlocks() + own
}

/**
 * The least of up to five counts, of which one that is not above `enough` will do. V8 adds up to as much again for a function that it has
 * just optimised: the same work is counted as 93,787 a hundred times, and as 204,093 in between.
 */
export function leastOf(count: () => number, enough: number): number {
  let least = count()
  for (let more = 0; least > enough && more < 4; more++) least = Math.min(least, count())
  return least
}

/**
 * Four times as much to do is at most six times as much work: what grows with the square would be sixteen times as much. `prepare` makes
 * what is worked on, which does not count.
 */
export function expectLinear<T>(prepare: (size: number) => T, run: (given: T) => unknown, size: number): void {
  // Once before: what is made on first use does not count.
  run(prepare(8))
  const at = (size: number): number => {
    const given = prepare(size)
    return workOf(() => run(given))
  }
  const few = at(size)
  const many = leastOf(() => at(4 * size), 6 * few)
  // Nothing was counted where nothing grew.
  expect(many, `work ${few} at ${size}, ${many} at ${4 * size}`).toBeGreaterThan(size)
  expect(many / few, `work ${few} at ${size}, ${many} at ${4 * size}`).toBeLessThanOrEqual(6)
}
