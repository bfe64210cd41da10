import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TrustState } from '../../../src/contract/trust.ts'
import { builtWorker } from '../host/built-worker.ts'
import { ask, hosting } from '../host/hosting.ts'
import { retraceIn } from './here.ts'

const { folder, open } = hosting()
beforeAll(() => void builtWorker())

const retrace = (args: readonly string[], user: string) => retraceIn({ env: { RETRACE_USER_FOLDER: user } }, ...args)

function hostile(): string {
  const at = folder()
  const settings = { capture: { forward: 'http://user:pass@203.0.113.9/' }, 'MISP.host_org_id': 1, surprise: true }
  const createdAt = '2024-10-21T08:00:00.000Z'
  writeFileSync(join(at, 'catalogue.json'), JSON.stringify({ version: 1, name: 'w', createdAt, settings }))
  mkdirSync(join(at, 'modules'))
  writeFileSync(join(at, 'modules', 'own.js'), 'export default defineModule({})')
  return at
}

describe('retrace trust', () => {
  it('lists what is off and why, and allows it with --yes', async () => {
    const [at, user] = [hostile(), folder()]
    const listed = await retrace(['trust', at], user)
    expect(listed).toMatchObject({ status: 0 })
    expect(listed.err).toContain('"surprise"')
    expect(listed.out.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^off +sends +Forward every post to http:\/\/\S*203\.0\.113\.9\/\. \(not set here\)$/),
      expect.stringMatching(/^off +runs +Run the code of modules\/own\.js in workflows that use it\. \(not set here\)$/)
    ])
    expect(listed.out).not.toContain('pass@')
    const stateOf = async (...more: string[]) => {
      const { status, out } = await retrace(['trust', at, '--json', ...more], user)
      const { items, waiting } = JSON.parse(out) as TrustState
      return [status, items.map(({ key, state }) => `${key} ${state}`), waiting]
    }
    expect(await stateOf()).toEqual([0, ['forward waiting', 'module:own.js waiting'], 1])
    expect(await stateOf('--yes')).toEqual([0, ['forward allowed', 'module:own.js allowed'], 0])
    expect(await stateOf()).toEqual([0, ['forward allowed', 'module:own.js allowed'], 0])
    writeFileSync(join(at, 'modules', 'own.js'), 'export default defineModule({ })')
    expect(await stateOf()).toEqual([0, ['forward allowed', 'module:own.js waiting'], 1])
    expect(readFileSync(join(at, 'catalogue.json'), 'utf8')).toContain('surprise')
  })

  it('works through the process that has the workspace open: what is allowed holds there at once', async () => {
    const [at, user] = [hostile(), folder()]
    const host = await open(at, { userFolder: user })
    const kinds = async () => (await ask(host, 'trust.list', {})).items.map(({ key, state }) => `${key} ${state}`)
    const told: TrustState[] = []
    host.listen(({ name, data }) => void (name === 'trust.changed' && told.push(data)))
    expect(await kinds()).toEqual(['forward waiting', 'module:own.js waiting'])
    expect((await retrace(['trust', at], user)).out).toMatch(/^off +sends /)
    expect(await ask(host, 'capture.settings', {})).toMatchObject({ forward: null })
    // Of another user folder: the holder's counts, for it is the one that sends.
    const { status, err } = await retrace(['trust', at, '--yes'], folder())
    expect([status, err]).toEqual([0, expect.not.stringContaining('restarted')])
    expect(await kinds()).toEqual(['forward allowed', 'module:own.js allowed'])
    expect(await ask(host, 'capture.settings', {})).toMatchObject({ forward: 'http://user:pass@203.0.113.9/' })
    expect(told.at(-1)).toMatchObject({ waiting: 0 })
  })

  it('says so where there is no workspace, and where nothing is to allow', async () => {
    const [empty, user] = [folder(), folder()]
    const none = await retrace(['trust', empty], user)
    expect([none.status, none.err]).toEqual([3, expect.stringMatching(/^error WORKSPACE_NOT_FOUND/)])
    await retrace(['new', 'workspace', join(empty, 'w')], user)
    const fine = await retrace(['trust', join(empty, 'w')], user)
    expect([fine.status, fine.out]).toEqual([0, expect.stringMatching(/^Nothing in this workspace/)])
  })
})

describe('settings files on the command line', () => {
  it('hold settings of MISP; others are told and left out', async () => {
    const [at, user] = [folder(), folder()]
    const nodes = {
      1: { id: 1, data: { id: 'event-publish', name: 't', module_type: 'trigger' }, outputs: {}, inputs: {} }
    }
    const put = (name: string, value: unknown): string => {
      writeFileSync(join(at, name), JSON.stringify(value))
      return join(at, name)
    }
    const live = { http: { allow: ['127.0.0.1'] } }
    const given = ['--settings', put('settings.json', { live, capture: {}, 'MISP.host_org_id': 1 })]
    const { err } = await retrace(['check', put('w.json', nodes), ...given], user)
    expect(err).toMatch(/note .*settings\.json: not MISP settings, ignored: "live", "capture"/)
  })
})
