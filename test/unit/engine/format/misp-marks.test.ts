import { describe, expect, it } from 'vitest'
import { mispMarks } from '../../../../src/engine/format/misp-marks.ts'

const event = (tags: number) => ({
  Event: { info: 'x', Tag: Array.from({ length: tags }, (_, i) => ({ name: `t${i}` })) }
})
const names = (tags: number) => mispMarks(event(tags))?.tags?.map(({ name }) => name)

describe('what is shown beside the name of an event', () => {
  it('is its first tags, and how many there are besides', () => {
    expect(names(4)).toEqual(['t0', 't1', 't2', 't3'])
    expect(mispMarks(event(4))).not.toHaveProperty('moreTags')
    expect(names(7)).toEqual(['t0', 't1', 't2', 't3'])
    expect(mispMarks(event(7))?.moreTags).toBe(3)
    expect(mispMarks(event(0))).toEqual({})
  })
})
