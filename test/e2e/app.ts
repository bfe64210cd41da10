// Starts the app as `npm start` does without Electron, on a workspace of its own, and watches the console of its pages.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface App {
  /** With the token. */
  readonly url: string
  readonly folder: string
}

/** `app` starts on a copy of the demo workspace, as a first start does. Each test ends with a look at the console: no errors. */
export const test = base.extend<{ app: App; complaints: string[] }>({
  app: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
    const env = { ...process.env, XDG_DATA_HOME: folder, DISPLAY: '', WAYLAND_DISPLAY: '' }
    const child = spawn(process.execPath, ['scripts/start.mjs', '--browser', '--no-open'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit']
    })
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const url = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stdout.on('data', (piece: Buffer) => {
        text += piece.toString()
        const found = /^open (http\S+)$/m.exec(text)?.[1]
        if (found) resolve(found)
      })
      child.once('exit', () => reject(new Error(`the app ended: ${text}`)))
    })
    await use({ url, folder: join(folder, 'retrace', 'workspace') })
    child.kill()
    await exited
    rmSync(folder, { recursive: true, force: true })
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
