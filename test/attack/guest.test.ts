// Custom modules that break the interpreter they run in: nothing of it reaches a terminal, the failure is told with a code, and the next module runs.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { GuestThread } from '../../src/host/modules/guest.ts'
import { ModuleReader } from '../../src/host/modules/read-module.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'
import { isLong, scale } from './scale.ts'

const { open } = hosting()
const folder = temporaryFolders()
const limits = { memoryBytes: 8 * 1024 * 1024, milliseconds: isLong ? 5000 : 400 }

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
  it.each(Object.entries(greedy).slice(0, scale(3, 99)))(
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
