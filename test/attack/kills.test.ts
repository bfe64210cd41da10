// kill -9 at random moments: of the listener under posts, of the app under posts and operations, and of the app while it imports, compacts,
// removes and exports at once. What was answered 200 is in a run or listed without one afterwards, once, or was removed on purpose.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CaptureService } from '../../src/host/capture/service.ts'
import { Workspace } from '../../src/host/store/workspace.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { request, talk } from '../unit/host/capture/raw-client.ts'
import { accountForPosts, allAccounted } from './account-for-posts.ts'
import { start, startApp, type App } from './killed.ts'
import { isLong, repeat, seeded } from './scale.ts'

const folders: string[] = []
const folder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'retrace-')))
  return folders.at(-1)!
}
// Not after each: they run side by side.
afterAll(() => folders.forEach((one) => rmSync(one, { recursive: true, force: true })), 120_000)
const kills = Number(process.env.RETRACE_KILLS ?? repeat(2, 100))
const limit = 1_200_000
const seed = Number(process.env.RETRACE_SEED ?? 5)

beforeAll(() => void builtWorker(), 120_000)

const source = { node_id: '', module_id: '', filters: '', parameters: '' }
/** The posts of a run: `n` makes their bodies like no others. */
function postsOfRun(n: number, at: Date, pad = ''): { readonly target: string; readonly body: string }[] {
  const timestamp = at.toISOString()
  const uuid = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const data = { Event: { id: String(n), uuid, info: `event ${n}`, pad } }
  const end = { blocking_nodes: [], executed_nodes: [], blocked_paths: [] }
  return [
    { target: '/event-publish/init?type=blocking', data: { original: data, normalized: data } },
    { target: '/event-publish/end?outcome=success', data: end }
  ].map(({ target, ...rest }) => ({ target, body: JSON.stringify({ n, source, timestamp, ...rest }) }))
}

/** Short enough to remember thousands: `{"n":17,…` and the hash. */
const keyOf = (body: string): string => `${body.slice(0, 10)} ${createHash('sha256').update(body).digest('base64')}`

/** Posts runs one after the other until the listener goes. `most`: more would be left for the next start than it groups in its life. */
async function sendUntilGone(
  port: number,
  next: () => number,
  fresh: () => number,
  kept: Set<string>,
  most = Number.POSITIVE_INFINITY
): Promise<void> {
  for (let run = 0; run < most; run++) {
    for (const { target, body } of postsOfRun(fresh(), new Date(), 'x'.repeat(Math.floor(next() ** 8 * 300_000)))) {
      const { status } = await talk(port, request(target, body))
      if (status !== 200) return
      kept.add(keyOf(body))
    }
  }
}

/** Everything that is to be true in the end. `old`: bodies that may have been removed, runs as a whole. */
async function check(workspace: string, kept: ReadonlySet<string>, old: ReadonlyMap<number, readonly string[]>) {
  const problems: string[] = []
  const service = await CaptureService.open(workspace, { events: { problem: (message) => problems.push(message) } })
  try {
    expect(await accountForPosts(service), `seed ${seed}`).toMatchObject(allAccounted)
    const found = new Map<string, number>()
    for (const seq of await service.reader.numbers()) {
      const key = keyOf((await service.reader.read(seq))!.body.toString())
      found.set(key, (found.get(key) ?? 0) + 1)
    }
    expect(
      [...kept].filter((key) => found.get(key) !== 1),
      `seed ${seed}`
    ).toEqual([])
    const halves = [...old].filter(([, bodies]) => new Set(bodies.map((body) => found.get(body) ?? 0)).size > 1)
    expect(halves, `seed ${seed}: runs that were removed in part`).toEqual([])
    // What a start has to put right is a mistake of ours: no kill may lead to it.
    expect(problems.filter(isMistake)).toEqual([])
    return { stored: found.size, ...(await service.accounts()) }
  } finally {
    await service.close()
  }
}

