// Every post in the journal is in exactly one run or listed without one, whatever happened to the index or the app.
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { parsePostLine, type RawPost } from '../../src/host/capture/understand/ndjson.ts'
import { openJournal } from '../../src/host/capture/journal/open-journal.ts'
import { SegmentFiles } from '../../src/host/capture/journal/segment-files.ts'
import { sendPost } from '../../src/host/capture/listen/send.ts'
import { CaptureService } from '../../src/host/capture/service.ts'
import { postsFile } from '../bench/ui-workloads.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { accountForPosts, allAccounted } from './account-for-posts.ts'

const folder = temporaryFolders()
const made = new Map<number, RawPost[]>()
const posts = (runs: number): RawPost[] => {
  const known = made.get(runs)
  if (known !== undefined) return known
  const lines = postsFile(runs)
    .split('\n')
    .map((line, i) => parsePostLine(line, 'posts.ndjson', i + 1))
  made.set(runs, lines)
  return lines
}
const problems: string[] = []
const open = (at: string): Promise<CaptureService> =>
  CaptureService.open(at, { segmentBytes: 60_000, events: { problem: (message) => problems.push(message) } })
const indexOf = (at: string): string => join(at, 'capture', 'runs.ndjson')
/** As a kill leaves it: what was in memory is lost. */
const snapshot = (from: string): string => {
  const to = folder()
  cpSync(from, to, { recursive: true })
  return to
}

async function filled(): Promise<string> {
  const at = folder()
  const service = await open(at)
  await service.importPosts(posts(50))
  await service.close()
  problems.length = 0
  return at
}

/** Opens it twice: the second start finds nothing to put right any more. */
async function expectAccounted(at: string, stored: number): Promise<void> {
  for (const start of ['first', 'second']) {
    if (start === 'second') problems.length = 0
    const service = await open(at)
    expect(await accountForPosts(service), start).toMatchObject({ ...allAccounted, stored })
    await service.close()
  }
  expect(problems).toEqual([])
}

describe('posts in no run', () => {
  it('are grouped at the next start, and that is said', async () => {
    const at = folder()
    cpSync(new URL('../fixtures/capture/posts-in-no-run', import.meta.url), join(at, 'capture'), { recursive: true })
    problems.length = 0
    const service = await open(at)
    expect(await accountForPosts(service)).toMatchObject({ ...allAccounted, stored: 251, inRuns: 251 })
    expect(problems).toEqual([expect.stringContaining('200 posts (539 to 738) were in no run')])
    await service.close()
    await expectAccounted(at, 251)
  })

  it('do not come of an import beside the listener, killed at any moment', async () => {
    const at = folder()
    const service = await open(at)
    const listener = await service.listen({ port: 0 })
    const to = { host: '127.0.0.1', port: listener.address.port, path: '', authorization: null }
    const kills: { readonly at: string; readonly stored: number }[] = []
    const sent = posts(3)
    async function* slowly(): AsyncGenerator<RawPost> {
      for (const [i, post] of posts(50).entries()) {
        yield post
        if (i % 10 !== 9) continue
        await sendPost(to, sent[((i - 9) / 10) % sent.length]!)
        await service.idle()
        kills.push({ at: snapshot(at), stored: await service.reader.count() })
      }
    }
    await service.importPosts(slowly())
    await service.idle()
    const stored = await service.reader.count()
    expect(await accountForPosts(service)).toMatchObject({ ...allAccounted, stored })
    await service.close()
    await expectAccounted(at, stored)
    for (const kill of kills.slice(0, 6)) await expectAccounted(kill.at, kill.stored)
  })

  it('do not come of removing runs, or of other workflows, during an import', async () => {
    const at = await filled()
    const service = await open(at)
    const going = [...service.runs.keys()].slice(0, 5)
    const others: Promise<unknown>[] = []
    const copies: string[] = []
    async function* withOthers(): AsyncGenerator<RawPost> {
      for (const [i, post] of posts(50).entries()) {
        yield post
        if (i === 30) others.push(service.removeRuns(going))
        if (i === 60) others.push(service.useGraphs(new Map()))
        if (i % 20 === 0) copies.push(snapshot(at))
      }
    }
    await service.importPosts(withOthers())
    await Promise.all(others)
    const { stored } = await accountForPosts(service)
    expect(await accountForPosts(service)).toMatchObject(allAccounted)
    copies.push(snapshot(at))
    await service.close()
    await expectAccounted(at, stored)
    for (const copy of copies) {
      const again = await open(copy)
      expect(await accountForPosts(again)).toMatchObject(allAccounted)
      await again.close()
    }
  })
})

