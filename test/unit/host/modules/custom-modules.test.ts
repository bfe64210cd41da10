import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import type { RunEvent } from '../../../../src/contract/run.ts'
import { createModuleRun } from '../../../../src/engine/run/execute-module.ts'
import type { ModuleResult } from '../../../../src/engine/run/execute-module.ts'
import { runToEnd } from '../../../../src/engine/run/walk/driver.ts'
import { buildCustomModule } from '../../../../src/host/modules/custom-module.ts'
import { GuestThread } from '../../../../src/host/modules/guest.ts'
import { ModuleReader } from '../../../../src/host/modules/read-module.ts'
import { enginePorts } from '../../../../src/host/worker/thread/ports.ts'
import { temporaryFolders } from '../temporary.ts'

const folder = temporaryFolders()
const guest = new GuestThread({ memoryBytes: 16 * 1024 * 1024, milliseconds: 700 })
afterAll(() => guest.stop())

async function read(code: string, file = 'sample.ts') {
  const root = folder()
  mkdirSync(join(root, 'modules'))
  writeFileSync(join(root, 'modules', file), code)
  return new ModuleReader(guest).read(join(root, 'modules'), file)
}

const event: JsonMap = { Event: { id: '1', info: 'an event', Attribute: [{ value: '8.8.8.8' }, { value: '1.1.1.1' }] } }

interface Ran extends ModuleResult {
  readonly events: readonly RunEvent[]
}

async function run(
  code: string,
  options: { readonly mocks?: JsonMap; readonly params?: JsonMap; readonly file?: string } = {}
): Promise<Ran> {
  const result = await read(code, options.file)
  if ('error' in result) throw new Error(`${result.error.message} (line ${result.error.line})`)
  const events: RunEvent[] = []
  const { stepper, result: answer } = createModuleRun(
    {
      moduleId: result.module.definition.id,
      params: options.params ?? [],
      data: event,
      settings: { 'MISP.host_org_id': 1 },
      customModules: [buildCustomModule(result.module, guest)],
      ...(options.mocks ? { mocks: options.mocks } : {})
    },
    enginePorts(),
    (happened) => events.push(happened)
  )
  runToEnd(stepper)
  return { ...(answer() as ModuleResult), events }
}

const action = (body: string, more = ''): string => `export default defineModule({
  kind: 'action', id: 'sample', name: 'Sample', ${more}
  async execute(ctx) { ${body} }
})`

describe('a custom module', () => {
  it('reads and changes the data, its parameters and its errors', async () => {
    const code = `interface Event { info: string }
export default defineModule({
  kind: 'action',
  id: 'prefix-info',
  name: 'Prefix the title',
  params: [{ id: 'prefix', label: 'Prefix', type: 'input', default: 'old: ' }],
  execute(ctx) {
    const data = ctx.getData() as { Event: Event }
    data.Event.info = ctx.params.prefix + data.Event.info
    data.Event.Empty = {}
    ctx.setData(data)
    ctx.addError('only a remark')
    console.log('seen', data.Event.Attribute.length)
    return true
  }
})`
    const { answer, after, events } = await run(code, { params: { prefix: 'new: ' } })
    expect(answer).toEqual({ success: true, errors: ['only a remark'] })
    expect((after as { Event: JsonMap }).Event).toMatchObject({ info: 'new: an event', Empty: [] })
    expect(events.filter(({ type }) => type === 'note').map(({ data }) => (data as { text: string }).text)).toEqual([
      'seen 2'
    ])
  })

  it('asks over HTTP through the policies, one after the other and at once', async () => {
    const code = action(`
      const [a, b] = await Promise.all([ctx.http('https://a.example.org/'), ctx.http({ url: 'https://b.example.org/', method: 'post', body: { x: 1 } })])
      ctx.addError(a.status + ' ' + b.json().n)
      const paths = await ctx.extract('Event.Attribute.{n}.value')
      ctx.addError(paths.join(','))
      ctx.addError(await ctx.render('{{ Event.info|upper }}'))
      return a.ok`)
    const { answer, events } = await run(code, {
      mocks: { sample: [{ status: 201 }, { status: 200, body: '{"n":2}' }] }
    })
    expect(answer).toEqual({ success: true, errors: ['201 2', '8.8.8.8,1.1.1.1', 'AN EVENT'] })
    const effects = events.flatMap((happened) =>
      happened.type === 'effect' && happened.data.effect.kind === 'http' ? [happened.data.effect] : []
    )
    expect(effects.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', 'https://a.example.org/', ''],
      ['POST', 'https://b.example.org/', '{"x":1}']
    ])
  })

  it('can catch a request that failed', async () => {
    const code = action(
      `try { await ctx.http('https://a.example.org') } catch (error) { ctx.addError(error.message); return false }`
    )
    const { answer } = await run(code, { mocks: { sample: { failure: 'refused', message: 'no connection' } } })
    expect(answer).toEqual({ success: false, errors: ['no connection'] })
  })

  it('chooses the branch as a logic module', async () => {
    const code = `export default defineModule({ kind: 'logic', id: 'few', name: 'Few', execute: (ctx) => ctx.getData().Event.Attribute.length < 2 })`
    const { answer, events } = await run(code, { file: 'few.js' })
    expect(answer).toMatchObject({ success: false })
    expect(events.find(({ type }) => type === 'node.finished')?.data).toMatchObject({ branch: 'output_2' })
  })

  it('names file and line of what it throws, in TypeScript too', async () => {
    const code = `type A = {
  b: string
}
export default defineModule({
  kind: 'action', id: 'throws', name: 'Throws',
  execute(ctx): boolean {
    const nothing: A | null = null
    return nothing!.b === 'x'
  }
})`
    const { throwable } = await run(code, { file: 'throws.ts' })
    expect(throwable).toMatchObject({ class: 'Exception', error: false })
    expect(throwable?.message).toBe("TypeError: cannot read property 'b' of null (modules/throws.ts:8)")
  })

  it.each([
    ['export default defineModule({\n  kind: "action",\n  id: ;\n})', 'SyntaxError', 3],
    ['export default defineModule({\n  kind: "action",\n  id: "Not An Id",\n  execute() {}\n})', 'defineModule: id', 3],
    ['const a = 1', 'exports no default', null],
    ['\nthrow new Error("at once")', 'at once', 2],
    ['import fs from "node:fs"\nexport default defineModule({ id: fs.a })', 'cannot import anything', null]
  ])('says what is wrong with a file: %s', async (code, message, line) => {
    const result = await read(code, 'wrong.ts')
    expect('error' in result && result.error.message).toContain(message)
    if (line !== null) expect('error' in result && result.error.line).toBe(line)
  })
})

