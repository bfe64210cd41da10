// What keeps a window to its own page: applied to every web contents that there ever is, not to windows one by one. Electron is stood in for by
// tests; the interfaces name what is used of it.
import type { LogMistake } from '../host/ports/log.ts'

interface Preventable {
  preventDefault(): void
}
/** Electron hands the address over on the event, and in older ways beside it. */
type Navigation = Preventable & { readonly url?: string }
interface Gone {
  readonly reason: string
  readonly exitCode: number
  readonly type?: string
  readonly name?: string
}

interface HardenedContents {
  on(
    event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate',
    listener: (event: Navigation, url?: string) => void
  ): unknown
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown
  on(event: 'render-process-gone', listener: (event: unknown, details: Gone) => void): unknown
  on(event: 'unresponsive' | 'responsive', listener: () => void): unknown
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: 'deny' }): void
  getURL(): string
  isDestroyed(): boolean
  reload(): void
}

export interface HardenedApp {
  readonly commandLine: { hasSwitch(name: string): boolean }
  enableSandbox(): void
  on(event: 'web-contents-created', listener: (event: unknown, contents: HardenedContents) => void): unknown
  on(event: 'child-process-gone', listener: (event: unknown, details: Gone) => void): unknown
}

type Permitted = { getURL(): string } | null

export interface HardenedSession {
  setPermissionRequestHandler(
    handler: (contents: Permitted, permission: string, answer: (granted: boolean) => void) => void
  ): void
  setPermissionCheckHandler(handler: (contents: Permitted, permission: string, origin: string) => boolean): void
  setDevicePermissionHandler(handler: () => boolean): void
  setSpellCheckerEnabled(enable: boolean): void
}

/** Asks a person about a page that is in trouble. */
export interface TroubleDialogs {
  /** The page ended. Resolves to what to do. */
  gone(reason: string): Promise<'reload' | 'close'>
  /** The page does not answer. `again`: aborted once it does. */
  stuck(again: AbortSignal): Promise<'reload' | 'wait'>
  close(contents: HardenedContents): void
}

export interface Hardening {
  /** `app://retrace`. */
  readonly origin: string
  readonly log: LogMistake
  readonly dialogs: TroubleDialogs
  /** A link that leads out. */
  readonly openLink: (url: string) => unknown
}

/** To copy what a person clicks to be copied; the page asks for nothing else. */
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

const isOurPage = (url: string, origin: string): boolean => url === origin || url.startsWith(`${origin}/`)

/** Before the app is ready. */
export function hardenApp(app: HardenedApp, hardening: Hardening): void {
  // As root Chromium starts without its sandbox or not at all; asking for it then would end the app.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  app.on('web-contents-created', (_event, contents) => hardenContents(contents, hardening))
  app.on('child-process-gone', (_event, { type = 'unknown', name = '', reason, exitCode }) => {
    if (reason !== 'clean-exit') hardening.log('child process', `${type} ${name} ${reason} (${exitCode})`)
  })
}

export function hardenSession(session: HardenedSession, origin: string): void {
  const mayAsk = (contents: Permitted, permission: string): boolean =>
    granted.has(permission) && contents !== null && isOurPage(contents.getURL(), origin)
  session.setPermissionRequestHandler((contents, permission, answer) => answer(mayAsk(contents, permission)))
  session.setPermissionCheckHandler(
    (contents, permission, asking) => mayAsk(contents, permission) && isOurPage(asking.replace(/\/$/, ''), origin)
  )
  session.setDevicePermissionHandler(() => false)
  // It would fetch its dictionaries from Google's servers, and nothing leaves unless a person says so.
  session.setSpellCheckerEnabled(false)
}

function hardenContents(contents: HardenedContents, hardening: Hardening): void {
  const { origin, openLink } = hardening
  const stay = (event: Navigation, url?: string): void => {
    if (!isOurPage(event.url ?? url ?? '', origin)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url)
    return { action: 'deny' }
  })
  watchTrouble(contents, hardening)
}

function watchTrouble(contents: HardenedContents, { dialogs, log }: Hardening): void {
  const logged = (error: unknown): void => log('window', error)
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    // A window that is closed ends its page, too.
    if (reason === 'clean-exit' || contents.isDestroyed()) return
    log('window', `its page ended: ${reason} (${exitCode})`)
    const act = (choice: 'reload' | 'close'): void => {
      if (contents.isDestroyed()) return
      if (choice === 'reload') contents.reload()
      else dialogs.close(contents)
    }
    dialogs.gone(reason).then(act).catch(logged)
  })
  let asking: AbortController | null = null
  const answers = (): void => {
    asking?.abort()
    asking = null
  }
  contents.on('responsive', answers)
  contents.on('unresponsive', () => {
    if (asking !== null) return
    const question = new AbortController()
    asking = question
    log('window', 'its page is not responding')
    const act = (choice: 'reload' | 'wait'): void => {
      if (asking === question) asking = null
      if (choice === 'reload' && !question.signal.aborted && !contents.isDestroyed()) contents.reload()
    }
    dialogs.stuck(question.signal).then(act).catch(logged)
  })
}
