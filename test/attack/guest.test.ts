// Custom modules that break the interpreter they run in: nothing of it reaches a terminal, the failure is told with a code, and the next module runs.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { buildCustomModule } from '../../src/host/modules/custom-module.ts'
import { GuestThread } from '../../src/host/modules/guest.ts'
import { ModuleReader } from '../../src/host/modules/read-module.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'
import { scale } from './scale.ts'

const { open } = hosting()
const folder = temporaryFolders()
const limits = { memoryBytes: 8 * 1024 * 1024, milliseconds: scale(400, 1500, 5000) }

afterEach(() => vi.restoreAllMocks())

/** Bodies that end in a limit; those of the long form take all of their time. */
const greedy: { readonly [name: string]: string } = {
  'a call of itself': 'const f = () => f() + 1; f()',
  'code that nests': 'eval("[".repeat(100000))',
  'objects without an end': 'const l = []; for (;;) l.push({})',
  'numbers without an end': 'const l = []; for (;;) l.push(new Array(1000).fill(1))',
  'buffers without an end': 'const l = []; for (;;) l.push(new Uint8Array(100000))',
  'memory, again where it ran out': 'const l = []; try { for (;;) l.push({}) } catch { for (;;) l.push({}) }',
  'a call of itself through map': 'const f = () => [1].map(f); f()',
  'a comparison that sorts': 'const a = [3, 2, 1]; const f = () => a.sort(() => (f(), 1)); f()',
  'a text that is itself': 'const o = { toString: () => "" + o }; "" + o',
  'proxies of proxies': 'let p = {}; for (let i = 0; i < 100000; i++) p = new Proxy(p, {}); p.x',
  'an endless loop': 'for (;;);',
  'promises without an end': 'let p = Promise.resolve(); const f = () => p.then(f); f(); for (;;) p = p.then(() => 1)',
  'a deep list as JSON': 'let a = []; for (let i = 0; i < 100000; i++) a = [a]; JSON.stringify(a)',
  'a pattern that goes back': '/(a*)*b/.test("a".repeat(200000))'
}
const module = (body: string, before = ''): string =>
  `${before}\nexport default { kind: 'action', id: 'greedy', async execute() { ${body}; return true } }`

describe('a module that wants', () => {
  it.each(Object.entries(greedy).slice(0, scale(1, 99)))(
    '%s leaves the terminal alone, and the next one runs',
    async (_name, body) => {
      const written: string[] = []
      for (const stream of [process.stdout, process.stderr])
        vi.spyOn(stream, 'write').mockImplementation((text) => (written.push(String(text)), true))
      const guest = new GuestThread(limits)
      const source = { file: 'modules/greedy.js', code: module(body) }
      const loading = { file: 'modules/greedy.js', code: module('', body) }
      const replies = [guest.describe(loading), guest.execute(source, '{}', '{}').reply]
      const after = guest.execute({ ...source, code: module('') }, '{}', '{}').reply
      await guest.stop()
      await new Promise((resolve) => setImmediate(resolve))
      vi.restoreAllMocks()
      expect(written.join('')).not.toMatch(/Abort|RuntimeError|quickjs/i)
      for (const reply of replies) {
        expect(reply).toHaveProperty('failure')
        expect(JSON.stringify(reply)).not.toMatch(/Abort|RuntimeError|quickjs\.c/)
      }
      expect(after).toHaveProperty('done')
    }
  )
})

/** What a module may do to the words it is understood by. */
const strange: { readonly [name: string]: readonly [body: string, told: string] } = {
  'makes a text of promises': [
    'Promise.prototype.then = () => "nonsense"',
    'execute() returned something other than true or false'
  ],
  'makes an object of promises': [
    'Promise.prototype.then = () => ({})',
    'execute() returned something other than true or false'
  ],
  'sets half a character': ['ctx.setData({ a: "\\ud800" })', 'The data of the module is not valid JSON'],
  'sets data that nest too deep': [
    'let a = {}; for (let i = 0; i < 700; i++) a = { a }; ctx.setData(a)',
    'The data of the module nests deeper than 512 levels'
  ],
  'fails with a book': ['throw new Error("x".repeat(5000000))', 'xxxx'],
  'fails with a long name': ['throw Object.assign(new Error("a"), { name: "n".repeat(5000000) })', 'nnnn'],
  'gets an answer that is no JSON': ['await ctx.query({ module: "x" })', 'the reply is not valid JSON'],
  'reports errors without an end': ['for (let i = 0; i < 5000; i++) ctx.addError("e".repeat(9000))', 'eeee'],
  'logs without an end': ['for (let i = 0; i < 5000; i++) console.log("e".repeat(9000))', ''],
  'asks without an end': ['for (;;) await ctx.extract("Event.info")', 'asked for more than 10,000 things'],
  'asks without an end, and catches it': [
    'for (;;) try { await ctx.http({ url: "none" }) } catch {}',
    'asked for more than 10,000 things'
  ],
  'asks much at once': ['for (let i = 0; i < 100; i++) ctx.zmq("t", "x".repeat(1000000))', 'sent more than 64 MB']
}

