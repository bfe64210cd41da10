// Starts the app as `npm start` does without Electron, on a workspace of its own, and watches the console of its pages.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { test as base } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
// @ts-expect-error a script, without types
import * as script from '../../scripts/app.mjs'
import type { OperationName, Params, Result } from '../../src/contract/operations.ts'
import type * as server from '../../src/server/index.ts'
import { atStart, emptied, leave, openTab } from './tab.ts'

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface App {
  /** With the token. */
  readonly url: string
  readonly folder: string
}

export interface Started {
  /** With the token. */
  readonly url: string
  close(): Promise<void>
  /** As a crash: nothing can be written any more. */
  kill(): Promise<void>
}

/** Starts one of the project's scripts that serve the app, without a display, and waits for the address that it prints. */
export const startApp = script.startApp as (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Started>

const built = (file: string): URL => pathToFileURL(join(root, 'out', 'node', file))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

/** Where this process served an app that has ended: the browser has the code of the page under that address compiled already. */
let freePort = 0

/** Serves a workspace from the test's own process, which costs a second less than a process of its own. `home`: for the user's own folder. */
export async function serveApp(workspace: string, home: string): Promise<Pick<Started, 'url' | 'close'>> {
  process.env.RETRACE_USER_FOLDER = join(home, 'retrace')
  const { serve } = (await import(built('server.mjs').href)) as Pick<typeof server, 'serve'>
  const options = {
    ...{ workspace, version, workerUrl: built('worker.mjs'), pageFolder: join(root, 'out', 'renderer') },
    listener: { port: 0 }
  }
  const port = freePort
  freePort = 0
  // Whoever took the port meanwhile keeps it.
  const started = port === 0 ? await serve(options) : await serve({ ...options, port }).catch(() => serve(options))
  return {
    url: started.url,
    async close() {
      await started.close()
      freePort = Number(new URL(started.url).port)
    }
  }
}

/** A folder for the user's data, in which the own workspace is a copy of a demonstration. */
export function demoHome(demonstration = 'blocked-publish'): string {
  const home = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  mkdirSync(join(home, 'retrace'))
  cpSync(join(root, 'resources', 'workspaces', demonstration), join(home, 'retrace', 'workspace'), { recursive: true })
  return home
}

/** Calls an operation as a shell does. `url`: the app's, with the token. */
export async function call<N extends OperationName>(url: string, name: N, params: Params<N>): Promise<Result<N>> {
  const token = new URL(url).hash.replace('#token=', '')
  const answer = await fetch(new URL(`/api/call/${name}`, url), {
    method: 'POST',
    body: JSON.stringify(params),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  })
  const { ok, data, error } = (await answer.json()) as { ok: boolean; data: Result<N>; error?: unknown }
  if (!ok) throw new Error(JSON.stringify(error))
  return data
}

/** Data is edited as text from the start of the next page on, as a person who prefers that has it. */
export const preferText = (page: Page): Promise<void> =>
  atStart(
    page,
    (key) => {
      if (!location.protocol.startsWith('http')) return
      const known = JSON.parse(localStorage.getItem(key) ?? '{}') as object
      localStorage.setItem(key, JSON.stringify({ dataAsText: true, ...known }))
    },
    'retrace.preferences'
  )

/**
 * `app` starts on a copy of a demonstration, so that there is a run to look at. Each test ends with a look at the console: no errors.
 * `page` is the tab of the test before, emptied; for a test with the tag @own-tab it is one that has seen nothing.
 */
export const test = base.extend<{ app: App; complaints: string[] }, { tab: BrowserContext }>({
  tab: [
    async ({ browser }, use) => {
      const tab = await openTab(browser)
      await use(tab)
      await tab.close()
    },
    { scope: 'worker' }
  ],
  context: async ({ browser, tab }, use, { tags }) => {
    const context = tags.includes('@own-tab') ? await openTab(browser) : tab
    await use(context)
    if (context === tab) await leave(tab)
    else await context.close()
  },
  page: async ({ context }, use, { testId, retry }) => {
    await use(await emptied(context, `${testId} ${retry}`))
  },
  app: async ({}, use) => {
    const home = demoHome()
    const folder = join(home, 'retrace', 'workspace')
    const started = await serveApp(folder, home)
    await use({ url: started.url, folder })
    await started.close()
    rmSync(home, { recursive: true, force: true })
  },
  complaints: async ({ page }, use) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await use(complaints)
  }
})

export { expect } from '@playwright/test'
