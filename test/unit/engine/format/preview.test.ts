import { describe, expect, it } from 'vitest'
import { previewsOf } from '../../../../src/engine/format/preview.ts'

describe('previewsOf', () => {
  it('shows two values that differ as they begin, where that tells them apart', () => {
    expect(previewsOf('a', 'b')).toEqual(['a', 'b'])
    expect(previewsOf(1, undefined)).toEqual(['1', ''])
  })

  it('shows long values from shortly before the place where they part', () => {
    const long = 'x'.repeat(500)
    const [was, is] = previewsOf(`${long} one ${long}`, `${long} two ${long}`)
    expect(was).toMatch(/^…x+ one x+…$/)
    expect(is).toMatch(/^…x+ two x+…$/)
    expect(was.length).toBeLessThanOrEqual(120)
    const maps = previewsOf({ name: 'same', deep: { a: 1 } }, { name: 'same', deep: { a: 2 } })
    expect(maps).toEqual(
      ['{"name":"same","deep":{"a":1}}', '{"name":"same","deep":{"a":2}}'].map((text) => `…${text.slice(3)}`)
    )
  })

  it('writes white space out where it alone differs', () => {
    expect(previewsOf('a b', 'a\nb')).toEqual(['a b', 'a\\nb'])
  })
})
