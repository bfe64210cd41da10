// One post that cannot be read: whoever reads many of them says which one it is, and shows, exports, groups, compacts and removes the others.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { unpackRun } from '../../src/contract/packed-steps.ts'
import { Listener } from '../../src/host/capture/listen/listener.ts'
import { closeJournal, openJournal } from '../../src/host/capture/journal/open-journal.ts'
import { parseSendTarget, sendPost } from '../../src/host/capture/listen/send.ts'
import type { Host } from '../../src/host/host.ts'
import { interleave } from '../unit/host/capture/interleave.ts'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { ask, hosting } from '../unit/host/hosting.ts'

const { folder, open } = hosting()

const recorded = recordedRuns().find(({ id }) => id === 'run-067-filter-ids-flag')!

/** Runs whose bodies are files of their own, which can be damaged one by one. */
async function workspaceOf(runs: number): Promise<string> {
  const workspace = folder()
  const { journal } = await openJournal(join(workspace, 'capture'))
  const listener = await Listener.start(journal, { port: 0, limits: { memoryBytes: 1 } })
  for (let seed = 1; seed <= runs; seed++)
    for (const { target, body } of interleave({ seed, runs: [recorded], atOnce: 1 }).posts)
      await sendPost(parseSendTarget(`http://127.0.0.1:${listener.address.port}/default`), {
        meta: { at: 0, source: '', method: 'POST', target, headers: [] },
        body: Buffer.from(body)
      })
  await listener.stop()
  await closeJournal(journal)
  return workspace
}

const runsOf = async (host: Host) => {
  await host.capture.known()
  return (await ask(host, 'runs.list', { filter: { origin: ['captured'] } })).runs
}
const postsOf = async (host: Host, runId: string): Promise<string[]> =>
  (await ask(host, 'posts.list', { runId, limit: 1000 })).posts
    .map(({ id }) => id)
    .sort((a, b) => Number(a) - Number(b))

/** Takes away, or spoils, the body of a post. */
function damage(workspace: string, post: number, how: 'gone' | 'a folder' | 'of another length'): void {
  const bodies = join(workspace, 'capture', 'bodies')
  const file = join(bodies, readdirSync(bodies).sort((a, b) => Number.parseInt(a) - Number.parseInt(b))[post - 1]!)
  rmSync(file)
  if (how === 'a folder') writeFileSync(`${file}~`, '')
  if (how === 'of another length') writeFileSync(file, '{')
}