const isMistake = (message: string): boolean => /in no run|in two runs|is missing|damaged|cannot be read/.test(message)

async function workspaceWithFreePort(): Promise<string> {
  const at = folder()
  const workspace = await Workspace.open(at)
  await workspace.saveOwn({ capture: { port: 0 } })
  await workspace.close()
  return at
}

async function portOf(app: App): Promise<number> {
  const status = (await app.call('capture.status')) as { url: string | null }
  return Number(new URL(status.url!).port)
}

async function expectNoMistake(app: App): Promise<void> {
  const info = (await app.call('workspace.info')) as { problems: { message: string }[] } | null
  expect(info?.problems.map(({ message }) => message).filter(isMistake) ?? []).toEqual([])
}

/** Says when so many operations were answered: on a busy machine a kill after some time would always come before them. */
class Answers {
  private count = 0
  private waiting: { readonly count: number; readonly resolve: () => void } | null = null

  add(): void {
    if (++this.count >= (this.waiting?.count ?? Infinity)) this.waiting?.resolve()
  }

  reach(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = { count, resolve }
      if (this.count >= count) resolve()
    })
  }
}

/** Operations one after the other until the app is gone. Refusals are fine, mistakes are not. */
async function operateUntilGone(
  app: App,
  answers: Answers,
  operations: readonly (() => Promise<unknown>)[]
): Promise<void> {
  for (let i = 0; ; i++) {
    const answer = await operations[i % operations.length]!().catch((error: unknown) => {
      if (/INTERNAL|no answer/.test(String(error))) throw error
      return 'refused'
    })
    if (answer === null) return
    answers.add()
  }
}

