// Commands without a workspace recognise the version of MISP by what they are given, and say so.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { eventOf, workflowOf } from '../host/samples.ts'
import { retrace } from './here.ts'

const folder = mkdtempSync(join(tmpdir(), 'retrace-recognised-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value))
const run = (...args: readonly string[]) => retrace(folder, ...args)

file('event.json', eventOf(1))
file('params.json', {})
file(
  'newer.json',
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'logic', module: 'filter-tag', params: { 'filtering-label': 'A' } }
  })
)
file(
  'plain.json',
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module: 'push-zmq' }
  })
)
const because = 'MISP 2.5-newest was recognised: Node 2 is filter-tag, which only MISP 2.5-newest and 2.5.19 have.'

describe('commands without a workspace', { timeout: 60_000 }, () => {
  it('run and check a workflow as the MISP that its nodes point to, and say what said so', async () => {
    const { out, status } = await run('run', 'newer.json', '--data', 'event.json')
    expect(status).toBe(0)
    expect(out).toContain('MISP 2.5-newest')
    expect(out).toContain(because)
    const checked = await run('check', 'newer.json', '--json')
    expect(checked.err).toContain(`note ${because}`)
    expect(JSON.parse(checked.out)).toEqual({ errors: [], warnings: [] })
    // Among others it is said of which.
    expect((await run('check', 'plain.json', 'newer.json')).err).toBe(
      `note ${because.replace(':', ' in newer.json:')}\n`
    )
  })

  it('stay on 2.5.1 where nothing speaks against it, and go by --profile first', async () => {
    const plain = await run('run', 'plain.json', '--data', 'event.json')
    expect(plain.out).toContain('· MISP 2.5.1')
    expect(plain.out).not.toContain('recognised')
    const asked = await run('run', 'newer.json', '--data', 'event.json', '--profile', '2.5.1')
    expect(asked.out).toContain('· MISP 2.5.1')
    expect(asked.out).not.toContain('recognised')
    expect((await run('modules', 'filter-tag', '--profile', '2.5.1')).status).toBe(4)
  })

  it('recognise a module and a trigger that 2.5.1 does not have', async () => {
    const shown = await run('modules', 'filter-tag')
    expect(shown.err).toContain('The module is filter-tag, which only MISP 2.5-newest and 2.5.19 have.')
    const toast = await run('module', 'notify-user-toast', '--params', 'params.json', '--data', 'event.json')
    expect(toast.err).toContain('MISP 2.5-newest was recognised: The module is notify-user-toast')
    const given = await run('normalize', 'event-before-delete', '--data', 'event.json')
    expect(given.status).toBe(0)
    expect(given.err).toContain('The trigger is event-before-delete, which only MISP 2.5-newest has.')
    const as = await run('run', 'plain.json', '--data', 'event.json', '--as', 'event-before-delete')
    expect(as.out.replace(/\s+/g, ' ')).toContain(
      'The trigger that it is run as is event-before-delete, which only MISP 2.5-newest has.'
    )
  })
})

describe('retrace upgrade', { timeout: 60_000 }, () => {
  it('says which profile stands for a version that has none of its own', async () => {
    const { err, out, status } = await run('upgrade', '--from', '2.4.205', '--to', '2.5.30', 'plain.json')
    expect(status).toBe(0)
    expect(err).toContain('note MISP 2.4.205 has no profile of its own; the nearest one, 2.5.19, is used.')
    expect(err).toContain('note MISP 2.5.30 has no profile of its own; the nearest one, 2.5-newest, is used.')
    expect(out).toContain('MISP 2.5.19 → 2.5-newest')
  })
})

describe('retrace modules', { timeout: 60_000 }, () => {
  it('takes a workspace: its version, and the modules of its service', async () => {
    expect((await run('profile', '2.5.19', '--workspace', 'own')).status).toBe(0)
    const listed = await run('modules', '--workspace', 'own', '--json')
    const ids = (JSON.parse(listed.out) as readonly { readonly id: string }[]).map(({ id }) => id)
    expect(ids).toContain('filter-tag')
    expect(ids).not.toContain('filter-timestamp')
    expect(ids).toContain('mattermost')
    const newest = await run('modules', 'filter-timestamp', '--workspace', 'own', '--profile', '2.5-newest')
    expect(newest.status).toBe(0)
    const unknown = await run('modules', 'filter-timestamp', '--workspace', 'own')
    expect(unknown).toMatchObject({ status: 4, err: expect.stringContaining('MISP 2.5.19 has no module') })
  })
})
