// The alignment of two sequences: the longest common subsequence, the same from both sides, and bounded in what it costs.
import { describe, expect, it } from 'vitest'
import { align } from '../../../../../src/engine/replay/compare/align.ts'
import { scale, seeded } from '../../../../attack/scale.ts'

/** Length of the longest common subsequence, by the table that everybody knows. */
function longest(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const key of a) {
    const next = [0]
    for (const [k, other] of b.entries())
      next.push(key === other ? (row[k] as number) + 1 : Math.max(row[k + 1] as number, next[k] as number))
    row = next
  }
  return row.at(-1) as number
}

const sequence = (random: () => number, length: number, keys: number): number[] =>
  Array.from({ length }, () => Math.floor(random() * keys))

describe('align', () => {
  it('finds the longest common subsequence of short sequences', () => {
    for (let seed = 1; seed <= scale(300, 3000); seed++) {
      const random = seeded(seed)
      const [n, m, keys] = [random() * 40, random() * 40, 1 + random() * 12]
      const [a, b] = [sequence(random, n, keys), sequence(random, m, keys)]
      const { pairs } = align(a, b)
      expect(pairs.length, `seed ${seed}`).toBe(longest(a, b))
      for (const [i, [x, y]] of pairs.entries()) {
        expect(a[x], `seed ${seed}`).toBe(b[y])
        const before = pairs[i - 1]
        if (before) expect(before[0] < x && before[1] < y, `seed ${seed}: rising`).toBe(true)
      }
    }
  })

  it('is the same from both sides', () => {
    for (let seed = 1; seed <= scale(300, 3000); seed++) {
      const random = seeded(seed)
      const [a, b] = [sequence(random, random() * 60, 6), sequence(random, random() * 60, 6)]
      const turned = align(b, a).pairs.map(([one, other]) => [other, one])
      expect(align(a, b).pairs, `seed ${seed}`).toEqual(turned)
    }
  })

  it('pairs everything of two equal sequences in one pass', () => {
    const a = sequence(seeded(7), 100_000, 50)
    const { pairs, work } = align(a, [...a])
    expect(pairs.every(([x, y]) => x === y)).toBe(true)
    expect(pairs).toHaveLength(a.length)
    expect(work).toBe(a.length)
  })

  it('costs a bounded number of steps per key, however little is alike', () => {
    const length = scale(20_000, 200_000)
    const shapes: readonly (readonly [string, readonly number[], readonly number[]])[] = [
      ['nothing alike', sequence(seeded(1), length, 100), sequence(seeded(2), length, 100).map((key) => key + 1000)],
      ['two keys', sequence(seeded(3), length, 2), sequence(seeded(4), length, 2)],
      ['many keys', sequence(seeded(5), length, 5000), sequence(seeded(6), length, 5000)],
      ['turned around', Array.from({ length }, (_, i) => i), Array.from({ length }, (_, i) => length - i)],
      ['one key', new Array<number>(length).fill(1), new Array<number>(length >> 1).fill(1)]
    ]
    for (const [what, a, b] of shapes) {
      const { work, pairs } = align(a, b)
      // 64 a key, or two million where that is more.
      expect(work, what).toBeLessThan(Math.max(4_000_000, 140 * (a.length + b.length)))
      for (const [x, y] of pairs.slice(0, 1000)) expect(a[x], what).toBe(b[y])
    }
  })

  it('still finds what stands in the same order where the exact way is too long', () => {
    const length = 5000
    const a = Array.from({ length }, (_, i) => i)
    // Every second one is another key: 5,000 differences.
    const b = a.map((key) => (key % 2 === 0 ? key : key + 100_000))
    expect(align(a, b).pairs).toHaveLength(length / 2)
  })
})
