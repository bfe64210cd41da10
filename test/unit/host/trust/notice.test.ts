import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Keeper } from '../../../../src/host/capture/journal/keeper.ts'
import type { CapturedRun } from '../../../../src/host/capture/derive/captured-run.ts'
import type { CaptureService } from '../../../../src/host/capture/service.ts'
import { Workspace } from '../../../../src/host/store/workspace.ts'
import { Trust } from '../../../../src/host/trust/trust.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()
const opened: Workspace[] = []
afterEach(async () => {
  for (const workspace of opened.splice(0)) await workspace.close()
})

const hour = 3600_000
const start = Date.parse('2024-10-21T08:00:00.000Z')
const rules = { maxAgeDays: null, maxRuns: 0, maxBytes: null }

/** Time that passes while Retrace runs: on the clock, and really. */
function turnedByHand() {
  const clock = {
    now: start,
    ran: 0,
    pass: (ms: number): void => {
      clock.now += ms
      clock.ran += ms
    }
  }
  return clock
}

/** A workspace whose clock is turned by hand, with one run that ended an hour before it starts. */
async function keeping(at: string, user: string) {
  const workspace = await Workspace.open(at)
  opened.push(workspace)
  const clock = turnedByHand()
  const trust = new Trust(workspace, user, () => clock.now)
  const run = {
    id: 'c-1',
    open: false,
    posts: [],
    bytes: 1,
    event: null,
    parent: null,
    outcome: 'success',
    confidence: 1,
    startedAt: start - hour,
    endedAt: start - hour
  }
  const runs = new Map([['c-1', run as unknown as CapturedRun]])
  const removed: string[] = []
  const service = {
    ...{ runs, dir: at, reader: { count: () => Promise.resolve(0) } },
    compact: () => Promise.resolve({ before: 0, after: 0, segments: 0 }),
    removeRuns: (ids: readonly string[]) => {
      removed.push(...ids)
      ids.forEach((id) => runs.delete(id))
      return Promise.resolve(0)
    }
  } as unknown as CaptureService
  const keeper = new Keeper(service, {
    ...{ workspace, trust, job: () => undefined, now: () => clock.now, monotonic: () => clock.ran },
    logMistake: (_context, error) => {
      throw error
    }
  })
  return { workspace, trust, keeper, clock, removed }
}

/** As somebody else leaves it: announced long ago, for all time. */
function plant(at: string, announced: object | null): void {
  const file = join(at, 'catalogue.json')
  const catalogue = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...catalogue, own: { retention: { rules, announced } } }))
}

const longAgo = { at: '2020-01-01T00:00:00.000Z', until: '2099-01-01T00:00:00.000Z' }

describe('the day of notice of retention', () => {
  it('passes after a person switched it on', async () => {
    const { keeper, clock, removed } = await keeping(folder(), folder())
    await keeper.setRules(rules)
    clock.pass(23 * hour)
    await keeper.tick()
    expect(removed).toEqual([])
    clock.pass(2 * hour)
    await keeper.tick()
    expect(removed).toEqual(['c-1'])
  })

  for (const [what, announced] of Object.entries({ 'an announcement of long ago': longAgo, 'no announcement': null })) {
    it(`never begins by itself for rules that came with ${what}, and passes from the yes on`, async () => {
      const [at, user] = [folder(), folder()]
      await (await Workspace.open(at)).close()
      plant(at, announced)
      const { keeper, trust, clock, removed } = await keeping(at, user)
      for (let day = 0; day < 5; day++, clock.pass(24 * hour)) await keeper.tick()
      expect([removed, (await keeper.info()).rules]).toEqual([[], null])
      const { items } = await trust.state()
      expect(items.map(({ key, kind }) => [key, kind])).toEqual([['retention', 'deletes']])
      await trust.decide(items, 'allowed')
      await keeper.tick()
      clock.pass(23 * hour)
      await keeper.tick()
      expect(removed).toEqual([])
      expect((await keeper.info()).next?.plan.runs).toBe(1)
      clock.pass(2 * hour)
      await keeper.tick()
      expect(removed).toEqual(['c-1'])
    })
  }

  it('is not shortened by a clock that is set forward, over restarts', async () => {
    const [at, user] = [folder(), folder()]
    const first = await keeping(at, user)
    await first.keeper.setRules(rules)
    first.clock.pass(10 * hour)
    await first.keeper.tick()
    first.clock.now += 48 * hour
    await first.keeper.tick()
    expect(first.removed).toEqual([])
    expect(Date.parse((await first.keeper.info()).next!.at)).toBe(first.clock.now + 14 * hour)
    await first.workspace.close()
    const { keeper, clock, removed } = await keeping(at, user)
    clock.now += 100 * hour
    clock.pass(13 * hour)
    await keeper.tick()
    expect(removed).toEqual([])
    clock.pass(hour)
    await keeper.tick()
    expect(removed).toEqual(['c-1'])
  })

  it('is not shortened by a clock that is set back and forward again', async () => {
    const { keeper, clock, removed } = await keeping(folder(), folder())
    await keeper.setRules(rules)
    clock.now -= 48 * hour
    await keeper.tick()
    clock.now += 72 * hour
    clock.pass(23 * hour)
    await keeper.tick()
    expect(removed).toEqual([])
  })

  it('cannot be shortened by an edit of the file', async () => {
    const [at, user] = [folder(), folder()]
    const mine = await keeping(at, user)
    await mine.keeper.setRules(rules)
    await mine.workspace.close()
    plant(at, longAgo)
    const { keeper, trust, clock, removed } = await keeping(at, user)
    clock.pass(48 * hour)
    await keeper.tick()
    expect(removed).toEqual([])
    expect((await trust.state()).items).toMatchObject([{ key: 'retention', state: 'waiting', reason: 'changed' }])
  })

  it('reaches only what had ended when it began', async () => {
    const [at, user] = [folder(), folder()]
    await (await Workspace.open(at)).close()
    plant(at, longAgo)
    const { keeper, trust, clock } = await keeping(at, user)
    await trust.decide((await trust.state()).items, 'allowed')
    const { next } = await keeper.info()
    expect(Date.parse(next?.at ?? '')).toBe(clock.now + 24 * hour)
    expect(next?.plan.newest).toBe(new Date(start - hour).toISOString())
  })
})