// Each waits for its own process most of the time.
describe.concurrent('kill -9', () => {
  // In the short form listener-kills.test.ts does nearly the same.
  it.runIf(isLong)(`of the listener under posts, ${kills} times`, { timeout: limit }, async () => {
    const next = seeded(seed)
    const workspace = folder()
    const kept = new Set<string>()
    let number = 0
    for (let kill = 0; kill < kills; kill++) {
      const listener = await start(['listen', '--port', '0', '--workspace', workspace], /^listening /)
      const port = Number(/:(\d+)$/.exec(listener.line)![1])
      const before = kept.size
      const senders = Array.from({ length: 4 }, () => sendUntilGone(port, next, () => ++number, kept))
      await pause(next() * 150)
      // A slow machine has not answered one by then; every fourth time it is killed all the same.
      while (kill % 4 !== 3 && kept.size === before) await pause(1)
      await listener.kill()
      await Promise.all(senders)
    }
    expect(kept.size).toBeGreaterThanOrEqual(kills * 0.75)
    console.log(
      `${kills} kills, ${kept.size} posts acknowledged:`,
      JSON.stringify(await check(workspace, kept, new Map()))
    )
  })

  it(`of the app under posts and operations, ${kills} times`, { timeout: limit }, async () => {
    const next = seeded(seed + 1)
    const workspace = await workspaceWithFreePort()
    const kept = new Set<string>()
    let number = 0
    for (let kill = 0; kill < kills; kill++) {
      const app = await startApp(workspace)
      await expectNoMistake(app)
      const port = await portOf(app)
      const answers = new Answers()
      const senders = Array.from({ length: 3 }, () => sendUntilGone(port, next, () => ++number, kept, 12))
      const list = async (): Promise<string[]> => {
        const answer = (await app.call('runs.list', { limit: 50 })) as { runs: { id: string }[] } | null
        return answer?.runs.map(({ id }) => id) ?? []
      }
      const operating = operateUntilGone(app, answers, [
        () => app.call('posts.list', { limit: 20 }),
        async () => app.call('runs.merge', { runIds: (await list()).slice(0, 2) }),
        () => app.call('storage.compact'),
        async () => app.call('runs.export', { runId: (await list()).at(-1) ?? 'none' })
      ])
      // What fails shows at once.
      await Promise.race([answers.reach(Math.floor(next() * 8)), operating])
      await pause(next() * 100)
      await app.kill()
      await Promise.all([...senders, operating])
    }
    expect(kept.size).toBeGreaterThan(kills)
    console.log(
      `${kills} kills, ${kept.size} posts acknowledged:`,
      JSON.stringify(await check(workspace, kept, new Map()))
    )
  })

  it(`of the app that imports, compacts, removes and exports at once, ${kills} times`, { timeout: limit }, async () => {
    const next = seeded(seed + 2)
    const workspace = await workspaceWithFreePort()
    const kept = new Set<string>()
    const old = new Map<number, readonly string[]>()
    let number = 0
    /** Posts of long ago may be removed, those of today are to stay. */
    const lines = (count: number, at: Date): { readonly text: string; readonly runs: Map<number, string[]> } => {
      const runs = Array.from({ length: count }, () => ({ n: ++number, posts: postsOfRun(number, at) }))
      const line = ({ target, body }: (typeof runs)[0]['posts'][0]): string =>
        JSON.stringify({ at: at.toISOString(), source: 'default', method: 'POST', target, headers: {}, body })
      return {
        text: runs.flatMap(({ posts }) => posts.map(line)).join('\n'),
        runs: new Map(runs.map(({ n, posts }) => [n, posts.map(({ body }) => keyOf(body))]))
      }
    }
    const rules = { maxAgeDays: 365, maxRuns: null, maxBytes: null }
    for (let kill = 0; kill < kills; kill++) {
      const app = await startApp(workspace)
      await expectNoMistake(app)
      const port = await portOf(app)
      const answers = new Answers()
      const imports = [
        async () => {
          const { text, runs } = lines(20 + Math.floor(next() * 60), new Date())
          const answer = await app.call('capture.import', { name: 'new.ndjson', text })
          if (answer !== null) for (const key of [...runs.values()].flat()) kept.add(key)
          return answer
        },
        async () => {
          const { text, runs } = lines(40, new Date(Date.UTC(2020, 1)))
          const answer = await app.call('capture.import', { name: 'old.ndjson', text })
          // Of an import that was cut off, a run may be there by half.
          if (answer !== null) for (const [n, keys] of runs) old.set(n, keys)
          return answer
        }
      ]
      const remove = (): Promise<unknown> => app.call('storage.remove', { rules, until: new Date().toISOString() })
      // Else a kill would always come before there is anything to remove, and before a removal's end.
      if (kill % 2 === 1) await imports[1]!()
      const removing = kill % 2 === 1 ? operateUntilGone(app, answers, [remove]) : null
      if (kill % 6 === 1) await answers.reach(1)
      const importing = operateUntilGone(app, answers, imports)
      const others = [
        operateUntilGone(app, answers, [() => app.call('storage.compact')]),
        removing ?? operateUntilGone(app, answers, [remove]),
        operateUntilGone(app, new Answers(), [
          async () => {
            const list = (await app.call('runs.list', { limit: 20 })) as { runs: { id: string }[] } | null
            return list === null ? null : app.call('runs.export', { runId: list.runs.at(-1)?.id ?? 'none' })
          }
        ]),
        sendUntilGone(port, next, () => ++number, kept, 12)
      ]
      await Promise.race([answers.reach(Math.floor(next() * 7)), importing, ...others])
      await pause(next() * 200)
      await app.kill()
      await Promise.all([importing, ...others])
    }
    expect(kept.size).toBeGreaterThan(kills)
    const figures = await check(workspace, kept, old)
    console.log(`${kills} kills, ${kept.size} posts acknowledged:`, JSON.stringify(figures))
    if (kills > 10) expect(figures.removed).toBeGreaterThan(0)
    if (figures.removed > 0) expect(readFileSync(`${workspace}/capture/removed.ndjson`, 'utf8')).toContain('"done"')
  })
})
