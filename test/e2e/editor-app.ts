// The editor's tests have an app on an empty workspace, or several.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { root, serveApp, test as base } from './app.ts'
import type { Started } from './app.ts'

export const demo = join(root, 'resources', 'workspaces', 'publish-guard')

export interface Apps {
  /** Starts the app on an empty workspace that knows the demonstration's users and tags. */
  readonly open: () => Promise<{ readonly url: string; readonly folder: string }>
  readonly scratch: string
}

export const test = base.extend<{ apps: Apps }>({
  apps: async ({}, use) => {
    const scratch = mkdtempSync(join(tmpdir(), 'retrace-editor-'))
    const started: Pick<Started, 'close'>[] = []
    await use({
      scratch,
      async open() {
        const folder = join(scratch, `workspace-${started.length}`)
        mkdirSync(folder)
        cpSync(join(demo, 'world'), join(folder, 'world'), { recursive: true })
        const catalogue = { version: 1, name: 'empty', createdAt: '2024-10-21T08:00:00.000Z', settings: {} }
        writeFileSync(join(folder, 'catalogue.json'), JSON.stringify(catalogue))
        const one = await serveApp(folder, scratch)
        started.push(one)
        return { url: one.url, folder }
      }
    })
    for (const one of started) await one.close()
    rmSync(scratch, { recursive: true, force: true })
  }
})

export const graph = (page: Page): Locator => page.getByRole('application', { name: 'Workflow graph' })
export const node = (page: Page, name: string): Locator =>
  page.locator('.react-flow__node-module').filter({ hasText: name })
