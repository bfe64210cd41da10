// The desktop app as a whole, against a stand-in for Electron: the self-test, what its window may do, and what its page gets.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bridgeKey } from '../../../src/contract/wire.ts'
import type { OpenedFiles } from '../../../src/contract/workspace.ts'
import type { AppHost } from '../../../src/host/host.ts'
import type * as workspaces from '../../../src/host/workspaces/workspaces.ts'
import { argsAgain, filesOf } from '../../../src/main/given-files.ts'
import { temporaryFolders } from '../host/temporary.ts'
import * as standIn from './electron-stand-in.ts'

const { hosts, meanwhile } = vi.hoisted(() => ({ hosts: [] as AppHost[], meanwhile: [] as (() => void)[] }))
// The same one for each start of the app.
vi.mock('electron', () => standIn)
const { app, seen } = standIn
// The worker is built beside the built app; here the engine runs in this thread.
vi.mock('../../../src/host/workspaces/workspaces.ts', async (original) => {
  const own = await original<typeof workspaces>()
  const createWorkspaces: typeof own.createWorkspaces = async (options) => {
    const host = await own.createWorkspaces({ ...options, workerUrl: null, listener: { port: 0 } })
    // It is open, and the app does not know yet.
    for (const happens of meanwhile.splice(0)) happens()
    hosts.push(host)
    return host
  }
  return { ...own, createWorkspaces }
})

const folder = temporaryFolders()
const { argv, env } = process
const usual = structuredClone(seen.page)
let printed: string[]
beforeEach(() => {
  vi.resetModules()
  process.argv = [...argv.slice(0, 2), '--self-test']
  process.env = { ...env }
  printed = []
  seen.exits.length = 0
  seen.switches.length = 0
  seen.windows.length = 0
  seen.relaunched.length = 0
  Object.assign(seen, { isFirst: true, quits: 0, sent: [], focused: 0 })
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
})
afterEach(() => {
  process.argv = argv
  process.env = env
  Object.assign(seen.page, usual)
  app.removeAllListeners()
  vi.restoreAllMocks()
})

async function start(): Promise<void> {
  const exited = once(app, 'exited')
  await import('../../../src/main/index.ts')
  await exited
}

describe('the self-test', { timeout: 120_000 }, () => {
  it('runs the demonstration, looks at what keeps the page in, and exits with 0', async () => {
    await start()
    expect(printed.filter((line) => line.startsWith('FAIL'))).toEqual([])
    expect(printed).toContain('ok   the demonstration blocks: blocked')
    expect(printed.at(-1)).toBe('self-test: 9 passed, 0 failed')
    expect(seen.exits).toEqual([0])
    // Nothing of the person's own was opened.
    expect(process.env.RETRACE_WORKSPACE).toContain('retrace-self-test-')
    expect(seen.paths.get('userData')).toContain('retrace-self-test-')
  })

  it('says what is wrong, and exits with 1', async () => {
    Object.assign(seen.page, { node: 'function,object,object,function' })
    seen.switches.push('disable-web-security')
    await start()
    expect(printed.filter((line) => line.startsWith('FAIL'))).toEqual([
      'FAIL the page has nothing of Node: function,object,object,function',
      'FAIL --disable-web-security is not given: given'
    ])
    expect(seen.exits).toEqual([1])
  })
})

describe('the window', { timeout: 120_000 }, () => {
  it('is sandboxed, apart from the page, without Node, and on the app’s own scheme', async () => {
    await start()
    const [window] = seen.windows
    expect(window?.url).toBe('app://retrace/')
    expect(window?.options.webPreferences).toMatchObject({
      ...{ contextIsolation: true, sandbox: true, nodeIntegration: false },
      ...{ webSecurity: true, webviewTag: false, spellcheck: false }
    })
    expect(seen.sandboxes).toBeGreaterThan(0)
    expect(seen.schemes).toContainEqual({
      scheme: 'app',
      privileges: expect.objectContaining({ standard: true, secure: true })
    })
  })

  it('gets the bridge of preload and nothing else', async () => {
    await import('../../../src/preload/index.ts')
    expect([...seen.exposed.keys()]).toEqual([bridgeKey])
    expect(
      Object.keys(seen.exposed.get(bridgeKey) as object)
        .sort()
        .join()
    ).toBe(usual.bridge)
  })
})

