import { describe, expect, it } from 'vitest'
import { textDiff } from '../../../../../src/renderer/components/param-form/text-diff.ts'

describe('two texts', () => {
  it('differ between their common beginning and end', () => {
    expect(textDiff('a\nb\nc', 'a\nb\nc')).toBeNull()
    expect(textDiff('a\nb\nc', 'a\nx\ny\nc')).toEqual({ line: 2, own: ['b'], other: ['x', 'y'], more: 0 })
    expect(textDiff('a', 'a\na')).toEqual({ line: 2, own: [], other: ['a'], more: 0 })
    expect(textDiff('', 'a')).toEqual({ line: 1, own: [''], other: ['a'], more: 0 })
  })

  it('are shown in part when much differs', () => {
    const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')
    expect(textDiff('', lines)).toMatchObject({ line: 1, more: 30 })
  })
})
