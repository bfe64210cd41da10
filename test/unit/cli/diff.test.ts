// `retrace diff`: what it prints, and how it ends.
import { describe, expect, it } from 'vitest'
import { findCommand } from '../../../src/cli/commands.ts'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { ask, finished, hosting } from '../host/hosting.ts'
import { eventOf, guard } from '../host/samples.ts'

const { open, folder } = hosting()

async function diff(workspace: string, ...args: readonly string[]) {
  const lines: string[] = []
  const entry = findCommand('diff')!
  const print = (line: string): void => void lines.push(line)
  const context = { usage: entry.usage, version: '0', root: '.', color: false, print, complain: print }
  const command = await entry.load()
  const status = await command({ ...context, args: [...args, '--workspace', workspace] })
  return { status, text: lines.join('\n') }
}

async function workspaceWith(events: readonly JsonMap[]): Promise<readonly [folder: string, ...ids: string[]]> {
  const workspace = folder()
  const host = await open(workspace, { listen: false })
  const ids: string[] = []
  for (const json of events) {
    const { runId } = await ask(host, 'run.start', { workflow: { json: guard as Json }, data: { json } })
    await finished(host, runId)
    ids.push(runId)
  }
  await host.close()
  return [workspace, ...ids]
}

const [red, green] = [eventOf(2, ['tlp:red']), eventOf(2, ['tlp:green'])]

describe('retrace diff', () => {
  it('ends with 0 where nothing differs, with 1 where something does', async () => {
    const [workspace, a = '', b = '', c = ''] = await workspaceWith([red, red, green])
    expect(await diff(workspace, a, b)).toMatchObject({ status: 0, text: expect.stringMatching(/^Nothing differs/) })
    const { status, text } = await diff(workspace, a, c)
    expect(status).toBe(1)
    expect(text).toMatch(/^A was blocked, B succeeded\. IF :: Tag \(node 2\) was true in A, because/)
    expect(text).toMatch(/^~ +1 +1 {2}input differs +node 2 tag-if$/m)
    expect(text).toMatch(/^- +2 +– {2}only a +node 3 stop-execution\n\+ +– +2 {2}only b +node 4 push-zmq$/m)
  })

  it('prints one object with --json', async () => {
    const [workspace, a = '', b = ''] = await workspaceWith([red, green])
    const { status, text } = await diff(workspace, a, b, '--json')
    expect(status).toBe(1)
    const told = JSON.parse(text) as JsonMap
    expect(told).toMatchObject({
      outcomes: ['blocked', 'success'],
      start: [{ in: 'input', path: 'Event.Tag.0.name', op: 'changed', before: 'tlp:red', after: 'tlp:green' }]
    })
    expect((told['summary'] as Json[]).length).toBeLessThanOrEqual(5)
    expect(told['steps']).toMatchObject([
      { ...{ state: 'different', a: 1, b: 1, nodeId: 2, job: null, visit: 1, cause: 'before' } },
      { ...{ state: 'only a', a: 2, b: null, nodeId: 3, job: null, visit: 1, differences: [] } },
      { ...{ state: 'only b', a: null, b: 2, nodeId: 4, job: null, visit: 1, differences: [] } }
    ])
  })

  it('refuses a run that is not there, and a missing second one', async () => {
    const [workspace, a = ''] = await workspaceWith([red])
    await expect(diff(workspace, a, 'nope')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' })
    await expect(diff(workspace, a)).rejects.toMatchObject({ code: 'COMMAND_INVALID' })
  })
})
