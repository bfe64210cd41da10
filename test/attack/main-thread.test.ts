// Texts from outside that are large and hostile, by every way by which one comes in: the main thread, which answers MISP, never parses one.
// Counted are the characters that it parses and prints as JSON, not the time.
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { OperationName } from '../../src/contract/operations.ts'
import { maxWorkflowBytes } from '../../src/engine/graph/count-nodes.ts'
import { inPlaceBytes } from '../../src/host/aside/given-text.ts'
import type { Host } from '../../src/host/host.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { eventOf, guard } from '../unit/host/samples.ts'
import { isLong, scale } from './scale.ts'

const { folder, open, later } = hosting()
let workerUrl: URL
beforeAll(() => void (workerUrl = builtWorker()))
afterEach(() => vi.restoreAllMocks())

const bytes = scale(1.2, 100) * 1024 ** 2
const forms = {
  deep: (size: number) => '['.repeat(size / 2) + ']'.repeat(size / 2),
  wide: (size: number) => `[${'{},'.repeat(size / 3)}{}]`,
  'one long text': (size: number) => `{"a":"${'x'.repeat(size)}"}`,
  'cut short': (size: number) => `{"Tag":[${'{"name":"a"},'.repeat(size / 13)}`,
  'many keys': (size: number) => `{${Array.from({ length: size / 12 }, (_, i) => `"k${i}":0`).join(',')}}`
}

/** The longest text that this thread parsed, and the longest that it made. */
function watch() {
  const longest = { parsed: 0, printed: 0 }
  const { parse, stringify } = JSON
  vi.spyOn(JSON, 'parse').mockImplementation((text: string, reviver?: Parameters<typeof JSON.parse>[1]): unknown => {
    longest.parsed = Math.max(longest.parsed, text.length)
    return parse(text, reviver)
  })
  vi.spyOn(JSON, 'stringify').mockImplementation((...given: unknown[]): string => {
    const text = (stringify as (...all: unknown[]) => string)(...given)
    longest.printed = Math.max(longest.printed, text?.length ?? 0)
    return text
  })
  return longest
}

const texts: Readonly<Partial<Record<OperationName, (text: string) => object>>> = {
  'takeover.import': (text) => ({ name: 'it', text }),
  'answers.import': (text) => ({ name: 'it', text }),
  'blueprints.import': (text) => ({ files: [{ name: 'it', text }] }),
  'workflows.save': (text) => ({ text }),
  'data.import': (text) => ({ name: 'it', text }),
  'cases.import': (text) => ({ name: 'it', text }),
  'capture.import': (text) => ({ name: 'it', text })
}
const files: readonly OperationName[] = ['takeover.import', 'answers.import', 'data.import', 'capture.import']

async function call(host: Host, name: OperationName, text: string, asFile: boolean) {
  if (!asFile) return host.call(name, texts[name]!(text))
  const file = join(folder(), 'given')
  writeFileSync(file, text)
  return host.call(name, { name: 'it', uploadId: await host.uploads.take(file) })
}

