// Captured runs on the command line: exit statuses and shapes, command by command, in a workspace of their own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { connectHost } from '../../../src/host/holder/connect-host.ts'
import { start } from '../../attack/killed.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, guard } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace as here, retraceIn } from './here.ts'
import { retrace } from './retrace.ts'

const folder = temporaryFolders()
const examples = fileURLToPath(new URL('../../../examples', import.meta.url))

beforeAll(() => void builtWorker())

/** A folder with captured posts of a blocked run, and a workspace that has them. */
async function prepared(): Promise<string> {
  const root = folder()
  const write = (name: string, value: unknown) =>
    writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value))
  write('workflow.json', guard)
  write('event.json', eventOf(1, ['tlp:red']))
  write('garbage.ndjson', 'garbage\n')
  const unknown = {
    at: '2024-01-01T00:00:00.000Z',
    source: '',
    method: 'POST',
    target: '/what',
    headers: {},
    body: 'x'
  }
  write('unknown.ndjson', `${JSON.stringify(unknown)}\n`)
  await here(root, 'run', 'workflow.json', '--data', 'event.json', '--posts', 'posts.ndjson')
  await here(root, 'import', 'posts.ndjson', '--workspace', 'ws')
  return root
}

const imported =
  /^\{"runs":\[\{"id":"c-1","trigger":"event-publish","parent":null,"posts":\[1,2,3,4\],"confidence":0\.9/
const table: readonly (readonly [command: string, status: number, told: RegExp])[] = [
  ['import posts.ndjson --json', 0, imported],
  ['import posts.ndjson --graph workflow.json --json', 0, imported],
  ['import unknown.ndjson --json', 1, /^\{"runs":\[\],"unassigned":\[1\]\}$/],
  ['import garbage.ndjson', 3, /^error INPUT_NOT_JSON: .*line 1/],
  ['import gone.ndjson', 3, /^error FILE_NOT_FOUND/],
  ['import', 3, /^error COMMAND_INVALID/],
  [
    'runs --workspace ws --json',
    0,
    /^\[\{"id":"c-1","trigger":"event-publish","workflow":null,"outcome":"blocked","posts":4,"startedAt":"20[^"]+Z"/
  ],
  ['runs --workspace gone', 3, /^error FILE_NOT_FOUND: The workspace gone does not exist/],
  ['show c-1 --workspace ws', 0, /tag-if .*output_1 \(derived\)[\s\S]*stop-execution[\s\S]*outcome blocked/],
  ['show c-1 --workspace ws --step 1 --json', 0, /^\{"step":1,"nodeId":2,.*"input":\{"Event"/],
  ['show c-1 --workspace ws --json', 0, /^\{"runId":"c-1","seq":1,/],
  ['show c-1 --workspace ws --step 9', 3, /^error STEP_NOT_FOUND/],
  ['show c-9 --workspace ws', 3, /^error RUN_NOT_FOUND/],
  ['export c-1 --workspace ws', 0, /^\{\s+"format": "retrace-captured-run"/],
  ['export c-1 --workspace ws --posts', 0, /^\{"at":"20.*\/event-publish\/init/],
  ['export c-1 --workspace ws --workflow', 0, /^\{\s+"Workflow"/],
  ['export c-1 --workspace ws --out run.json', 0, /^run\.json$/],
  ['import run.json --json', 0, imported],
  ['export c-9 --workspace ws', 3, /^error RUN_NOT_FOUND/],
  ['send posts.ndjson', 3, /^error COMMAND_INVALID: --to is required/],
  ['send gone.ndjson --to http://127.0.0.1:1', 3, /^error FILE_NOT_FOUND/],
  ['send posts.ndjson --to http://127.0.0.1:1', 2, /no response #1[\s\S]*4 posts sent, 4 failed/],
  ['listen --host 0.0.0.0 --port 0 --workspace other', 3, /error COMMAND_INVALID: .*secret/],
  ['listen --port many', 3, /^error COMMAND_INVALID/],
  ['modules nope', 4, /^error MODULE_UNKNOWN/]
]

/** Windows has no signal that asks a program to end. */
const askedToEnd = it.skipIf(process.platform === 'win32')

describe('commands about captured runs', () => {
  it('print and exit as they are documented', async () => {
    const root = await prepared()
    for (const [command, status, told] of table) {
      const { status: got, out, err } = await here(root, ...command.split(' '))
      const text = `${err}${out}`.trimEnd()
      expect([command, got], text).toEqual([command, status])
      expect(text, command).toMatch(told)
    }
    expect(existsSync(join(root, 'gone'))).toBe(false)
  }, 120_000)

  it('take posts and workflows from standard input', async () => {
    const cwd = folder()
    const text = readFileSync(join(examples, 'posts.ndjson'), 'utf8')
    const ended = await retraceIn({ cwd, input: text }, 'import', '-')
    expect([ended.status, ended.err, ended.out]).toEqual([0, '', expect.stringContaining('2 runs, 0 posts unassigned')])
    const workflow = readFileSync(join(examples, 'workflow.json'), 'utf8')
    const saved = await retraceIn({ cwd, input: workflow }, 'import', '-', '--workspace', 'ws')
    expect([saved.status, saved.out]).toEqual([0, expect.stringMatching(/version 1\n$/)])
    const none = await retraceIn({ cwd, input: text }, 'send', '-', '--to', 'http://127.0.0.1:1')
    expect([none.status, none.out]).toEqual([2, '9 posts sent, 9 failed\n'])
    expect((await retraceIn({ cwd, input: 'no posts' }, 'import', '-')).err).toMatch(
      /^error INPUT_NOT_JSON: standard input is not a list of posts/
    )
  }, 60_000)

  askedToEnd(
    'send posts to a listener, which hides its secret, and stops cleanly',
    async () => {
      const root = await prepared()
      const listen = ['listen', '--port', '0', '--workspace', 'new', '--secret', 'hush-1']
      const listener = await start(listen, /^listening \S+$/, root)
      const url = listener.line.replace('listening ', '')
      expect((await here(root, 'send', 'posts.ndjson', '--to', url)).status).toBe(2)
      const sent = await here(root, 'send', 'posts.ndjson', '--to', `${url}/site/hush-1`)
      expect([sent.status, sent.out]).toEqual([0, expect.stringContaining('4 posts sent, 0 failed')])
      // Other processes look at the workspace and write to it through the one that has it.
      expect((await retrace(root, 'runs', '--workspace', 'new')).out).toMatch(/c-1 +blocked/)
      const second = await retrace(root, 'import', 'posts.ndjson', '--workspace', 'new')
      expect([second.status, second.err]).toEqual([0, ''])
      const third = await retrace(root, 'listen', '--port', '0', '--workspace', 'new')
      expect([third.status, third.err]).toEqual([3, expect.stringMatching(/^error WORKSPACE_READ_ONLY: .*process \d+/)])
      const { status, out, errors } = await listener.end()
      expect(status).toBe(0)
      expect(out).toContain('/site/••••••/event-publish/init')
      expect(errors).toMatch(
        /warning 1 workflow of this MISP had debug mode on when it posted since this start \(event-publish\)\. From now on nobody listens/
      )
      const shown = await here(root, 'export', 'c-1', '--posts', '--workspace', 'new')
      expect(shown.out).toContain('"target":"/site/••••••/event-publish/init?type=blocking"')
      expect((await here(root, 'export', 'c-1', '--posts', '--secrets', '--workspace', 'new')).out).toContain('hush-1')
      // Imported again, the posts make the same run.
      await here(root, 'export', 'c-1', '--posts', '--workspace', 'new', '--out', 'out.ndjson')
      expect(readFileSync(join(root, 'out.ndjson'), 'utf8').trim().split('\n')).toHaveLength(4)
      expect((await here(root, 'import', 'out.ndjson', '--json')).out).toMatch(imported)
    },
    60_000
  )

  askedToEnd(
    'ask each source of the workspace for its secret',
    async () => {
      const root = await prepared()
      const set = (sources: readonly object[]): void => {
        const file = join(root, 'ws', 'catalogue.json')
        const catalogue = JSON.parse(readFileSync(file, 'utf8')) as object
        Object.assign(catalogue, { own: { capture: { sources } } })
        writeFileSync(file, JSON.stringify(catalogue))
      }
      set([{ name: 'site', secret: 'hush-2' }])
      const listener = await start(['listen', '--port', '0', '--workspace', 'ws'], /^listening \S+$/, root)
      const url = listener.line.replace('listening ', '')
      const send = async (path: string): Promise<number> =>
        (await here(root, 'send', 'posts.ndjson', '--to', `${url}${path}`)).status
      expect([await send('/site'), await send('/site/hush-2'), await send('/other')]).toEqual([2, 0, 0])
      const host = await connectHost(join(root, 'ws'), { version: '0' })
      expect(host.isElsewhere).toBe(true)
      await host.ask('live.configure', {})
      await host.close()
      expect([await send('/site'), await send('/site/hush-2')]).toEqual([2, 0])
      expect((await listener.end()).status).toBe(0)
    },
    60_000
  )
})
