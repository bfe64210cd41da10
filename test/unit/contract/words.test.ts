import { expect, it } from 'vitest'
import { formatCount } from '../../../src/contract/words.ts'

it('writes counts as English does', () => {
  const counts = [0, 7, 999, 1000, 12_345, 999_999, 1_000_000, 1_234_567_890, Number.MAX_SAFE_INTEGER, -5, -1000]
  for (const count of [...counts, 1234.5, 1e21, Infinity, NaN])
    expect(formatCount(count)).toBe(count.toLocaleString('en'))
})
