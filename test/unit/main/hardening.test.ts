// What keeps the desktop app's windows to their own page, against a stand-in for Electron that notes what is asked of it.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hardenApp, hardenSession } from '../../../src/main/hardening.ts'
import type { Hardening } from '../../../src/main/hardening.ts'
import { openLink, outsideUrl } from '../../../src/main/links.ts'
import { buildMenu } from '../../../src/main/menu.ts'
import { answerPage } from '../../../src/main/pages.ts'
import { pagePolicy } from '../../../src/contract/page-policy.ts'
import { setSecurityHeaders } from '../../../src/server/guard.ts'
import { temporaryFolders } from '../host/temporary.ts'

const folder = temporaryFolders()
const origin = 'app://retrace'

class Contents extends EventEmitter {
  opener: (details: { url: string }) => unknown = () => ({ action: 'allow' })
  reloads = 0
  destroyed = false
  setWindowOpenHandler = (handler: (details: { url: string }) => unknown) => void (this.opener = handler)
  getURL = () => `${origin}/runs`
  isDestroyed = () => this.destroyed
  reload = () => void this.reloads++
  send = () => undefined
  /** Whether it was kept from happening. */
  prevents(event: string, url?: string): boolean {
    let prevented = false
    this.emit(event, { preventDefault: () => (prevented = true), ...(url === undefined ? {} : { url }) })
    return prevented
  }
}

class App extends EventEmitter {
  readonly asked: string[] = []
  constructor(private readonly switches: readonly string[] = []) {
    super()
  }
  commandLine = { hasSwitch: (name: string) => this.switches.includes(name) }
  enableSandbox = () => void this.asked.push('enableSandbox')
}

class Session {
  request: (contents: unknown, permission: string, answer: (granted: boolean) => void) => void = (_c, _p, answer) =>
    answer(true)
  check: (contents: unknown, permission: string, origin: string) => boolean = () => true
  device: () => boolean = () => true
  setPermissionRequestHandler = (handler: Session['request']) => void (this.request = handler)
  setPermissionCheckHandler = (handler: Session['check']) => void (this.check = handler)
  setDevicePermissionHandler = (handler: Session['device']) => void (this.device = handler)
  spells = true
  setSpellCheckerEnabled = (enable: boolean) => void (this.spells = enable)
}