describe('files that the app is started with', () => {
  it('come with a mark from npm start, and plain from the desktop', () => {
    const started = ['/app/electron', '/project', '--no-sandbox', '--retrace-open=/a/event.json']
    expect(filesOf(started, false)).toEqual(['/a/event.json'])
    expect(filesOf(['/usr/bin/retrace', '--enable-features=X', 'event.json', '/b/w.json'], true, '/home/me')).toEqual([
      '/home/me/event.json',
      '/b/w.json'
    ])
  })

  it.skipIf(process.platform === 'win32')('come as addresses from desktops of Linux', () => {
    const given = [
      'file:///home/me/a%20b%23.json',
      'FILE:///c.json',
      'file://elsewhere/d.json',
      'file:///%zz',
      'file:e'
    ]
    expect(filesOf(['/usr/bin/retrace', ...given], true, '/home/me')).toEqual([
      '/home/me/a b#.json',
      '/c.json',
      // Told as what does not exist.
      '/home/me/file:/elsewhere/d.json',
      '/home/me/file:/%zz',
      '/home/me/file:e'
    ])
  })

  it('are files whatever they are called, and no switches of Chromium', () => {
    const names = ['/a/--no-sandbox.json', '/a/ü 雪\n$(id).json', '/a/%41.json']
    expect(filesOf(['/usr/bin/retrace', ...names, '--no-sandbox', '-h', ''], true, '/')).toEqual(names)
    expect(filesOf(['/electron', '.', ...names.map((name) => `--retrace-open=${name}`)], false)).toEqual(names)
  })

  it('are the only ones that a new start opens; its switches stay', () => {
    const packaged = ['/usr/bin/retrace', '--no-sandbox', '/old.json', '--retrace-open=/older.json']
    expect(argsAgain(packaged, true, ['/-new.json'])).toEqual(['--no-sandbox', '--retrace-open=/-new.json'])
    expect(argsAgain(['/electron', '--no-sandbox', '/project'], false, [])).toEqual(['--no-sandbox', '/project'])
  })
})

describe('a second start', { timeout: 120_000 }, () => {
  /** As a person starts it, on a workspace of the test. */
  async function startAsPerson(args: readonly string[] = []): Promise<void> {
    const home = folder()
    process.argv = [...argv.slice(0, 2), ...args]
    Object.assign(process.env, { RETRACE_WORKSPACE: join(home, 'workspace'), RETRACE_USER_FOLDER: join(home, 'user') })
    seen.paths.set('userData', home)
    await import('../../../src/main/index.ts')
  }
  const put = (name: string): string => {
    const file = join(folder(), name)
    writeFileSync(file, '{"Event":{}}')
    return file
  }
  const namesOf = async (): Promise<string[]> => {
    const answer = await hosts.at(-1)!.call('app.openedFiles', {})
    return answer.ok ? (answer.data as OpenedFiles).files.map(({ name }) => name) : []
  }

  it('ends at once, and opens nothing', async () => {
    seen.isFirst = false
    const before = hosts.length
    await startAsPerson()
    expect([seen.quits, seen.windows.length, hosts.length]).toEqual([1, 0, before])
  })

  it('hands its files over also while the first one opens its workspace', async () => {
    const [one, two, three] = [put('one.json'), put('two.json'), put('three.json')]
    const second = (file: string) => app.emit('second-instance', {}, ['electron', `--retrace-open=${file}`], folder())
    const before = hosts.length
    const starting = startAsPerson([`--retrace-open=${one}`])
    meanwhile.push(() => second(three))
    await starting
    second(two)
    await vi.waitUntil(() => seen.windows.length === 1, { timeout: 30_000 })
    expect([hosts.length - before, await namesOf()]).toEqual([1, ['one.json', 'two.json', 'three.json']])
    await hosts.at(-1)!.close()
  })

  it('brings the window of the first one to the front, and hands its files over; so does a file from the desktop', async () => {
    await startAsPerson()
    await vi.waitUntil(() => seen.windows.length === 1, { timeout: 30_000 })
    const [one, two, three] = [put('one.json'), put('two.json'), put('three.json')]
    app.emit('second-instance', {}, ['electron', `--retrace-open=${one}`], folder())
    expect([seen.focused, seen.sent.at(-1)]).toEqual([1, expect.stringMatching(/:command opened$/)])
    expect(await namesOf()).toEqual(['one.json'])
    let isPrevented = false
    app.emit('open-file', { preventDefault: () => (isPrevented = true) }, two)
    expect([isPrevented, await namesOf()]).toEqual([true, ['two.json']])
    // macOS: the app goes on when its last window is closed, and a file opens another one.
    seen.windows[0]!.emit('closed')
    app.emit('open-file', { preventDefault: () => undefined }, three)
    expect([seen.windows.length, await namesOf()]).toEqual([2, ['three.json']])
    await hosts.at(-1)!.close()
  })

  it('that comes while the first one closes is not lost: the app starts again with its files', async () => {
    await startAsPerson(['--retrace-open=/earlier.json', '--no-sandbox'])
    await vi.waitUntil(() => seen.windows.length === 1, { timeout: 30_000 })
    app.emit('before-quit', { preventDefault: () => undefined })
    app.emit('second-instance', {}, ['electron', '--retrace-open=/a/one.json'], folder())
    app.emit('open-file', { preventDefault: () => undefined }, '/a/two.json')
    expect([seen.focused, seen.windows.length, seen.relaunched]).toEqual([0, 1, []])
    await vi.waitUntil(() => seen.quits === 1, { timeout: 30_000 })
    app.emit('will-quit')
    const [again, ...more] = seen.relaunched
    expect([filesOf(['electron', ...(again?.args ?? [])], false), more]).toEqual([['/a/one.json', '/a/two.json'], []])
    expect(again?.args).toContain('--no-sandbox')
  })

  it('does not start again what ends for good', async () => {
    await startAsPerson()
    await vi.waitUntil(() => seen.windows.length === 1, { timeout: 30_000 })
    app.emit('before-quit', { preventDefault: () => undefined })
    await vi.waitUntil(() => seen.quits === 1, { timeout: 30_000 })
    app.emit('will-quit')
    expect(seen.relaunched).toEqual([])
  })
})
