// What is run in a terminal and kept in a workspace: the same alone as through the app that holds the workspace, and under the app's rules.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runsCommand } from '../../../src/cli/capture-runs.ts'
import { showCommand } from '../../../src/cli/capture-show.ts'
import { checkCommand } from '../../../src/cli/check.ts'
import type { Command } from '../../../src/cli/context.ts'
import { moduleCommand } from '../../../src/cli/module.ts'
import { normalizeCommand } from '../../../src/cli/normalize.ts'
import { runCommand } from '../../../src/cli/run.ts'
import type { RunEvent } from '../../../src/contract/run.ts'
import { connectHost } from '../../../src/host/holder/connect-host.ts'
import { ask, hosting, peer } from '../host/hosting.ts'
import { eventOf, guard, tagThen, workflowOf } from '../host/samples.ts'

const { folder, open, later } = hosting()
const commands: Readonly<Record<string, Command>> = {
  run: runCommand,
  module: moduleCommand,
  check: checkCommand,
  normalize: normalizeCommand,
  runs: runsCommand,
  show: showCommand
}

interface Ended {
  readonly status: number | string
  readonly out: string
  readonly err: string
}

async function retrace(line: string, root: string): Promise<Ended> {
  const [name = '', ...args] = line.replaceAll('@', root).split(' ')
  const [out, err]: [string[], string[]] = [[], []]
  const context = {
    ...{ args, root: '.', version: '0', usage: name, color: false },
    print: (text: string) => void out.push(text),
    complain: (text: string) => void err.push(text)
  }
  const status = await commands[name]!(context).catch((error: { code?: string; message: string }) => {
    err.push(error.message)
    return error.code ?? 'no code'
  })
  return { status, out: out.join('\n'), err: err.join('\n') }
}

/** Ids and times differ from run to run. */
const settled = ({ status, out, err }: Ended): Ended => {
  const same = (text: string): string =>
    text
      .replace(/\b\d{8}-\d{6}-[0-9a-f]{8}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}\b/g, 'ID')
      .replace(/"(at|ms|takes|startedAt)":\s*("[^"]*"|[\d.e-]+)/g, '"$1":0')
      .replace(/\s+[\d.]+ ms/g, ' 0 ms')
      .replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
  return { status, out: same(out), err: same(err) }
}

const firing = tagThen('tlp:red', 'webhook', {
  url: 'http://hook.example/?key=hush-hush',
  headers: 'Authorization: hush-hush'
})

/** What the tag fires. */
const fired = workflowOf(
  {
    1: { type: 'trigger', module: 'event-after-save', to: { output_1: [2] } },
    2: { type: 'action', module: 'push-zmq', params: { data_extraction_path: 'Event.info' } }
  },
  'fired'
)

/** A folder with files and, in `ws`, a workspace that has a workflow and data of its own. */
async function prepared(): Promise<string> {
  const root = folder()
  const put = (name: string, value: unknown): void => writeFileSync(join(root, name), JSON.stringify(value))
  put('guard.json', guard)
  put('firing.json', firing)
  put('red.json', eventOf(2, ['tlp:red']))
  put('quiet.json', { response: [eventOf(1), eventOf(3)] })
  put('params.json', { scope: 'event', condition: 'in_or', tags: ['tlp:red'], clusters: [] })
  mkdirSync(join(root, 'world'))
  put('world/tags.json', [{ Tag: { id: '1', name: 'tlp:red', colour: '#f00' } }])
  const host = await open(join(root, 'ws'))
  await ask(host, 'workflows.save', { text: JSON.stringify(guard), workflowId: 'g-1' })
  await ask(host, 'workflows.save', { text: JSON.stringify(fired), workflowId: 'f-1' })
  await ask(host, 'data.import', { name: 'a red event', text: JSON.stringify(eventOf(1, ['tlp:red'])) })
  await host.close()
  return root
}

const lines = [
  'run @/guard.json --data @/red.json --keep --workspace @/ws --now 2024-10-21T12:00:00Z',
  'run @/guard.json --data @/red.json --keep --workspace @/ws --json --posts @/posts.ndjson --now 2024-10-21T12:00:00Z',
  'run @/firing.json --data @/quiet.json --index 1 --keep --workspace @/ws --cascade 2 --world @/world --json --now 2024-10-21T12:00:00Z',
  'run @/firing.json --data @/quiet.json --index 1 --keep --workspace @/ws --json --secrets --now 2024-10-21T12:00:00Z',
  'run @/guard.json --data @/quiet.json --keep --workspace @/ws --now 2024-10-21T12:00:00Z',
  'run @/gone.json --data @/quiet.json --keep --workspace @/ws --now 2024-10-21T12:00:00Z',
  'run g-1 --data @/red.json --keep --workspace @/ws --now 2024-10-21T12:00:00Z',
  'module tag-if --params @/params.json --data @/red.json --keep --workspace @/ws --now 2024-10-21T12:00:00Z',
  'module tag-if --params @/params.json --data @/red.json --keep --workspace @/ws --json --now 2024-10-21T12:00:00Z',
  'module nope --data @/red.json --keep --workspace @/ws --now 2024-10-21T12:00:00Z'
]