function harden(answers: { gone?: 'reload' | 'close'; stuck?: Promise<'reload' | 'wait'> } = {}) {
  const app = new App()
  const [links, logged, closed]: [string[], string[], unknown[]] = [[], [], []]
  const signals: AbortSignal[] = []
  const hardening: Hardening = {
    origin,
    log: (context, error) => void logged.push(`${context}: ${String(error)}`),
    openLink: (url) => links.push(url),
    dialogs: {
      gone: async () => answers.gone ?? 'reload',
      stuck: (signal) => (signals.push(signal), answers.stuck ?? Promise.resolve('wait')),
      close: (contents) => void closed.push(contents)
    }
  }
  hardenApp(app as never, hardening)
  const contents = new Contents()
  app.emit('web-contents-created', {}, contents)
  return { app, contents, links, logged, closed, signals }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('every web contents', () => {
  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('stays on its page at %s', (event) => {
    const { contents } = harden()
    for (const url of [
      'https://example.org/',
      'file:///etc/passwd',
      'app://elsewhere/',
      'app://retrace.example/',
      'data:,x',
      ''
    ])
      expect(contents.prevents(event, url), url).toBe(true)
    expect(contents.prevents(event, `${origin}/runs`)).toBe(false)
    let prevented = false
    // As older versions say it.
    contents.emit(event, { preventDefault: () => (prevented = true) }, 'https://example.org/')
    expect(prevented).toBe(true)
  })

  it('has no webview and opens no window; links go to who asks the person', () => {
    const { contents, links } = harden()
    expect(contents.prevents('will-attach-webview')).toBe(true)
    expect(contents.opener({ url: 'https://example.org/' })).toEqual({ action: 'deny' })
    expect(links).toEqual(['https://example.org/'])
  })

  it.each([
    ['reload', 1, 0],
    ['close', 0, 1]
  ] as const)('whose page ended is offered to be reloaded: %s', async (gone, reloads, closed) => {
    const harden_ = harden({ gone })
    harden_.contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    await settled()
    expect([harden_.contents.reloads, harden_.closed.length]).toEqual([reloads, closed])
    expect(harden_.logged).toEqual(['window: its page ended: crashed (5)'])
  })

  it('that does not answer is asked about once, and no more when it answers again', async () => {
    let answer: (choice: 'reload' | 'wait') => void = () => undefined
    const { contents, signals } = harden({ stuck: new Promise((resolve) => (answer = resolve)) })
    contents.emit('unresponsive')
    contents.emit('unresponsive')
    expect(signals).toHaveLength(1)
    contents.emit('responsive')
    expect(signals[0]?.aborted).toBe(true)
    answer('reload')
    await settled()
    expect(contents.reloads).toBe(0)
    contents.emit('unresponsive')
    await settled()
    expect(contents.reloads).toBe(1)
  })
})

describe('the app', () => {
  it('has every renderer in the sandbox, except where Chromium has none', () => {
    expect(harden().app.asked).toEqual(['enableSandbox'])
    const root = new App(['no-sandbox'])
    hardenApp(root as never, {} as never)
    expect(root.asked).toEqual([])
  })

  it('logs a process that ended by itself', () => {
    const { app, logged } = harden()
    app.emit('child-process-gone', {}, { type: 'GPU', name: 'gpu', reason: 'crashed', exitCode: 1 })
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'clean-exit', exitCode: 0 })
    expect(logged).toEqual(['child process: GPU gpu crashed (1)'])
  })

  it('grants its own page to copy, and nothing else to anybody', () => {
    const session = new Session()
    hardenSession(session as never, origin)
    const asked = (contents: unknown, permission: string) => {
      let answered: boolean | null = null
      session.request(contents, permission, (granted) => (answered = granted))
      return [answered, session.check(contents, permission, origin)]
    }
    const [ours, theirs] = [{ getURL: () => `${origin}/` }, { getURL: () => 'https://example.org/' }]
    expect(asked(ours, 'clipboard-sanitized-write')).toEqual([true, true])
    expect(asked(theirs, 'clipboard-sanitized-write')).toEqual([false, false])
    expect(asked(null, 'clipboard-sanitized-write')).toEqual([false, false])
    for (const permission of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
      'usb',
      'hid'
    ])
      expect(asked(ours, permission), permission).toEqual([false, false])
    expect(session.check(ours, 'clipboard-sanitized-write', 'https://example.org')).toBe(false)
    expect(session.device()).toBe(false)
    // Chromium fetches dictionaries by itself.
    expect(session.spells).toBe(false)
  })

  it('has developer tools in its menu only while it is not packaged', () => {
    const menu = (isPackaged: boolean) => JSON.stringify(buildMenu('linux', () => undefined, { isPackaged }))
    expect(menu(false)).toContain('toggleDevTools')
    expect(menu(true)).not.toContain('toggleDevTools')
  })

  it('has one policy for its pages, in the window and in the browser', async () => {
    let sent: { readonly [name: string]: unknown } = {}
    setSecurityHeaders({ headers: (all: typeof sent) => void (sent = all) } as never)
    expect(sent['content-security-policy']).toBe(pagePolicy)
    const page = await answerPage(folder(), 'app://retrace/')
    expect(page.headers.get('content-security-policy')).toBe(pagePolicy)
    expect(pagePolicy).toContain("default-src 'none'; script-src 'self';")
  })
})

describe('a link', () => {
  const follow = async (url: string, yes: boolean) => {
    const [opened, confirmed]: [string[], string[]] = [[], []]
    const dialogs = {
      confirm: async (asked: URL) => (confirmed.push(asked.href), yes),
      open: async (address: string) => void opened.push(address)
    }
    return { done: await openLink(url, dialogs), opened, confirmed }
  }

  it.each([
    ...[
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://host/share',
      'ms-msdt:/id',
      'vbscript:x',
      'mailto:a@b.c',
      'app://retrace/'
    ],
    ...[
      'https://www.misp-project.org@evil.example/',
      'https://a:b@c.example/',
      'http://',
      'https://a b/',
      'https://a/\n--flag',
      'x'
    ],
    ...[
      'https://a/"&calc"',
      'https://a/`id`',
      'https://a/^',
      '\\\\host\\share',
      `https://a/${'x'.repeat(3000)}`,
      ' https://a/'
    ]
  ])('is not opened: %s', async (url) => {
    expect(outsideUrl(url)).toBeNull()
    expect(outsideUrl(`https://a/${'x'.repeat(3000)}`)).toBeNull()
    expect(await follow(url, true)).toEqual({ done: false, opened: [], confirmed: [] })
  })

  it('is opened after a person saw it, and MISP’s own pages at once', async () => {
    expect(await follow('https://example.org/a?b=c', false)).toMatchObject({ done: false, opened: [] })
    const url = 'https://example.org/a?b=c'
    expect(await follow(url, true)).toEqual({ done: true, opened: [url], confirmed: [url] })
    expect(await follow('https://www.misp-project.org/x', false)).toMatchObject({ done: true, confirmed: [] })
    for (const near of [
      'http://www.misp-project.org/',
      'https://www.misp-project.org:8443/',
      'https://www.misp-project.org.evil.example/'
    ])
      expect(await follow(near, false), near).toMatchObject({ done: false, confirmed: [near] })
  })
})