describe('a post that cannot be read', () => {
  it.each([1, 3, 6])('is named where its run is shown, and the others are shown (the %i. of the run)', async (nth) => {
    const workspace = await workspaceOf(2)
    const before = await open(workspace)
    const [run] = await runsOf(before)
    const posts = await postsOf(before, run!.id)
    const { steps } = unpackRun(await ask(before, 'runs.get', { runId: run!.id }))
    await before.close()
    const lost = posts[nth - 1]!
    damage(workspace, Number(lost), 'gone')

    const host = await open(workspace)
    const detail = unpackRun(await ask(host, 'runs.get', { runId: run!.id }))
    expect(detail.notes).toMatchObject([{ code: 'POST_UNREADABLE', text: expect.stringContaining(`Post ${lost} `) }])
    expect(detail.steps.length).toBe(nth === 1 || nth === posts.length ? steps.length : steps.length - 1)
    expect(detail.summary.outcome).toBe(run!.outcome)
    // What the node after the lost post was given is in that post.
    const [gap] = nth === 3 ? detail.steps.slice(1, 2) : []
    if (gap) expect(gap.derived).not.toContain('input')
    const { lines } = await ask(host, 'run.events', { runId: run!.id })
    expect(lines.filter((line) => line.includes('POST_UNREADABLE'))).toHaveLength(1)
    const found = await ask(host, 'run.search', { runId: run!.id, step: 2, which: 'output', query: 'Event', in: 'key' })
    expect(found.matches.length).toBeGreaterThan(0)

    for (const format of ['ndjson', 'json', 'workflow'] as const) {
      const exported = await ask(host, 'runs.export', { runId: run!.id, format })
      expect(exported.missing).toMatchObject([{ id: lost, why: expect.stringContaining('capture/bodies/') }])
      if (format === 'ndjson') expect(exported.text.trim().split('\n')).toHaveLength(posts.length - 1)
    }
    const list = await ask(host, 'posts.list', { runId: run!.id })
    expect(list.posts).toHaveLength(posts.length)
    await expect.poll(() => JSON.stringify(host.workspace.problems)).toContain(`Post ${lost} `)
    // The other run is whole.
    const [, other] = await runsOf(host)
    expect(unpackRun(await ask(host, 'runs.get', { runId: other!.id })).notes).toEqual([])
    expect((await ask(host, 'runs.export', { runId: other!.id })).missing).toEqual([])
  })

  it('keeps a run in order whose posts are all gone', async () => {
    const workspace = await workspaceOf(1)
    const before = await open(workspace)
    const [run] = await runsOf(before)
    await before.close()
    for (let post = run!.steps + 2; post >= 1; post--) damage(workspace, post, 'gone')
    const host = await open(workspace)
    const detail = unpackRun(await ask(host, 'runs.get', { runId: run!.id }))
    expect(detail.steps).toEqual([])
    expect(detail.notes.length).toBeGreaterThan(4)
    expect((await ask(host, 'runs.export', { runId: run!.id })).text).toBe('')
  })

  it('lets posts be listed whose record cannot be read', async () => {
    const workspace = await workspaceOf(2)
    const first = await open(workspace, { listen: true })
    await ask(first, 'storage.compact', {})
    const [run] = await runsOf(first)
    await first.close()
    const capture = join(workspace, 'capture')
    const name = readdirSync(capture).find((one) => one.endsWith('.cseg'))!
    // Its first line is there, so its numbers are known.
    writeFileSync(
      join(capture, name),
      '{"format":"retrace-capture-compact","version":1,"segment":1,"first":1,"last":14,"posts":14}\n'
    )
    const host = await open(workspace)
    const { posts } = await ask(host, 'posts.list', { runId: run!.id })
    expect(posts.map(({ reason }) => reason)).toEqual(posts.map(() => expect.stringContaining(name)))
    expect(posts.length).toBeGreaterThan(4)
    expect(unpackRun(await ask(host, 'runs.get', { runId: run!.id })).notes.length).toBeGreaterThan(4)
    expect((await ask(host, 'runs.export', { runId: run!.id })).missing).toHaveLength(posts.length)
    expect(JSON.stringify(host.workspace.problems)).toContain(name)
  })

  it('stays with its segment when others are removed, and the removal is told', async () => {
    const workspace = await workspaceOf(3)
    const first = await open(workspace, { listen: true })
    const [newest] = await runsOf(first)
    await ask(first, 'storage.compact', {})
    await first.close()
    const capture = join(workspace, 'capture')
    const file = join(
      capture,
      readdirSync(capture).find((one) => one.endsWith('.cseg'))!
    )
    const bytes = readFileSync(file)
    // In the middle of the bodies.
    bytes.fill(0, 300, 340)
    writeFileSync(file, bytes)
    for (const _ of ['now', 'after a restart']) {
      const host = await open(workspace)
      const runs = (await runsOf(host)).map(({ id }) => id)
      const rules = { maxAgeDays: null, maxRuns: 1, maxBytes: null }
      const removed = await ask(host, 'storage.remove', { rules, until: new Date(Date.now() + 1e9).toISOString() })
      expect(removed).toMatchObject({ runs: 0 })
      expect((await runsOf(host)).map(({ id }) => id)).toEqual(runs)
      expect(JSON.stringify(host.workspace.problems)).toMatch(/posts are not removed: they are in \d+\.cseg/)
      expect((await ask(host, 'runs.export', { runId: newest!.id })).missing.length).toBeGreaterThan(0)
      expect(readFileSync(file).equals(bytes)).toBe(true)
      await host.close()
    }
  })

  it('does not keep other runs from being compacted and removed', async () => {
    const workspace = await workspaceOf(3)
    const before = await open(workspace)
    const runs = await runsOf(before)
    const lost = (await postsOf(before, runs[1]!.id))[2]!
    await before.close()
    damage(workspace, Number(lost), 'of another length')
    const host = await open(workspace)
    await ask(host, 'storage.compact', {})
    const merged = await host.call('runs.merge', { runIds: [runs[0]!.id, runs[1]!.id] })
    expect(merged.ok).toBe(true)
    const rules = { maxAgeDays: null, maxRuns: 1, maxBytes: null }
    const removed = await host.call('storage.remove', { rules, until: new Date(Date.now() + 1e9).toISOString() })
    expect(removed).toMatchObject({ ok: true })
    expect(await ask(host, 'posts.list', {})).toMatchObject({ total: expect.any(Number) })
  })
})

it('an export of a run while it is removed is all of it or a coded error', async () => {
  const host = await open(await workspaceOf(3))
  const runs = await runsOf(host)
  let isOver = false
  const answers = new Set<string>()
  const exporting = runs.map(async ({ id }) => {
    while (!isOver) {
      // An answer that needs no file would keep the removal from its own.
      await breathe()
      const answer = await host.call('runs.export', { runId: id })
      if (!answer.ok) answers.add(answer.error.code)
      else {
        const { text, missing } = answer.data as { text: string; missing: readonly { why: string }[] }
        answers.add(`${text.trim().split('\n').length} posts ${missing.map(({ why }) => why).join()}`)
      }
    }
  })
  const rules = { maxAgeDays: null, maxRuns: 0, maxBytes: null }
  const until = new Date(Date.now() + 1e9).toISOString()
  const removed = await host.call('storage.remove', { rules, until })
  isOver = true
  await Promise.all(exporting)
  expect(removed).toMatchObject({ ok: true, data: { runs: 3 } })
  expect([...answers].sort()).toEqual(['7 posts ', 'RUN_NOT_FOUND'])
})
