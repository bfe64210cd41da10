// One tab for all tests of a process: what the browser compiled for a test need not be compiled for the next one. A test finds it as new: empty,
// with nothing stored, nobody listening, nothing allowed, in the usual size and colours. After a test that failed the browser is another one.
import type { Browser, BrowserContext, Page } from '@playwright/test'

const viewport = { width: 1280, height: 800 }
/** Events of a page that a test may listen to. */
const events = ['console', 'pageerror', 'dialog', 'request', 'requestfailed', 'response', 'websocket', 'popup'] as const

interface Undone {
  dispose(): Promise<void>
}

/** What the test under way has changed in the tab, and cannot be seen at it. */
const undone: Undone[] = []

/** Runs in each document of the test, before its own scripts. */
export async function atStart<A>(page: Page, script: (arg: A) => void, arg: A): Promise<void> {
  undone.push(await page.addInitScript(script as (arg: unknown) => void, arg))
}

/** What an earlier test stored is gone when a page is opened; what this one stores stays. */
function forget(test: string): void {
  if (!location.protocol.startsWith('http') || sessionStorage.getItem('test') === test) return
  localStorage.clear()
  sessionStorage.clear()
  sessionStorage.setItem('test', test)
}

export const openTab = (browser: Browser): Promise<BrowserContext> => browser.newContext({ viewport })

/** Whoever waits for a file chooser from the key press on that opens it may be late: the browser has to know before that it asks nobody. */
async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  return page.on('filechooser', () => undefined)
}

/** The tab, ready for a test. */
export async function emptied(context: BrowserContext, test: string): Promise<Page> {
  const page = context.pages()[0] ?? (await newPage(context))
  await atStart(page, forget, test)
  return page
}

/** Takes back what a test did to the tab. */
export async function leave(context: BrowserContext): Promise<void> {
  for (const one of undone.splice(0)) await one.dispose()
  const [page, ...others] = context.pages()
  for (const other of others) await other.close()
  await context.clearPermissions()
  if (!page) return
  for (const event of events) page.removeAllListeners(event)
  await page.goto('about:blank')
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  await page.mouse.move(-1, -1)
}