describe('a module that', () => {
  it.each(Object.entries(strange).slice(0, scale(2, 99)))(
    '%s is stopped or told of, in a few words',
    async (_name, [body, told]) => {
      const host = await open()
      mkdirSync(join(host.workspace.folder, 'modules'), { recursive: true })
      const code = `export default { kind: 'action', id: 'strange', async execute(ctx) { ${body}; return true } }`
      writeFileSync(join(host.workspace.folder, 'modules', 'strange.js'), code)
      await ask(host, 'customModules.switch', { file: 'strange.js', on: true })
      const workflow = workflowOf({
        1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
        2: { type: 'action', module: 'strange' }
      })
      const mocks = { strange: { status: 200, body: 'no JSON' } }
      const { runId } = await ask(host, 'run.start', {
        ...{ workflow: { json: workflow }, data: { json: eventOf(1) } },
        options: { mocks }
      })
      const run = await finished(host, runId)
      expect(run.notes.map(({ code }) => code)).not.toContain('INTERNAL')
      expect(run.steps).toHaveLength(1)
      // On a busy machine its time may be up first.
      const errors = JSON.stringify(run.steps[0]?.errors)
      expect(errors.includes(told) || errors.includes('exceeded its time limit'), errors).toBe(true)
      expect(JSON.stringify(run).length).toBeLessThan(5_000_000)
    }
  )
})

describe('a module that asks', () => {
  it('lets the run be left before each answer', async () => {
    const root = folder()
    mkdirSync(root, { recursive: true })
    writeFileSync(
      join(root, 'asks.js'),
      'export default { kind: "action", id: "asks", async execute(ctx) { for (let i = 0; i < 5; i++) await ctx.extract("a") } }'
    )
    const guest = new GuestThread(limits)
    const read = await new ModuleReader(guest).read(root, 'asks.js')
    if (!('module' in read)) throw new Error(read.error.message)
    const params = { [Symbol.iterator]: () => ({ next: () => ({ done: true, value: {} }) }) }
    const ctx = { node: {}, workflow: {}, user: {}, params: () => params, now: () => 0, getData: () => ({ a: 1 }) }
    const signals = [...(buildCustomModule(read.module, guest).execute(ctx as never) as Iterable<{ kind: string }>)]
    expect(signals.map(({ kind }) => kind)).toEqual(Array(5).fill('breath'))
    await guest.stop()
  })
})

describe('a module that used up a limit', () => {
  it('is listed with the code of that', async () => {
    const root = folder()
    mkdirSync(root, { recursive: true })
    writeFileSync(join(root, 'greedy.js'), module('', greedy['objects without an end']))
    const guest = new GuestThread(limits)
    expect(await new ModuleReader(guest).read(root, 'greedy.js')).toMatchObject({
      error: {
        code: 'MODULE_STOPPED',
        file: 'greedy.js',
        message: expect.stringMatching(/^The module exceeded its (memory|time) limit and was stopped\.$/) as string
      }
    })
    await guest.stop()
  })

  it('is told from one that only says so', async () => {
    const root = folder()
    mkdirSync(root, { recursive: true })
    const said = 'throw Object.assign(new Error("asks too much"), { name: "InternalError" })'
    writeFileSync(join(root, 'says.js'), module('', said))
    const guest = new GuestThread(limits)
    expect(await new ModuleReader(guest).read(root, 'says.js')).toMatchObject({
      error: { code: 'MODULE_FILE_INVALID', message: 'InternalError: asks too much' }
    })
    await guest.stop()
  })

  it('is a note of the run at its node, and the error of the node', async () => {
    const host = await open()
    mkdirSync(join(host.workspace.folder, 'modules'), { recursive: true })
    writeFileSync(join(host.workspace.folder, 'modules', 'greedy.js'), module(greedy['a call of itself'] ?? ''))
    await ask(host, 'customModules.switch', { file: 'greedy.js', on: true })
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'greedy' }
    })
    const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(1) } })
    const { notes, steps } = await finished(host, runId)
    expect(notes).toMatchObject([{ code: 'MODULE_STOPPED', text: 'The module recurses endlessly and was stopped.' }])
    expect(JSON.stringify(steps)).toContain('recurses endlessly')
  })
})