describe('a compaction that ended before its raw segment went', () => {
  async function doubled(): Promise<string> {
    const at = folder()
    const service = await open(at)
    await service.importPosts(posts(50))
    const raw = join(at, 'capture', '000001.seg')
    cpSync(raw, `${raw}.copy`)
    await service.compact(true)
    await service.close()
    renameSync(`${raw}.copy`, raw)
    problems.length = 0
    return at
  }

  it('takes new posts where they are found again', async () => {
    const at = await doubled()
    const service = await open(at)
    await service.importPosts(posts(3))
    await service.close()
    await expectAccounted(at, 106)
  })

  it('does not bring removed posts back', async () => {
    const at = await doubled()
    const service = await open(at)
    await service.removeRuns([...service.runs.keys()])
    expect(await service.accounts()).toMatchObject({ total: 100, removed: 100 })
    await service.close()
    await expectAccounted(at, 0)
  })

  it('uses the raw segment when the compacted one is damaged, and keeps that', async () => {
    const at = await doubled()
    truncateSync(join(at, 'capture', '000001.cseg'), 1000)
    const service = await open(at)
    expect(await accountForPosts(service)).toMatchObject({ ...allAccounted, stored: 100 })
    await service.close()
    expect(problems).toEqual([expect.stringContaining('000001.cseg.bad')])
    await expectAccounted(at, 100)
  })
})

it('a post that names a file outside the folder of bodies is listed, and the file is neither read nor removed', async () => {
  const at = await filled()
  const secret = join(at, 'secret.txt')
  writeFileSync(secret, 'secret')
  const { journal } = await openJournal(join(at, 'capture'))
  await journal.write({ ...posts(3)[0]!.meta, bodyFile: '../../secret.txt' }, Buffer.alloc(0))
  await journal.close()
  const service = await open(at)
  expect(await accountForPosts(service)).toMatchObject({ ...allAccounted, stored: 101, unassigned: 1 })
  await service.compact(true).catch(() => undefined)
  await service.close()
  expect(readFileSync(secret, 'utf8')).toBe('secret')
})

it('a start, an import, a compaction and a removal do not wait for posts that keep coming', async () => {
  const at = await filled()
  rmSync(indexOf(at))
  const service = await CaptureService.begin(at, { segmentBytes: 60_000 })
  const listener = await service.listen({ port: 0 })
  const to = { host: '127.0.0.1', port: listener.address.port, path: '', authorization: null }
  let isOver = false
  const pouring = Array.from({ length: 2 }, async (_, half) => {
    for (let i = 0; !isOver; i++) {
      await sendPost(to, posts(50)[(i + 50 * half) % 100]!)
      // They keep coming; how many came is not what takes the time here.
      await pause(2)
    }
  })
  try {
    await service.importPosts(posts(3))
    await service.compact(true)
    expect(await service.removeRuns([[...service.runs.keys()][0]!])).toMatchObject({ runs: 1 })
  } finally {
    isOver = true
  }
  await Promise.all(pouring)
  await service.idle()
  const { stored } = await accountForPosts(service)
  expect(await accountForPosts(service)).toMatchObject(allAccounted)
  await service.close()
  await expectAccounted(at, stored)
})

it('a look at the files is made again as often as files go while it is made', async () => {
  const at = await filled()
  const service = await open(at)
  const { stored } = await accountForPosts(service)
  await service.close()
  const gone = Object.assign(new Error('a segment no longer exists'), { code: 'ENOENT' })
  const look = vi.spyOn(SegmentFiles.prototype, 'orNote')
  for (let i = 0; i < 6; i++) look.mockRejectedValueOnce(gone)
  await expectAccounted(at, stored)
  vi.restoreAllMocks()
})

describe('an index that does not fit the posts', () => {
  it('lacks a run', async () => {
    const at = await filled()
    const lines = readFileSync(indexOf(at), 'utf8').split('\n')
    writeFileSync(indexOf(at), lines.filter((_, i) => i !== 3).join('\n'))
    await expectAccounted(at, 100)
  })

  it('has a post in two runs', async () => {
    const at = await filled()
    const lines = readFileSync(indexOf(at), 'utf8').split('\n')
    const [, second] = lines.filter((line) => line.startsWith('{"run"'))
    const run = (JSON.parse(second!) as { run: unknown[] }).run
    lines.splice(3, 0, JSON.stringify({ run: ['c-9999', ...run.slice(1)] }))
    writeFileSync(indexOf(at), lines.join('\n'))
    await expectAccounted(at, 100)
  })

  it('ends in half a line, and is written whole again', async () => {
    const at = await filled()
    appendFileSync(indexOf(at), '{"run":["c-')
    const service = await open(at)
    await service.importPosts(posts(3))
    await service.close()
    await expectAccounted(at, 106)
  })

  it('is ahead of the posts, behind them, or not there', async () => {
    const at = await filled()
    const text = readFileSync(indexOf(at), 'utf8')
    writeFileSync(indexOf(at), text.replaceAll(/"through":\d+/g, '"through":5000'))
    await expectAccounted(at, 100)
    writeFileSync(indexOf(at), text.split('\n').slice(0, 4).join('\n'))
    await expectAccounted(at, 100)
    writeFileSync(indexOf(at), text.slice(0, 20))
    await expectAccounted(at, 100)
    writeFileSync(indexOf(at), '')
    await expectAccounted(at, 100)
  })

  it('is of a newer version, and is left as it is', async () => {
    const at = await filled()
    const text = readFileSync(indexOf(at), 'utf8').replace('"version":1', '"version":2')
    writeFileSync(indexOf(at), text)
    const service = await open(at)
    expect(await accountForPosts(service)).toMatchObject({ ...allAccounted, stored: 100 })
    await service.importPosts(posts(3))
    await service.close()
    expect(readFileSync(indexOf(at), 'utf8')).toBe(text)
  })
})
