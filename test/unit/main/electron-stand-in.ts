// Electron as far as main and preload use it. Each part is declared as part of Electron's own types, so that what a new Electron takes away or
// renames does not go unnoticed; what is called is noted.
import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'

type Page = Readonly<Record<'heading' | 'origin' | 'node' | 'bridge', string>>

/** What tests say of the machine, and what they read afterwards. */
export const seen = {
  page: {
    heading: 'Runs',
    origin: 'app://retrace',
    node: 'undefined,undefined,undefined,undefined',
    bridge: 'listen,onCommand,platform,post,upload'
  } as Page,
  switches: [] as string[],
  windows: [] as StandInWindow[],
  exits: [] as number[],
  paths: new Map<string, string>(),
  schemes: [] as Electron.CustomScheme[],
  sandboxes: 0,
  /** Whether this start is the first. */
  isFirst: true,
  quits: 0,
  relaunched: [] as (Electron.RelaunchOptions | undefined)[],
  sent: [] as string[],
  focused: 0,
  exposed: new Map<string, unknown>()
}

class StandInContents extends EventEmitter {
  readonly id = 1
  readonly mainFrame = {}
  executeJavaScript = (): Promise<Page> => Promise.resolve(seen.page)
  isLoading = (): boolean => false
  getURL = (): string => 'app://retrace/'
  isDestroyed = (): boolean => false
  send = (channel: string, text: string): void => void seen.sent.push(`${channel} ${text}`)
  reload = (): void => undefined
  setWindowOpenHandler = (): void => undefined
}

export class StandInWindow extends EventEmitter {
  readonly webContents = new StandInContents()
  url = ''
  constructor(readonly options: Electron.BrowserWindowConstructorOptions) {
    super()
    seen.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  static getAllWindows = (): StandInWindow[] => seen.windows
  loadURL = (url: string): Promise<void> => {
    this.url = url
    this.emit('ready-to-show')
    return Promise.resolve()
  }
  show = (): void => undefined
  focus = (): void => void seen.focused++
  isVisible = (): boolean => true
  maximize = (): void => undefined
  isMaximized = (): boolean => false
  isMinimized = (): boolean => false
  getNormalBounds = (): Electron.Rectangle => ({ x: 0, y: 0, width: 1280, height: 800 })
}

/** The parts of `T` that a stand-in has, as Electron declares them. */
type Parts<T, K extends keyof T> = { readonly [N in K]: T[N] }

class StandInApp extends EventEmitter {
  readonly isPackaged: Electron.App['isPackaged'] = false
  readonly commandLine: Parts<Electron.CommandLine, 'hasSwitch'> = { hasSwitch: (name) => seen.switches.includes(name) }
  readonly enableSandbox: Electron.App['enableSandbox'] = () => void seen.sandboxes++
  readonly requestSingleInstanceLock: Electron.App['requestSingleInstanceLock'] = () => seen.isFirst
  readonly whenReady: Electron.App['whenReady'] = () => Promise.resolve()
  readonly getVersion: Electron.App['getVersion'] = () => '0.0.0'
  readonly getPath: Electron.App['getPath'] = (name) => seen.paths.get(name) ?? ''
  readonly setPath: Electron.App['setPath'] = (name, path) => void seen.paths.set(name, path)
  readonly getAppMetrics: Electron.App['getAppMetrics'] = () => []
  readonly quit: Electron.App['quit'] = () => void seen.quits++
  readonly relaunch: Electron.App['relaunch'] = (options) => void seen.relaunched.push(options)
  readonly exit: Electron.App['exit'] = (status = 0) => {
    seen.exits.push(status)
    this.emit('exited')
  }
}

export const app = new StandInApp()
export const BrowserWindow = StandInWindow

export const protocol: Parts<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'> = {
  registerSchemesAsPrivileged: (schemes) => void seen.schemes.push(...schemes),
  handle: () => undefined
}

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] } satisfies {
  getAllDisplays: () => Pick<Electron.Display, 'workArea'>[]
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
    setSpellCheckerEnabled: () => undefined
  } satisfies Parts<
    Electron.Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'setSpellCheckerEnabled'
  >
}

class StandInIpc extends EventEmitter {
  readonly handle: Electron.IpcMain['handle'] = () => undefined
}
export const ipcMain = new StandInIpc()
export const ipcRenderer = Object.assign(new EventEmitter(), {
  send: (() => undefined) satisfies Electron.IpcRenderer['send'],
  invoke: (() => Promise.resolve()) satisfies Electron.IpcRenderer['invoke']
})
export const webUtils: Electron.WebUtils = { getPathForFile: () => '' }
export const contextBridge = {
  exposeInMainWorld: ((key, api) =>
    void seen.exposed.set(key, api)) satisfies Electron.ContextBridge['exposeInMainWorld']
}
export const Menu = { setApplicationMenu: () => undefined, buildFromTemplate: () => ({}) } satisfies Partial<
  Record<keyof typeof Electron.Menu, unknown>
>
export const safeStorage: Parts<Electron.SafeStorage, 'isEncryptionAvailable'> = { isEncryptionAvailable: () => false }
export const dialog = {}
export const shell = {}
export const webContents = { getAllWebContents: () => [] }
