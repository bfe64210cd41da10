// The disk dies at each operation of an import, a compaction, a removal, a cancelled import, a correction, and of the start after it: then
// every post is in a run, listed as unassigned, or was removed on purpose, and the next start has nothing left to put right.
import { dieAfter, revive, type Death } from './dying-disk.ts'
import { cpSync, existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePostLine, type RawPost } from '../../src/host/capture/understand/ndjson.ts'
import { sendPost } from '../../src/host/capture/listen/send.ts'
import { CaptureService } from '../../src/host/capture/service.ts'
import { postsFile } from '../bench/ui-workloads.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { accountForPosts, allAccounted } from './account-for-posts.ts'
import { isLong, seeded } from './scale.ts'

const folder = temporaryFolders()
/** Operations come in another order now and then: a label names the last ones that were done. */
const next = seeded(11)
const made = postsFile(12)
  .split('\n')
  .map((line, i) => parsePostLine(line, 'posts.ndjson', i + 1))
const open = (at: string, problems: string[] = []): Promise<CaptureService> =>
  CaptureService.open(at, { segmentBytes: 3000, events: { problem: (message) => problems.push(message) } })
const copyOf = (from: string): string => {
  const to = folder()
  cpSync(from, to, { recursive: true })
  return to
}

interface Witness {
  /** Posts that were answered 200. */
  readonly acknowledged: string[]
  /** Posts that may go, all of them or none. */
  readonly mayGo: Set<number>
}
type Scenario = (service: CaptureService, witness: Witness) => Promise<unknown>

const template = mkdtempSync(join(tmpdir(), 'retrace-dying-'))
beforeAll(async () => {
  const service = await open(template)
  await service.importPosts(made)
  await service.compact()
  await service.close()
})
afterAll(() => rmSync(template, { recursive: true }))
const filled = (): string => copyOf(template)

const bodyOf = async (service: CaptureService, seq: number): Promise<string> =>
  (await service.reader.read(seq))!.body.toString()

/** Files of a folder that this process has open, where the system tells. */
function openIn(at: string): string[] {
  if (!existsSync('/proc/self/fd')) return []
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(at) ? [path.slice(at.length)] : []
    } catch {
      return []
    }
  })
}

/** Everything that is to be true after a start. */
async function check(at: string, witness: Witness, label: string): Promise<void> {
  const problems: string[] = []
  const late: RawPost = { ...made[0]!, body: Buffer.from('{"late":1}') }
  const acknowledged = [...witness.acknowledged]
  for (const start of ['first', 'second', 'third'] as const) {
    if (start === 'second') problems.length = 0
    const service = await open(at, problems)
    if (start === 'second') {
      await service.importPosts([late])
      acknowledged.push(late.body.toString())
    }
    const found = await accountForPosts(service)
    expect(found, `${label}, ${start} start`).toMatchObject(allAccounted)
    const numbers = [...(await service.reader.numbers())]
    const bodies = new Set(await Promise.all(numbers.map((seq) => bodyOf(service, seq))))
    for (const [i, post] of made.entries())
      if (!witness.mayGo.has(i + 1)) expect(bodies.has(post.body.toString()), `${label}: post ${i + 1}`).toBe(true)
    expect(
      witness.acknowledged.filter((body) => !bodies.has(body)),
      `${label}: acknowledged`
    ).toEqual([])
    const rest = numbers.filter((seq) => witness.mayGo.has(seq)).length
    expect([0, witness.mayGo.size], `${label}: of ${witness.mayGo.size} that may go`).toContain(rest)
    await service.close()
  }
  expect(problems, label).toEqual([])
  expect(openIn(at), `${label}: files left open`).toEqual([])
}

async function dieAt(k: number, scenario: Scenario, how: Death): Promise<number> {
  const at = filled()
  const witness: Witness = { acknowledged: [], mayGo: new Set() }
  const service = await open(at)
  dieAfter(k, how, at)
  await scenario(service, witness).catch(() => undefined)
  await service.close().catch(() => undefined)
  const { operations } = revive()
  await check(at, witness, `${how}, after ${operations.length} operations (${operations.slice(-2).join(', ')})`)
  return operations.length
}

/** Dies at every operation, in the short form at one of them. Answers how many there are. */
async function dieEverywhere(scenario: Scenario, how: Death): Promise<number> {
  const all = await dieAt(Number.MAX_SAFE_INTEGER, scenario, how)
  const step = isLong ? 1 : all
  for (let k = isLong ? 0 : Math.floor(next() * step); k < all; k += step) await dieAt(k, scenario, how)
  return all
}

const importBesideListener: Scenario = async (service, { acknowledged }) => {
  const listener = await service.listen({ port: 0 })
  const to = { host: '127.0.0.1', port: listener.address.port, path: '', authorization: null }
  async function* slowly(): AsyncGenerator<RawPost> {
    for (const [i, post] of made.slice(0, 8).entries()) {
      yield post
      const live: RawPost = { ...post, body: Buffer.from(`{"live":${i}}`) }
      if ((await sendPost(to, live)) === 200) acknowledged.push(live.body.toString())
      if (i % 3 === 0) await service.idle()
    }
  }
  await service.importPosts(slowly())
}

const remove: Scenario = async (service, { mayGo }) => {
  const going = [...service.runs.values()].filter((_, i) => i % 3 === 1)
  for (const run of going) for (const [seq] of run.posts) mayGo.add(seq)
  await service.removeRuns(going.map(({ id }) => id))
}

const cancelled: Scenario = async (service) => {
  let left = 6
  const check = (): void => {
    if (--left < 0) throw new Error('cancelled')
  }
  await service.importPosts(made, { check })
}

const correct: Scenario = async (service) => {
  const [first, second, third] = [...service.runs.keys()]
  await service.mergeRuns(second!, first!)
  await service.splitRun(third!, service.runs.get(third!)!.posts.at(-1)![0])
  await service.useGraphs(new Map())
  await service.undoCorrection()
}

const scenarios: Record<string, Scenario> = {
  'an import beside the listener': importBesideListener,
  'a compaction': (service) => service.compact(true),
  'a removal': remove,
  'a cancelled import': cancelled,
  corrections: correct,
  'all at once': (service, witness) =>
    Promise.allSettled([importBesideListener(service, witness), service.compact(true), remove(service, witness)])
}

describe.each(['before', 'half'] as const)('a disk that dies, last operation done: %s', (how) => {
  it.each(Object.entries(scenarios))(
    'loses no post in %s',
    async (_, scenario) => {
      const operations = await dieEverywhere(scenario, how)
      expect(operations).toBeGreaterThan(3)
    },
    600_000
  )
})

describe('a start after a death', () => {
  it.each(['a removal', 'a cancelled import', 'all at once'])(
    'may die as well, at any operation: %s',
    async (name) => {
      for (const first of isLong ? [9, 19, 29] : [19]) {
        const at = filled()
        const witness: Witness = { acknowledged: [], mayGo: new Set() }
        const service = await open(at)
        dieAfter(first, 'half', at)
        await scenarios[name]!(service, witness).catch(() => undefined)
        await service.close().catch(() => undefined)
        revive()
        for (let k = 0; ; k += isLong ? 1 : 12) {
          const again = copyOf(at)
          dieAfter(k, 'before', again)
          const second = await open(again).catch(() => null)
          await second?.close().catch(() => undefined)
          const { died, operations } = revive()
          await check(again, witness, `${first}, then after ${k} (${operations.at(-1)})`)
          if (!died) break
        }
      }
    },
    600_000
  )
})