describe('the fuses of a packaged app', () => {
  it('are read out of its program, and every one that is otherwise is named', async () => {
    const { electronFuses, wrongFuses } = (await import('../../../scripts/fuses.mjs' as string)) as {
      readonly electronFuses: { readonly [name: string]: boolean }
      wrongFuses(program: Buffer): readonly string[]
    }
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false
    })
    const program = (wire: string, version = 1) =>
      Buffer.concat([
        Buffer.from('…code…dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
        Buffer.from([version, wire.length]),
        Buffer.from(`${wire}…more…`)
      ])
    expect(wrongFuses(program('01001100'))).toEqual([])
    expect(wrongFuses(program('r1rr11rr'))).toEqual([])
    // As Electron ships.
    expect(wrongFuses(program('10110001'))).toHaveLength(7)
    expect(wrongFuses(program('0100110'))).toEqual(['grantFileProtocolExtraPrivileges is not there, not false.'])
    expect(wrongFuses(Buffer.concat([program('01001100'), program('11001100')]))).toEqual([
      'runAsNode is true, not false.'
    ])
    expect(wrongFuses(program('01001100', 2))).toHaveLength(1)
    expect(wrongFuses(Buffer.from('a program'))).toHaveLength(1)
  })
})

describe('Chromium’s sandbox', () => {
  it('is given up for root alone, and that is said', async () => {
    const { sandboxOf } = (await import('../../../scripts/lib.mjs' as string)) as {
      sandboxOf(uid: number | undefined): { readonly args: readonly string[]; readonly why: string | null }
    }
    expect(sandboxOf(1000)).toEqual({ args: [], why: null })
    expect(sandboxOf(undefined)).toEqual({ args: [], why: null })
    expect(sandboxOf(0)).toMatchObject({
      args: ['--no-sandbox'],
      why: expect.stringContaining('sandbox is off') as string
    })
    const start = readFileSync(new URL('../../../scripts/start.mjs', import.meta.url), 'utf8')
    expect(start).not.toContain('--no-sandbox')
  })
})

describe('the desktop app as it starts', { timeout: 120_000 }, () => {
  const before = process.env.RETRACE_WORKSPACE
  afterEach(() => {
    process.env.RETRACE_WORKSPACE = before
    if (before === undefined) delete process.env.RETRACE_WORKSPACE
    vi.doUnmock('electron')
    vi.resetModules()
  })

  it('applies all of it, before there is a window', async () => {
    const order: string[] = []
    const user = folder()
    process.env.RETRACE_WORKSPACE = folder()
    const app = Object.assign(new App(), {
      isPackaged: true,
      requestSingleInstanceLock: () => true,
      whenReady: async () => void order.push('ready'),
      getVersion: () => '0',
      getPath: () => user,
      quit: () => order.push('quit'),
      exit: (code: number) => order.push(`exit ${code}`)
    })
    app.enableSandbox = () => void order.push('enableSandbox')
    const session = new Session()
    const windows: { readonly webPreferences: { readonly [name: string]: unknown } }[] = []
    let contents: Contents | null = null
    class BrowserWindow extends EventEmitter {
      webContents = new Contents()
      constructor(options: (typeof windows)[number]) {
        super()
        windows.push(options)
        order.push('window')
        contents = this.webContents
        app.emit('web-contents-created', {}, this.webContents)
      }
      static getAllWindows = () => [1]
      loadURL = async (url: string) => void order.push(url)
    }
    let menu: unknown = null
    const ipcMain = Object.assign(new EventEmitter(), { handle: () => undefined })
    vi.doMock('electron', () => ({
      ...{ app, BrowserWindow, ipcMain, session: { defaultSession: session } },
      Menu: {
        setApplicationMenu: (given: unknown) => void (menu = given),
        buildFromTemplate: (given: unknown) => given
      },
      protocol: { registerSchemesAsPrivileged: () => undefined, handle: () => order.push('pages') },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1000, height: 800 } }] },
      safeStorage: { isEncryptionAvailable: () => false },
      ...{ dialog: {}, shell: {}, webContents: {} }
    }))
    await import('../../../src/main/index.ts')
    await vi.waitUntil(() => menu !== null || order.some((step) => step.startsWith('exit')), { timeout: 10_000 })
    expect(order).toEqual(['enableSandbox', 'ready', 'pages', 'window', `${origin}/`])
    expect(windows[0]?.webPreferences).toMatchObject({
      ...{
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        devTools: false
      }
    })
    expect(contents!.prevents('will-redirect', 'https://example.org/')).toBe(true)
    expect(contents!.opener({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' })
    expect(contents!.listenerCount('render-process-gone')).toBe(1)
    expect(contents!.listenerCount('unresponsive')).toBe(1)
    expect(app.listenerCount('child-process-gone')).toBe(1)
    expect(session.check({ getURL: () => `${origin}/` }, 'media', origin)).toBe(false)
    expect(session.device()).toBe(false)
    // Chromium fetches dictionaries by itself.
    expect(session.spells).toBe(false)
    expect(JSON.stringify(menu)).not.toContain('toggleDevTools')
    app.emit('before-quit', { preventDefault: () => undefined })
    await vi.waitUntil(() => order.includes('quit'), { timeout: 10_000 })
  })
})
