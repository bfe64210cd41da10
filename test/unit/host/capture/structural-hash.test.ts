import { describe, expect, it } from 'vitest'
import { parsePost, summarize, type ParsedPost } from '../../../../src/host/capture/understand/post-parse.ts'
import { hashKnowing, hashWithout, structuralHash } from '../../../../src/host/capture/understand/structural-hash.ts'

const data = { Event: { id: '1', Attribute: [{ value: 'a' }, {}] }, enabledFilters: { 3: {} }, _unfilteredData: [1] }

describe('a hash', () => {
  it('of an object and of what is left of it are those of each alone', () => {
    const { Event } = data
    const { rest, whole } = hashWithout(data, new Set(['enabledFilters', '_unfilteredData']))
    expect([rest, whole]).toEqual([structuralHash({ Event }), structuralHash(data)])
    for (const value of [null, 'x', [1, { a: 2 }], {}])
      expect(hashWithout(value, new Set(['a']))).toEqual({ rest: structuralHash(value), whole: structuralHash(value) })
  })

  it('of which a part is known is the same', () => {
    expect(hashKnowing(data, 'Event', structuralHash(data.Event))).toBe(structuralHash(data))
  })
})

describe('the summary of a post', () => {
  const parsed = (target: string, data: unknown): ParsedPost => {
    const post = parsePost({ target, headers: [] }, Buffer.from('{"source":{},"timestamp":"","data":{}}'))
    return { ...post, data }
  }
  /** A value that counts how often it is looked at. */
  const counting = () => {
    const counted = { looks: 0 }
    const value = {
      Event: {
        Attribute: [
          {
            get value() {
              counted.looks++
              return 'x'
            }
          }
        ]
      }
    }
    return { counted, value }
  }
  const meta = { at: 0, source: '', headers: [] }

  it.each([
    ['exec', '/event-publish/exec/tag-if?result=success', (value: unknown) => value],
    ['init', '/event-publish/init?type=blocking', (value: unknown) => ({ original: {}, normalized: value })]
  ])('goes through the data of an %s post once', (_kind, target, around) => {
    const { counted, value } = counting()
    summarize({ seq: 1, meta: { ...meta, target }, bytes: 0 }, parsed(target, around(value)))
    expect(counted.looks).toBe(1)
  })
})
