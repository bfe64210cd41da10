// Policies, live runs and custom modules on the command line.
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../../src/contract/json.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, workflowOf } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retraceIn } from './here.ts'

const folder = temporaryFolders()
const closing: (() => unknown)[] = []
beforeAll(() => void builtWorker())
afterEach(() => closing.splice(0).forEach((close) => close()))

const retrace = (args: readonly string[], cwd: string) => retraceIn({ cwd }, ...args)

const hook = (url: string): Json =>
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module: 'webhook', params: { url, content_type: 'json', request_method: 'post' } }
  })

/** A folder with the workflow, an event, and other files. */
function prepared(workflow: Json, others: Readonly<Record<string, Json>> = {}): string {
  const root = folder()
  for (const [name, value] of Object.entries({ workflow, event: eventOf(1), ...others })) {
    writeFileSync(join(root, `${name}.json`), JSON.stringify(value))
  }
  return root
}

const run = ['run', 'workflow.json', '--data', 'event.json']

describe('retrace run --effects', () => {
  it('lists whom a live run would contact and does nothing without --yes, then does it', async () => {
    let asked = 0
    const server = createServer((_request, response) => response.writeHead(++asked && 401).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    closing.push(() => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const root = prepared(hook(url))
    const plan = await retrace([...run, '--effects', 'live', '--allow', '127.0.0.1'], root)
    expect([plan.status, plan.out, asked]).toEqual([3, '', 0])
    expect(plan.err).toContain(`node 2 webhook: http ${url} with POST (once)\nerror LIVE_NOT_CONFIRMED`)
    const refused = await retrace([...run, '--effects', 'live', '--yes'], root)
    expect([refused.status, asked]).toEqual([0, 0])
    expect(refused.out).toContain('127.0.0.1 is this machine')
    const done = await retrace([...run, '--effects', 'webhook=live', '--yes', '--allow', '127.0.0.1'], root)
    expect(asked).toBe(1)
    expect(done.out).toContain('Authentication failed.')
    expect(done.out).toContain('Side effects of module webhook: live.')
    expect(done.out).not.toContain('nothing leaves this machine')
  })

  it('answers from mocks and from recordings', async () => {
    const url = 'http://hook.example.org/'
    const request = { kind: 'http', method: 'POST', url, headers: [], body: '' }
    const answers = [{ effect: request, answer: { status: 403, body: '' } }]
    const root = prepared(hook(url), { mock: { 2: { status: 500, body: 'down' } }, answers })
    expect((await retrace([...run, '--effects', 'mock', '--mock', 'mock.json'], root)).out).toContain(
      'Body returned: down'
    )
    const recorded = await retrace([...run, '--effects', 'recorded', '--answers', 'answers.json', '--json'], root)
    expect(recorded.out).toContain('"by":"recorded"')
    expect(recorded.out).toContain('Authentication failed.')
    const wrong = await retrace([...run, '--effects', 'really'], root)
    expect([wrong.status, wrong.err]).toEqual([
      3,
      'error COMMAND_INVALID: --effects takes record, mock, recorded, live, not “really”.\n'
    ])
  })
})

describe('custom modules on the command line', () => {
  it('are written, run with --modules, and named with file and line when they are wrong', async () => {
    const root = prepared(
      workflowOf({
        1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
        2: { type: 'action', module: 'our-own', params: { text: 'seen' } }
      })
    )
    const made = await retrace(['new', 'module', 'our-own'], root)
    expect([made.status, made.out]).toEqual([0, 'our-own.ts\nretrace-module.d.ts\n'])
    expect((await retrace([...run, '--modules', '.'], root)).out).toContain('seen: sample event')
    const file = join(root, 'our-own.ts')
    writeFileSync(file, readFileSync(file, 'utf8').replace("kind: 'action'", "kind: 'neither'"))
    const wrong = await retrace([...run, '--modules', '.'], root)
    expect([wrong.status, wrong.err]).toEqual([
      3,
      'error MODULE_FILE_INVALID: our-own.ts:5: TypeError: `kind` is "action" or "logic"\n'
    ])
  })
})
