// People's cases from the outside: what comes out of the command line, and with which status.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { builtWorker } from '../host/built-worker.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retraceIn } from './here.ts'

const cases = fileURLToPath(new URL('../../fixtures/cases', import.meta.url))
const folder = temporaryFolders()
beforeAll(() => void builtWorker())

const retrace = (...args: readonly string[]) => retraceIn({}, ...args)

const run = (name: string, ...more: readonly string[]) =>
  retrace('run', join(cases, name, 'workflow.json'), '--data', join(cases, name, 'event.json'), ...more)

describe('data that MISP would not hand over so', { timeout: 60_000 }, () => {
  it('runs an event of a feed with made up ids, and as it is with --raw', async () => {
    const { status, out } = await run('F01-feed-event-without-ids')
    expect(status).toBe(1)
    expect(out).toMatch(/tag-if .* yes/)
    expect(out).toContain('error     white')
    expect(out).toContain('the ids of 1 event, 1 attribute, 1 tag.')
    const raw = await run('F01-feed-event-without-ids', '--raw')
    expect(raw.status).toBe(2)
    expect(raw.out).toContain('nothing in it is made up')
  })

  it('reads an event without its key, and refuses an error of MISP’s API', async () => {
    expect((await run('F02-unwrapped-event')).out).toContain('The event was not published.')
    const refused = await run('F02-no-event-at-all')
    expect([refused.status, refused.out]).toEqual([3, ''])
    expect(refused.err).toMatch(/^error INPUT_OTHER_KIND: .*event\.json looks like an error of MISP’s API/)
  })

  it('finds the attribute of an object, and that of a sighting', async () => {
    const object = await run('F03-object-attribute-not-found')
    expect([object.status, object.out.includes('attribute_tags: row added')]).toEqual([0, true])
    const sighting = await run('F03-sighting-not-started')
    expect([sighting.status, sighting.out.includes('to_ids 1 → 0')]).toEqual([0, true])
  })

  it('runs a workflow as another trigger, which is offered where its own is unknown', async () => {
    // Its trigger tells which MISP it is of; asked for an older one, it is unknown there.
    expect(await run('F08-adhoc-trigger')).toMatchObject({
      status: 0,
      out: expect.stringContaining('Node 1 is adhoc_1')
    })
    const unknown = await run('F08-adhoc-trigger', '--profile', '2.5.1')
    expect(unknown.status).toBe(3)
    expect(unknown.err).toMatch(/TRIGGER_UNKNOWN: .*“adhoc_1” \(an ad-hoc workflow\).*2\.5\.19.*--as event-publish/)
    const as = await run('F08-adhoc-trigger', '--as', 'event-publish')
    expect(as.status).toBe(0)
    expect(as.out.split('\n')[0]).toContain('run as event-publish, instead of adhoc_1')
    expect((await run('F08-adhoc-trigger', '--as', 'nothing')).err).toContain('has no trigger “nothing”')
  })

  it('picks one of several events and workflows', async () => {
    const index = join(cases, 'F17-workflow-index/workflow.json')
    const event = join(cases, 'F01-feed-event-without-ids', 'event.json')
    const several = await retrace('run', index, '--data', event)
    expect([several.status, several.err.includes('holds 2 workflows; pick one')]).toEqual([3, true])
    for (const form of [[], ['--json']]) {
      const check = await retrace('check', index, ...form)
      expect([check.status, check.out]).toEqual([3, ''])
      expect(check.err).toContain('holds 2 workflows; pick one')
    }
    const list = join(folder(), 'list.json')
    writeFileSync(list, readFileSync(index))
    expect((await retrace('check', list)).err).toMatch(/With --format human all of them are checked\.\n?$/)
    // As a linter all of them are.
    expect((await retrace('check', index, '--format', 'human')).out).toContain('no problems in 2 workflows of 1 file')
    expect((await retrace('check', index, '--pick', '1')).out).toContain('no problems')
    const data = join(folder(), 'events.json')
    const events = [1, 2].map((id) => ({ id: String(id), info: `Event ${id}`, uuid: `u-${id}`, date: '2024-01-01' }))
    writeFileSync(data, JSON.stringify(events))
    const picked = await retrace('normalize', 'event-publish', '--data', data, '--index', 'u-2')
    expect(JSON.parse(picked.out)).toMatchObject({ Event: { id: '2', attribute_count: '0' } })
    expect(picked.err).toContain('assumed: MISP’s defaults were filled in for 1 event')
  })
})
