// A few bytes that inflate to very many cost bounded memory, and a post that is shown costs nobody else's time.
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PostViews } from '../../src/host/capture/derive/post-views.ts'
import { showPost } from '../../src/host/capture/derive/show-post.ts'
import type { RawPost } from '../../src/host/capture/understand/ndjson.ts'

const member = gzipSync(Buffer.alloc(1024 * 1024, 0x20))
/** Members of gzip follow each other: a bomb is made as quickly as it is small. */
const packed = (megabytes: number): RawPost => ({
  meta: {
    ...{ at: 0, source: 'default', method: 'POST', target: '/event-publish/init?type=blocking' },
    headers: [['Content-Encoding', 'gzip']]
  },
  body: Buffer.concat(Array.from({ length: megabytes }, () => member))
})
const built = new URL('../../out/node/parse-worker.mjs', import.meta.url)
const inflated = { most: 1000 }

describe('a post that inflates', () => {
  it('beyond the limit is shown as it came', () => {
    const post = packed(70)
    const { body, length } = showPost({ show: post, secrets: [], inflated })
    expect(body).toEqual(post.body.subarray(0, inflated.most))
    expect(length).toBe(post.body.length)
  })
  it('is shown with its first bytes and says how long it is', () => {
    expect(showPost({ show: packed(3), secrets: [], inflated })).toMatchObject({ length: 3 * 1024 * 1024 })
  })
  it.skipIf(!existsSync(built))('is inflated and masked in a thread', async () => {
    const views = new PostViews(built)
    let turns = 0
    const turn = setInterval(() => turns++, 1)
    const [first, second] = await Promise.all([
      views.show({ show: packed(50), secrets: [], inflated }),
      views.show({ show: packed(2), secrets: null, inflated })
    ])
    clearInterval(turn)
    expect([first.body.length, first.length, second.length]).toEqual([1000, 50 * 1024 * 1024, 2 * 1024 * 1024])
    expect(turns).toBeGreaterThan(1)
    await views.stop()
  })
})
