import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compactSegment, recompactSegment } from '../../../../src/host/capture/journal/compaction.ts'
import { Journal } from '../../../../src/host/capture/journal/journal.ts'
import { scanSegment } from '../../../../src/host/capture/journal/segments.ts'
import { PostReader } from '../../../../src/host/capture/journal/segments-reader.ts'
import { recordedRuns } from '../capture/recorded-runs.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'retrace-journal-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const meta = { at: 1, source: 'default', method: 'POST', target: '/a/init', headers: [['Host', 'x'] as const] }
const write = async (bodies: readonly (string | Buffer)[]): Promise<void> => {
  const { journal } = await Journal.open(dir)
  for (const body of bodies) await journal.write(meta, Buffer.from(body))
  await journal.close()
}
const bodies = async (): Promise<string[]> => {
  const reader = new PostReader(dir)
  const list: string[] = []
  for await (const { seq } of reader.places()) list.push((await reader.read(seq))!.body.toString())
  await reader.close()
  return list
}

describe('the journal', () => {
  it('goes on where it stopped', async () => {
    await write(['one', 'two'])
    await write(['three'])
    expect(await bodies()).toEqual(['one', 'two', 'three'])
    expect(readdirSync(dir).filter((name) => name.endsWith('.seg'))).toEqual(['000001.seg'])
  })

  it('sets a torn tail aside and touches nothing else', async () => {
    await write(['one', 'two'])
    const file = join(dir, '000001.seg')
    const whole = readFileSync(file)
    await write(['three'])
    const third = readFileSync(file).subarray(whole.length)
    for (const cut of [1, 20, 40, third.length - 1]) {
      writeFileSync(file, Buffer.concat([whole, third.subarray(0, cut)]))
      const { journal, problems } = await Journal.open(dir)
      await journal.close()
      expect(problems).toMatchObject([{ kind: 'torn', bytes: cut }])
      expect(readFileSync((problems[0] as { aside: string }).aside)).toEqual(third.subarray(0, cut))
      expect(readFileSync(file)).toEqual(whole)
    }
    expect(await bodies()).toEqual(['one', 'two'])
  })

  it('reads around damage in the middle and leaves it', async () => {
    await write(['one', 'two', 'three'])
    const file = join(dir, '000001.seg')
    const bytes = readFileSync(file)
    const { records } = await scanSegment(file)
    bytes[records[1]!.offset + 40] = bytes[records[1]!.offset + 40]! ^ 0xff
    writeFileSync(file, bytes)
    const { journal, problems } = await Journal.open(dir)
    await journal.close()
    expect(problems.map(({ kind }) => kind)).toEqual(['damaged'])
    expect(readFileSync(file)).toEqual(bytes)
    expect(await bodies()).toEqual(['one', 'three'])
  })

  it('sets an unfinished large body aside', async () => {
    await write(['one'])
    writeFileSync(join(dir, 'bodies', 'x.part'), 'half')
    const { journal, problems } = await Journal.open(dir)
    await journal.close()
    expect(problems.map(({ kind }) => kind)).toEqual(['unfinished-body'])
    expect(readdirSync(join(dir, 'bodies'))).toEqual(['x.part.torn'])
  })

  it('begins a new segment when one is full', async () => {
    const { journal } = await Journal.open(dir, { segmentBytes: 1000 })
    for (let i = 0; i < 10; i++) await journal.write(meta, Buffer.alloc(400, 'a'))
    await journal.close()
    expect(readdirSync(dir).filter((name) => name.endsWith('.seg')).length).toBeGreaterThan(2)
    expect((await bodies()).length).toBe(10)
  })

  it('never gives a number twice', async () => {
    await write(['one', 'two'])
    const { journal } = await Journal.open(dir, {}, 10)
    expect((await journal.write(meta, Buffer.from('x'))).seq).toBe(10)
    await journal.close()
  })
})

describe('compaction', () => {
  const run = recordedRuns().find(({ id }) => id === 'run-022-long-chain')!

  it('gives back every byte and takes a fraction of the space', async () => {
    const odd = ['', 'x', Buffer.from([0xff, 0, 1]), 'é'.repeat(5000)]
    const { journal } = await Journal.open(dir)
    const sent = [...run.posts.map(({ body }) => Buffer.from(body)), ...odd.map((body) => Buffer.from(body))]
    for (const body of sent) await journal.write(meta, body)
    await journal.roll()
    const done = await compactSegment(dir, 1)
    if (done === null || done === 'stopped') throw new Error('not compacted')
    const normalized = Buffer.byteLength(
      JSON.stringify((JSON.parse(run.posts[0]!.body) as { data: { normalized: unknown } }).data.normalized)
    )
    expect(done.after).toBeLessThan(1.5 * normalized)
    const reader = new PostReader(dir)
    for (const [i, body] of sent.entries()) expect((await reader.read(i + 1))!.body.equals(body)).toBe(true)
    await reader.close()
    await journal.close()
    expect(readdirSync(dir).filter((name) => /\.c?seg/.test(name))).toEqual(['000001.cseg', '000002.seg'])
  })

  it('takes large bodies in and removes their files', async () => {
    const { journal } = await Journal.open(dir)
    const large = Buffer.from('{"a":"0123456789"}'.repeat(100_000))
    writeFileSync(join(dir, 'bodies', 'b.body'), large)
    await new Promise<void>((resolve) =>
      journal.append({ ...meta, bodyFile: 'b.body' }, [], large.length, () => resolve())
    )
    await journal.roll()
    await compactSegment(dir, 1)
    await journal.close()
    expect(readdirSync(join(dir, 'bodies'))).toEqual([])
    expect((await bodies())[0]).toBe(large.toString())
    expect(statSync(join(dir, '000001.cseg')).size).toBeLessThan(large.length / 50)
  })

  it('leaves a damaged segment alone', async () => {
    await write(['one'])
    appendFileSync(join(dir, '000001.seg'), 'garbage')
    const before = readFileSync(join(dir, '000001.seg'))
    expect(await compactSegment(dir, 1)).toBeNull()
    expect(readFileSync(join(dir, '000001.seg'))).toEqual(before)
  })

  it('removes single posts', async () => {
    const { journal } = await Journal.open(dir)
    for (const text of ['one', 'two', 'three']) await journal.write(meta, Buffer.from(text))
    await journal.roll()
    await compactSegment(dir, 1)
    await recompactSegment(dir, 1, (seq) => seq !== 2)
    await journal.close()
    expect(await bodies()).toEqual(['one', 'three'])
  })
})
