// A mistake of Retrace while it verifies is told as one: neither as a difference of MISP’s nor as nothing, and the other runs go on.
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '../../../src/contract/run.ts'
import type * as Verify from '../../../src/engine/replay/verify/verify.ts'
import { event, runAll, workflow } from '../engine/run/builders.ts'
import { ask, hosting } from './hosting.ts'

const { open } = hosting()

/** The runs of one event meet a mistake; the others are verified as ever. */
vi.mock('../../../src/engine/replay/verify/verify.ts', async (real) => {
  const verify = await real<typeof Verify>()
  return {
    ...verify,
    verifyRun: (input: Parameters<typeof verify.verifyRun>[0]) => {
      if (JSON.stringify(input.seen.normalized).includes('makes a mistake')) throw new TypeError('x is not a function')
      return verify.verifyRun(input)
    }
  }
})

const flow = workflow([{ id: 'published-if', to: [[3], []] }, { id: 'push-zmq' }])
const posts = (info: string): string =>
  runAll({ workflow: flow, data: { ...event, Event: { ...(event['Event'] as object), info } } })
    .flatMap((one: RunEvent) => {
      if (one.type !== 'post') return []
      const { path, query, body } = one.data.post
      const line = { at: '2024-10-21T12:00:00.000Z', source: '', method: 'POST', headers: {} }
      return [JSON.stringify({ ...line, target: `${path}?${query}`, body: JSON.stringify(body) })]
    })
    .join('\n')

describe('a mistake of Retrace in one of three runs', () => {
  it('is its first difference, of the kind fault; the others are verified, and it cannot be accepted', async () => {
    const host = await open()
    await ask(host, 'profiles.choose', { for: 'workspace', profile: '2.5.1' })
    await ask(host, 'workflows.save', { workflow: { Workflow: flow } })
    for (const info of ['one', 'makes a mistake', 'three'])
      await ask(host, 'capture.import', { name: `${info}.ndjson`, text: posts(info) })
    const reports = await ask(host, 'runs.verify', {})
    expect(reports.map(({ verdict, first }) => [verdict, first?.kind ?? null])).toEqual([
      ['equal', null],
      ['different', 'fault'],
      ['equal', null]
    ])
    const [, fault] = reports
    expect(fault).toMatchObject({
      missing: [],
      equal: 0,
      first: { step: null, nodeId: null, path: null, expected: null }
    })
    expect(fault?.first?.cause.text).toBe('Internal error: a bug in Retrace. retrace.log has where.')
    const { runs } = await ask(host, 'runs.list', {})
    expect(runs.map(({ verified }) => verified?.verdict).sort()).toEqual(['different', 'equal', 'equal'])
    const runId = fault?.runId ?? ''
    expect(await host.call('run.verify', { runId })).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
    const accepting = { for: { runId }, nodeId: null, kind: 'fault', path: null, reason: 'known', until: '2999-01-01' }
    expect(await host.call('verify.accept', accepting)).toMatchObject({ ok: false, error: { code: 'PARAMS_INVALID' } })
    expect(readFileSync(`${host.workspace.folder}/retrace.log`, 'utf8')).toContain('TypeError: x is not a function')
  })
})