describe('--keep', () => {
  it('prints and exits through the app as it does alone, and the run is listed and shown', async () => {
    const root = await prepared()
    const other = `${root}-held`
    cpSync(root, other, { recursive: true })
    later(() => rmSync(other, { recursive: true }))
    const holder = await open(join(other, 'ws'))
    for (const line of lines) {
      const alone = settled(await retrace(line, root))
      const held = settled(await retrace(line, other))
      expect([line, held]).toEqual([line, JSON.parse(JSON.stringify(alone).replaceAll(root, other))])
      if (line.includes('--posts'))
        expect(
          readFileSync(join(other, 'posts.ndjson'), 'utf8')
            .split('\n')
            .map((post) => post.replace(/T12:00:00.\d+Z/, ''))
        ).toEqual(
          readFileSync(join(root, 'posts.ndjson'), 'utf8')
            .split('\n')
            .map((post) => post.replace(/T12:00:00.\d+Z/, ''))
        )
    }
    // Runs of the same millisecond have no order.
    const listed = async (at: string): Promise<string[]> => {
      const { out } = settled(await retrace('runs --workspace @/ws --json', at))
      return (JSON.parse(out) as unknown[]).map((run) => JSON.stringify(run)).sort()
    }
    expect(await listed(other)).toEqual(await listed(root))
    const { runs } = await ask(holder, 'runs.rows', {})
    expect(runs.map(({ trigger, outcome, state, origin }) => [trigger, outcome, state, origin]).sort()).toEqual(
      [
        ...[1, 2, 3].map(() => ['event-publish', 'blocked', 'done', 'local']),
        ...[1, 2].map(() => ['event-publish', 'success', 'done', 'local']),
        ['event-after-save', 'success', 'done', 'local'],
        ...[1, 2].map(() => ['', 'success', 'done', 'local'])
      ].sort()
    )
    expect(runs.every(({ size }) => size > 0)).toBe(true)
  })

  it('keeps what `show` shows, for workflows and for modules', async () => {
    const root = await prepared()
    const run = await retrace('run @/guard.json --data @/red.json --keep --workspace @/ws', root)
    expect([run.status, run.err]).toEqual([1, ''])
    const runId = /^kept as (\S+)$/m.exec(run.out)?.[1]
    const shown = await retrace(`show ${runId} --workspace @/ws --json`, root)
    const events = shown.out.split('\n').map((line) => JSON.parse(line) as RunEvent)
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['run.started', 'node.finished', 'run.finished'])
    )
    expect(events.every((event) => event.runId === runId)).toBe(true)
    const module = await retrace(
      'module tag-if --params @/params.json --data @/red.json --keep --workspace @/ws --json',
      root
    )
    const {
      runId: moduleRun,
      success,
      before
    } = JSON.parse(module.out) as { runId: string; success: boolean; before: unknown }
    expect([module.status, success, JSON.stringify(before)]).toEqual([0, true, expect.stringContaining('tlp:red')])
    const step = await retrace(`show ${moduleRun} --workspace @/ws --step 1 --json`, root)
    expect(JSON.parse(step.out)).toMatchObject({
      moduleId: 'tag-if',
      branch: 'output_1',
      // As the app says it, though there is no workflow.
      explain: expect.stringContaining('tlp:red'),
      input: { Event: { id: '7' } }
    })
    const shownModule = (await retrace(`show ${moduleRun} --workspace @/ws`, root)).out
    expect(shownModule).toContain('outcome success')
    // Nothing of it is guessed from posts.
    expect(shownModule).not.toContain('MISP does not report')
  })

  it('hides secrets as every run does, also from who follows the run', async () => {
    const root = await prepared()
    const holder = await open(join(root, 'ws'))
    const line = 'run @/firing.json --data @/red.json --keep --workspace @/ws --json'
    expect((await retrace(line, root)).out).not.toContain('hush-hush')
    expect((await retrace(`${line} --secrets`, root)).out).toContain('hush-hush')
    const started = { workflow: { json: firing }, data: { json: eventOf(1) }, follow: true }
    const { runId } = await ask(holder, 'run.start', started)
    const told: string[] = []
    for (let more = true; more;) {
      const page = await ask(holder, 'run.follow', { runId })
      told.push(...page.lines)
      more = page.more
    }
    expect(told.at(-1)).toContain('run.finished')
    expect(told.join()).not.toContain('hush-hush')
    expect(await holder.call('run.follow', { runId })).toMatchObject({ error: { code: 'RUN_NOT_FOUND' } })
  })

  it('contacts nobody without --yes, and then whom the workspace allows', async () => {
    for (const isHeld of [false, true]) {
      const root = await prepared()
      const server = await peer((_seen, response) => response.writeHead(401).end())
      writeFileSync(
        join(root, 'hook.json'),
        JSON.stringify(
          workflowOf({
            1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
            2: {
              type: 'action',
              module: 'webhook',
              params: { url: server.url, content_type: 'json', request_method: 'post' }
            }
          })
        )
      )
      const holder = isHeld ? await open(join(root, 'ws')) : null
      const line = 'run @/hook.json --data @/red.json --effects live --keep --workspace @/ws'
      const plan = await retrace(line, root)
      expect([plan.status, plan.out, server.seen.length]).toEqual(['LIVE_NOT_CONFIRMED', '', 0])
      expect(plan.err).toContain(`node 2 webhook: http ${server.url} with POST (once)`)
      const refused = await retrace(`${line} --yes`, root)
      expect([refused.status, server.seen.length]).toEqual([0, 0])
      expect(refused.out).toContain('127.0.0.1 is this machine')
      if (holder === null) continue
      await ask(holder, 'live.configure', { http: { allow: ['127.0.0.1'] } })
      expect((await retrace(`${line} --yes`, root)).out).toContain('Authentication failed.')
      expect(server.seen.length).toBe(1)
    }
  })

  it('takes nothing that the workspace could not run again', async () => {
    const root = await prepared()
    const line = 'run @/guard.json --data @/red.json --keep --workspace @/ws --modules @ --allow x --limit depth=1'
    expect(await retrace(line, root)).toMatchObject({
      status: 'COMMAND_INVALID',
      err: expect.stringMatching(/^--modules and --allow and --limit cannot be kept/)
    })
  })

  it('is refused where nothing can be kept', async () => {
    const root = await prepared()
    await open(join(root, 'ws'))
    // A holder that cannot be spoken to.
    rmSync(join(root, 'ws', 'workspace.sock'))
    const host = await connectHost(join(root, 'ws'), { version: '0', patienceMs: 0 })
    const params = { workflow: { json: guard }, data: { json: eventOf(1) }, keep: true }
    await expect(host.ask('run.start', params)).rejects.toMatchObject({ code: 'WORKSPACE_READ_ONLY' })
    await expect(
      host.ask('module.execute', { moduleId: 'tag-if', data: { json: eventOf(1) }, keep: true })
    ).rejects.toMatchObject({ code: 'WORKSPACE_READ_ONLY' })
    await host.close()
  })
})

