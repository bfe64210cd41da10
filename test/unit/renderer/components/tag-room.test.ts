import { describe, expect, it } from 'vitest'
import { tagsThatFit } from '../../../../src/renderer/components/json-tree/tag-room.ts'

describe('tags of a row that is short of room', () => {
  it('are whole as far as they fit, with room for how many there are besides', () => {
    const widths = [40, 50, 120]
    expect(tagsThatFit(widths, 58 + 68 + 138, false)).toBe(3)
    expect(tagsThatFit(widths, 58 + 68 + 137, false)).toBe(2)
    expect(tagsThatFit(widths, 58 + 68 + 30, false)).toBe(2)
    expect(tagsThatFit(widths, 58 + 68 + 29, false)).toBe(1)
    expect(tagsThatFit(widths, 58 + 68 + 138, true)).toBe(2)
  })

  it('keep one, however little room there is', () => {
    expect(tagsThatFit([400, 20], 10, false)).toBe(1)
    expect(tagsThatFit([400], 10, false)).toBe(1)
    expect(tagsThatFit([], 10, false)).toBe(0)
  })
})