describe('a large text', () => {
  const ways = Object.keys(texts).flatMap((name) =>
    [false, true].flatMap((asFile) =>
      !asFile || files.includes(name as OperationName) ? [[name as OperationName, asFile] as const] : []
    )
  )
  it('is not parsed in the main thread, by whatever way it comes in', async () => {
    const host = await open(folder(), { workerUrl })
    for (const [way, [name, asFile]] of ways.entries())
      for (const [at, [form, make]] of Object.entries(forms).entries()) {
        // All forms by all ways with --full only; else two of them by each way, in the short form one by every second.
        if ((way + at) % 5 >= scale(1, 2, 5) || way % scale(2, 1) !== 0) continue
        // The others cost minutes at full size.
        const text = make(form === 'deep' || form === 'one long text' ? bytes : Math.min(bytes, 10 * 1024 ** 2))
        const said = `${name} ${form}${asFile ? ' as a file' : ''}`
        const longest = watch()
        const answer = await call(host, name, text, asFile)
        expect(longest.parsed, said).toBeLessThanOrEqual(inPlaceBytes)
        // What is no workflow but might be one is printed, up to its limit.
        if (name !== 'workflows.save') expect(longest.printed, said).toBeLessThanOrEqual(inPlaceBytes)
        // Data may be anything that is JSON.
        if (!['data.import', 'workflows.save'].includes(name) || form === 'deep' || form === 'cut short')
          expect(JSON.stringify(answer), said).toMatch(
            /INPUT_|TAKE_OVER_|WORKFLOW_|PARAMS_|BLUEPRINT_|it: |"it |"state":"broken"/
          )
        vi.restoreAllMocks()
      }
  }, 1_000_000)

  it('of what is kept is taken apart elsewhere, and what it gave is there', async () => {
    const host = await open(folder(), { workerUrl })
    const count = scale(4000, 300_000, 1_000_000)
    // As many characters in fewer rows: it is their number that takes time.
    const more = 'x'.repeat(scale(1500, 0))
    const tags = Array.from({ length: count }, (_, i) => ({
      ...{ id: `${i + 1}`, name: `tag ${i}${more}`, colour: '#ffffff' }
    }))
    const calls = Array.from({ length: count / 4 }, (_, i) => ({
      request: { module: 'dns', domain: `example${i}.org` },
      reply: { results: [{ types: ['text'], values: [`answer ${i}${more}`] }] }
    }))
    const settings = [
      { setting: 'MISP.host_org_id', value: 1 },
      ...tags.map(({ name }) => ({ setting: name, value: 1 }))
    ]
    const given = {
      tags: JSON.stringify({ Tag: tags }),
      calls: JSON.stringify(calls),
      settings: JSON.stringify({ finalSettings: settings })
    }
    for (const text of Object.values(given)) expect(text.length).toBeGreaterThan(inPlaceBytes)
    const longest = watch()
    expect(await ask(host, 'takeover.import', { name: 'tags', text: given.tags })).toMatchObject([
      { to: 'world', id: 'tags', count }
    ])
    expect(await ask(host, 'takeover.import', { name: 'settings', text: given.settings })).toMatchObject([
      { to: 'settings', count: 1, note: expect.stringContaining('not MISP settings') }
    ])
    expect(await ask(host, 'world.list', {})).toMatchObject([{ part: 'tags', rows: count }])
    expect(await ask(host, 'world.value', { part: 'tags', limit: 1 })).toMatchObject({ count })
    const set = await ask(host, 'answers.import', { name: 'calls', text: given.calls })
    expect(set).toMatchObject({ answers: count / 4 })
    expect(await ask(host, 'answers.list', {})).toEqual([set])
    expect(await ask(host, 'answers.delete', { id: set.id })).toEqual([])
    expect(longest.parsed).toBeLessThanOrEqual(inPlaceBytes)
    expect(longest.printed).toBeLessThanOrEqual(inPlaceBytes)
    expect(await ask(host, 'workspace.settings', {})).toMatchObject({ 'MISP.host_org_id': 1 })
  }, 300_000)

  it('of a MISP that is asked is not, nor is the list of what there is', async () => {
    const count = scale(4000, 400_000, 1_500_000)
    const more = 'x'.repeat(scale(400, 0))
    const list = `[${Array.from({ length: count }, (_, i) => `{"Tag":{"id":"${i}","name":"t${i}${more}"}}`).join(',')}]`
    const rows = `[{"Workflow":{"id":"2"}},${`{"Workflow":{"no":"1${more}"}},`.repeat(count)}{}]`
    for (const text of [list, rows]) expect(text.length).toBeGreaterThan(inPlaceBytes)
    const server = createServer((request, response) =>
      response.end(request.url!.startsWith('/workflows') ? rows : list)
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    later(() => server.close())
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const host = await open(folder(), { workerUrl })
    const longest = watch()
    const what = [{ kind: 'tags' }, { kind: 'workflows' }]
    await host.call('takeover.fetch', { address, key: 'k'.repeat(40), what })
    expect(longest.parsed).toBeLessThanOrEqual(inPlaceBytes)
    expect(longest.printed).toBeLessThanOrEqual(inPlaceBytes)
    expect(await ask(host, 'world.list', {})).toMatchObject([{ part: 'tags' }])
  }, 300_000)

  it('of MISP’s log is kept, listed and searched elsewhere', async () => {
    const workspace = folder()
    const host = await open(workspace, { workerUrl })
    const head = '[2024-01-01 00:00:00] Workflow(event-publish:4).'
    const run = [
      `${head} Started executing workflow for trigger \`event-publish\` (4)`,
      `${head} Executed node \`stop-execution\`\nNode \`stop-execution\` (2) from Workflow \`a\` (4) executed successfully with status: success`,
      `${head} Finished executing workflow for trigger \`event-publish\` (4). Outcome: success`,
      `${head} ${'x'.repeat(scale(500, 5000))}`
    ].join('\n')
    const runs = scale(1500, 10_000)
    const longest = watch()
    const imported = await ask(host, 'capture.import', { name: 'log', text: `${run}\n`.repeat(runs) })
    expect(imported).toMatchObject({ kind: 'log', lines: 4 * runs })
    const page = await ask(host, 'log.list', { search: 'outcome: success', limit: 5 })
    expect(page).toMatchObject({ total: runs, cursor: '5' })
    expect(page.lines).toHaveLength(5)
    expect(await ask(host, 'log.list', { search: '', limit: 5, cursor: String(4 * runs - 2) })).toMatchObject({
      total: 4 * runs,
      cursor: null,
      lines: [{}, {}]
    })
    await ask(host, 'runs.rows', {})
    expect(longest.parsed).toBeLessThanOrEqual(inPlaceBytes)
    expect(longest.printed).toBeLessThanOrEqual(inPlaceBytes)
    expect(readdirSync(join(workspace, 'capture', 'logs'))).toHaveLength(1)
  }, 300_000)

  it('of a world is given to the process that holds the workspace as a file', async () => {
    const root = folder()
    const host = await open(join(root, 'ws'), { workerUrl, shell: 'browser', listen: false })
    const more = 'x'.repeat(scale(400, 0))
    const rows = Array.from({ length: scale(4000, 300_000, 1_000_000) }, (_, i) => ({
      ...{ id: `${i + 1}`, name: `tag ${i}${more}` }
    }))
    expect(JSON.stringify(rows).length).toBeGreaterThan(inPlaceBytes)
    mkdirSync(join(root, 'world'))
    writeFileSync(join(root, 'world', 'tags.json'), JSON.stringify([...rows, { id: '9000000', name: 'tlp:red' }]))
    writeFileSync(join(root, 'event.json'), JSON.stringify(eventOf(1, ['tlp:red'])))
    writeFileSync(join(root, 'guard.json'), JSON.stringify(guard))
    const longest = watch()
    const command = fileURLToPath(new URL('../../scripts/retrace.mjs', import.meta.url))
    const given = ['--data', 'event.json', '--world', 'world', '--workspace', 'ws', '--keep']
    const options = { cwd: root, env: { ...process.env, RETRACE_NO_BUILD: '1', NO_COLOR: '1' } }
    const retrace = (...args: string[]) =>
      promisify(execFile)(process.execPath, [command, ...args, ...given], options).catch(
        (error: unknown) => error as { stdout: string; stderr: string }
      )
    const ran = await retrace('run', 'guard.json')
    const runId = /kept as (\S+)/.exec(ran.stdout)?.[1]
    expect(runId, ran.stderr).toBeDefined()
    expect((await retrace('module', 'stop-execution')).stdout).toMatch(/kept as/)
    expect(longest.parsed).toBeLessThanOrEqual(inPlaceBytes)
    expect(await finished(host, runId!)).toMatchObject({ summary: { outcome: 'blocked' } })
  }, 300_000)

  it('of a workflow has a limit, and up to it the workflow is what it was', async () => {
    const host = await open(folder(), { workerUrl })
    const named = (length: number): string =>
      JSON.stringify({
        ...guard,
        Workflow: { ...(guard.Workflow as object), description: 'x'.repeat(length), __proto__: null }
      }).replace('"description"', '"__proto__":{"a":1},"description"')
    const text = named(2 * inPlaceBytes)
    const { id } = await ask(host, 'workflows.save', { text })
    const { workflow } = await ask(host, 'workflows.get', { workflowId: id })
    expect(JSON.stringify(workflow)).toBe(text)
    const tooLong = { ok: false, error: { code: 'WORKFLOW_TOO_LARGE', message: expect.stringContaining('16 MB') } }
    expect(await host.call('workflows.save', { text: named(maxWorkflowBytes) })).toMatchObject(tooLong)
    const value = JSON.parse(named(maxWorkflowBytes)) as object
    expect(await host.call('workflows.save', { workflow: value })).toMatchObject(tooLong)
    const taken = await host.call('takeover.import', { name: 'it', text: named(maxWorkflowBytes) })
    expect(taken).toMatchObject({ ...tooLong })
  }, 60_000)

  it.runIf(isLong)('of 100 MB is what this file tries', () => expect(bytes).toBeGreaterThan(100e6))
})