describe('--workspace', () => {
  it('takes workflows and data by id and by name, and keeps nothing', async () => {
    const root = await prepared()
    const holder = await open(join(root, 'ws'))
    const [data] = await ask(holder, 'data.list', {})
    for (const line of ['run guard --data', 'run g-1 --data', 'run @/guard.json --data']) {
      const done = await retrace(`${line} ${data!.id} --workspace @/ws`, root)
      expect([line, done.status, done.err]).toEqual([line, 1, ''])
      expect(done.out).toContain('too red')
    }
    const pins = { '2': { data: eventOf(1), success: false, errors: [] } }
    await ask(holder, 'mocks.save', { name: 'pinned', pins })
    const pinned = await retrace('run guard --data @/red.json --mocks pinned --workspace @/ws', root)
    expect([pinned.status, pinned.out]).toEqual([0, expect.stringMatching(/pinned: node 2\b/)])
    expect((await retrace('check guard --workspace @/ws', root)).out).toBe('no problems')
    const normalized = await retrace(`normalize event-publish --data ${data!.id} --workspace @/ws`, root)
    expect(normalized.out).toContain('_AttributeFlattened')
    expect((await ask(holder, 'runs.rows', {})).runs).toEqual([])
  })

  it('says what was expected, and what is near it', async () => {
    const root = await prepared()
    expect(await retrace('run gard --data @/red.json --workspace @/ws', root)).toMatchObject({
      status: 'FILE_NOT_FOUND',
      err: 'gard is neither a file nor a workflow of the workspace; near it: guard (g-1), fired (f-1).'
    })
    expect(await retrace('run g-1 --data nothing --workspace @/ws', root)).toMatchObject({
      status: 'FILE_NOT_FOUND',
      err: expect.stringMatching(
        /^nothing is neither a file nor a data set of the workspace; near it: a red event \(\S+\)\.$/
      )
    })
    expect(await retrace('run guard --data @/red.json', root)).toMatchObject({ status: 'FILE_NOT_FOUND' })
  })

  it('runs under the settings and the world of the workspace, as the app does', async () => {
    const root = await prepared()
    const holder = await open(join(root, 'ws'))
    await ask(holder, 'workspace.set', { settings: { enabled_modules: ['stop-execution'] } })
    const done = await retrace('run guard --data @/red.json --workspace @/ws --json', root)
    const { runId } = await ask(holder, 'run.start', {
      workflow: { workflowId: 'g-1' },
      data: { json: eventOf(2, ['tlp:red']) },
      follow: true
    })
    const events: string[] = []
    for (let more = true; more;) {
      const page = await ask(holder, 'run.follow', { runId })
      events.push(...page.lines)
      more = page.more
    }
    const assumed = (lines: readonly string[]): unknown =>
      lines.map((line) => JSON.parse(line) as RunEvent).find(({ type }) => type === 'run.started')?.data
    expect(assumed(done.out.split('\n'))).toEqual(assumed(events))
    expect(done.out).toContain('disabled')
  })
})
