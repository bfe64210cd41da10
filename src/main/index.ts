// The desktop app: life cycle, windows, menu, IPC gate. Everything else is the host's.
import { append } from '../contract/lists.ts'
import { app, BrowserWindow, ipcMain, Menu, protocol, screen, session } from 'electron'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ipcChannel } from '../contract/wire.ts'
import { createWorkspaces } from '../host/workspaces/workspaces.ts'
import type { AppHost } from '../host/host.ts'
import { endOnUncaught } from '../host/uncaught.ts'
import { defaultWorkspace, userFolder } from '../host/user-folder.ts'
import { createMistakeLog } from '../host/ports/log.ts'
import { watchPosts } from '../host/capture/parting.ts'
import { Closing } from './closing.ts'
import { askToClose, linkDialogs, troubleDialogs } from './dialogs.ts'
import { setupGate, setupUploads } from './gate.ts'
import { hardenApp, hardenSession } from './hardening.ts'
import { openLink } from './links.ts'
import { argsAgain, filesOf } from './given-files.ts'
import { systemKeys } from './keys.ts'
import { buildMenu } from './menu.ts'
import { answerPage, pageOrigin, pageScheme } from './pages.ts'
import { isSelfTest, selfTest, useOwnFolder } from './self-test.ts'
import { readWindowState, saveWindowState } from './window-state.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')

protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }
])

/** Until there is a workspace: standard error. */
let log = createMistakeLog(null)
hardenApp(app as never, {
  origin: pageOrigin,
  log: (context, error) => log(context, error),
  dialogs: troubleDialogs,
  openLink: (url) => openLink(url, linkDialogs).catch(() => false)
})
if (app.isPackaged && app.commandLine.hasSwitch('no-sandbox'))
  console.warn('Chromium’s sandbox is off: --no-sandbox was given')

const testing = isSelfTest(process.argv) ? useOwnFolder(process.env, app) : null
// The second start brings the first one's window to the front.
if (!testing && !app.requestSingleInstanceLock()) app.quit()
else start().catch((error: unknown) => fail(error))
// Until the host is there, which then goes on whatever happens.
endOnUncaught((_context, error) => fail(error))

function fail(error: unknown): void {
  console.error(`error ${error instanceof Error ? error.message : String(error)}`)
  app.exit(5)
}

async function start(): Promise<void> {
  let window: BrowserWindow | null = null
  let host: AppHost | null = null
  let closing: Closing | null = null
  // Files come before and after the host is there: from the command line, from a second start, and on macOS from the Finder.
  const early: string[] = filesOf(process.argv, app.isPackaged)
  const openFiles = (files: readonly string[]): void => {
    if (closing?.hasBegun) return startAgain(files)
    if (!host) return void append(early, files)
    host.opened.add(files)
    // On macOS the app goes on without a window. A new one asks for the files by itself.
    if (!window) open()
    else if (files.length > 0) send('opened')
  }
  const startAgain = startedAgain()
  const send = (command: string): void => window?.webContents.send(`${ipcChannel}:command`, command)
  const open = (): void => {
    const opened = openWindow()
    closing?.watch(opened as never)
    // A closed window can be asked nothing any more.
    opened.once('closed', () => (window = window === opened ? null : window))
    window = opened
  }
  app.on('second-instance', (_event, args, folder) => {
    if (!closing?.hasBegun) {
      if (window?.isMinimized()) window.restore()
      window?.focus()
    }
    openFiles(filesOf(args, app.isPackaged, folder))
  })
  app.on('open-file', (event, file) => {
    event.preventDefault()
    openFiles([file])
  })
  await app.whenReady()
  host = await createWorkspaces({
    workspace: defaultWorkspace(),
    shell: 'desktop',
    version: app.getVersion(),
    userFolder: userFolder(),
    keys: systemKeys(userFolder()),
    workerUrl: pathToFileURL(join(here, 'worker.js'))
  })
  // Also what came while the workspace was being opened.
  host.opened.add(early)
  log = host.mistake
  closing = closingOf(host)
  protocol.handle(pageScheme, (request) => answerPage(join(root, 'out', 'renderer'), request.url))
  hardenSession(session.defaultSession as never, pageOrigin)
  setupGate(ipcMain as never, host, pageOrigin)
  setupUploads(ipcMain as never, host, pageOrigin)
  open()
  if (testing) return testWindow(window, host, testing)
  Menu.setApplicationMenu(Menu.buildFromTemplate(buildMenu(process.platform, send, app)))
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open()
  })
}

/** Who starts the app, or opens a file with it, while it closes gets it when it has ended, with all these files. */
function startedAgain(): (files: readonly string[]) => void {
  let wanted: string[] | null = null
  app.once('will-quit', () => {
    if (!wanted) return
    // An AppImage's program stands in a mount that goes with it.
    const execPath = process.env.APPIMAGE ?? process.execPath
    app.relaunch({ execPath, args: argsAgain(process.argv, app.isPackaged, wanted) })
  })
  return (files) => void append((wanted ??= []), files)
}

async function testWindow(window: BrowserWindow | null, host: AppHost, remove: () => void): Promise<void> {
  const about = { commandLine: app.commandLine, origin: pageOrigin, isRoot: process.getuid?.() === 0 }
  const call = (name: 'run.start' | 'runs.get', params: object) => host.call(name, params)
  const status = window
    ? await selfTest({ ...about, window, call, processes: app.getAppMetrics() }, (line) => console.log(line))
    : 1
  await host.close()
  remove()
  app.exit(status)
}

function closingOf(host: AppHost): Closing {
  const parting = watchPosts(host)
  const closing = new Closing(app as never, {
    ...{ parting, ask: askToClose, log: host.mistake, platform: process.platform },
    close: () => host.close()
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      const hazard = parting()
      if (hazard !== null) console.error(`warning ${hazard}`)
      closing.agree()
      app.quit()
    })
  return closing
}

function openWindow(): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json')
  const state = readWindowState(
    stateFile,
    screen.getAllDisplays().map((display) => display.workArea)
  )
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: 800,
    minHeight: 500,
    show: false,
    title: 'Retrace',
    webPreferences: {
      preload: join(here, '..', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged
    }
  })
  if (state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on(
    'close',
    () => void saveWindowState(stateFile, window.getNormalBounds(), window.isMaximized()).catch(() => undefined)
  )
  void window.loadURL(`${pageOrigin}/`)
  return window
}