describe('a hostile module', () => {
  const failing = async (body: string): Promise<string> => (await run(action(body))).throwable?.message ?? ''

  it.each([
    ['an endless loop', 'for (;;) {}'],
    ['an endless promise chain', 'for (;;) await null'],
    ['a regular expression that never ends', 'return /(a+)+$/.test("a".repeat(40) + "b")'],
    ['a native loop that asks nobody', 'return [].indexOf.call({ length: Number.MAX_SAFE_INTEGER }, 1) > 0']
  ])('is stopped in %s', async (_name, body) => {
    const startedAt = performance.now()
    expect(await failing(body)).toContain('exceeded its time limit')
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })

  it.each([
    ['one allocation of 10 GB', 'new Uint8Array(10 * 1024 ** 3); return true'],
    ['many allocations', 'const all = []; for (;;) all.push(new Uint8Array(1024 * 1024).fill(1))'],
    ['endless recursion', 'const deep = () => deep() + 1; return deep() > 0'],
    ['deep data', 'let deep = []; for (let i = 0; i < 1e6; i++) deep = [deep]; ctx.setData(deep); return true'],
    ['a promise that nobody keeps', 'await new Promise(() => undefined)'],
    ['an error of 50 MB', 'ctx.addError("x".repeat(50 * 1024 * 1024)); return true']
  ])('is stopped in %s', async (_name, body) => {
    expect(await failing(body)).not.toBe('')
    expect((await run(action('return true'))).answer).toMatchObject({ success: true })
  })

  it('finds nothing of Node, and no way out by constructors, prototypes and imports', async () => {
    const names = [
      'process',
      'require',
      'fetch',
      'XMLHttpRequest',
      'WebAssembly',
      'Worker',
      'Buffer',
      'setTimeout',
      'module',
      '__ask',
      '__data',
      'std',
      'os'
    ]
    const { answer } = await run(
      action(`
      const found = ${JSON.stringify(names)}.filter((name) => typeof globalThis[name] !== 'undefined')
      ctx.addError(found.join(','))
      ctx.addError(typeof ctx.http.constructor.constructor('return this')().process)
      ctx.addError(ctx.getData.constructor('return typeof require')())
      for (const name of ['node:fs', 'fs', 'os', 'std', './other.js', 'data:text/javascript,1']) {
        try { await import(name); ctx.addError('imported ' + name) } catch (error) { ctx.addError('no ' + name) }
      }
      Object.prototype.polluted = 1
      Array.prototype.push = () => { throw new Error('pushed') }
      Promise.prototype.then = null
      JSON.parse = () => ({ polluted: true })
      return true`)
    )
    expect((answer as { errors: string[] }).errors.slice(0, 3)).toEqual(['', 'undefined', 'undefined'])
    expect(JSON.stringify(answer)).not.toContain('imported')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect((await run(action('return ctx.getData().polluted === undefined'))).answer).toMatchObject({ success: true })
  })

  it('cannot ask for what its questions do not allow', async () => {
    const { answer } = await run(
      action(`
      for (const request of [{ url: 'file:///etc/passwd' }, { url: 'gopher://x' }, { url: 7 }, { url: 'http://x', method: 'GET / HTTP/1.1' }]) {
        try { await ctx.http(request); ctx.addError('asked') } catch (error) { ctx.addError(error.message.slice(0, 8)) }
      }
      return true`)
    )
    expect((answer as { errors: string[] }).errors).toEqual(['ctx.http', 'ctx.http', 'ctx.http', 'ctx.http'])
  })
})
