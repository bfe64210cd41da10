import { describe, expect, it } from 'vitest'
import { buildPost, isoSeconds } from '../../../../src/engine/run/posts/posts.ts'

describe('times in posts and log lines', () => {
  it('agree with the calendar over two centuries', () => {
    for (let seconds = -3_000_000_000; seconds < 5_000_000_000; seconds += 7_654_321) {
      const expected = new Date(seconds * 1000).toISOString().slice(0, 19)
      expect(isoSeconds(seconds)).toBe(`${expected}+00:00`)
    }
  })
})

describe('a debug post', () => {
  const parts = { debugUrl: 'http://h:1', triggerId: 't', path: '/end', node: null, data: [], errors: [], now: 0 }

  it('has empty texts where there is no node, and no errors where there are none', () => {
    const { body } = buildPost(parts)
    expect(JSON.stringify(body)).toBe(
      '{"source":{"node_id":"","module_id":"","filters":"","parameters":""},"timestamp":"1970-01-01T00:00:00+00:00","data":[]}'
    )
  })
  it('refers to the data that it shows', () => {
    const data = { Event: {} }
    expect(buildPost({ ...parts, data, errors: ['no'] }).body['data']).toBe(data)
    expect(buildPost({ ...parts, data, errors: ['no'] }).body['errors']).toEqual(['no'])
  })
})
