// From an empty workspace to a captured run: the listener is set up in the app, posts come through `retrace send` as MISP sends them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import type { RecordedRun } from '../unit/host/capture/recorded-runs.ts'
import { expect, root, startApp, test as base } from './app.ts'
import { freePort, retrace, writePosts } from './capture-app.ts'

const test = base.extend<{ empty: { readonly url: string; readonly folder: string } }>({
  empty: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
    const started = await startApp(['scripts/retrace.mjs', 'serve', '--workspace', join(folder, 'w'), '--no-open'])
    await use({ url: started.url, folder })
    await started.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('shows what MISP posts as a run, and lets a person correct it', async ({ empty, page, complaints }) => {
  const port = await freePort()
  await page.goto(empty.url)
  await expect(page.getByRole('region', { name: 'Where to begin' })).toBeVisible()
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('region', { name: 'Listener' }).getByLabel('Port').fill(String(port))
  await page.getByRole('button', { name: 'Save and restart the listener' }).click()
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText(`127.0.0.1:${port}`)

  await page.getByRole('link', { name: 'Runs' }).click()
  await expect(page.getByRole('region', { name: 'Connect your MISP' })).toContainText(`http://127.0.0.1:${port}`)
  const runs = recordedRuns().filter((run) => run.posts.length > 3 && run.branches.length === 0)
  const stopped = runs.find((run) => run.posts.at(-1)?.target.includes('outcome=blocked'))
  expect(stopped).toBeDefined()
  const file = join(empty.folder, 'posts.ndjson')
  writePosts(file, [stopped as RecordedRun])
  expect(await retrace(['send', file, '--to', `http://127.0.0.1:${port}`])).toBe(0)

  await expect(page.getByText('Your MISP is connected')).toBeVisible()
  await expect(page.getByRole('note', { name: 'Debug mode' })).toContainText(
    '1 workflow of this MISP had debug mode on when it posted since this start (event-after-save). Switch it off in MISP'
  )
  const row = page.getByRole('row', { name: /blocked/ })
  await expect(row).toContainText('captured')
  await row.dblclick()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
  await expect(page.getByText('graph derived')).toBeVisible()
  await page.getByRole('tab', { name: /Raw post/ }).click()
  await expect(page.getByRole('tree')).toBeVisible()

  await page.getByRole('link', { name: 'Posts' }).click()
  const posts = page.getByLabel('Posts: rows').getByRole('row')
  await expect(posts).toHaveCount(stopped?.posts.length ?? 0)
  await posts.first().click()
  await expect(page.getByRole('region', { name: 'Post' })).toContainText('SHA-256')
  await posts.first().click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Move to a new run' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('link', { name: 'Runs' }).click()
  await expect(page.getByLabel('Runs: rows').getByRole('row')).toHaveCount(1)

  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  const storage = page.getByRole('region', { name: 'Storage' })
  await storage.getByRole('button', { name: 'Compact now' }).click()
  await expect(page.getByText(/Compacted from /)).toBeVisible()
  await storage.getByLabel('Number of runs, at most').fill('0')
  await expect(storage.getByRole('list', { name: 'Runs that would be removed' }).getByRole('listitem')).toHaveCount(1)
  await storage.getByRole('button', { name: 'Remove 1 run now, permanently' }).click()
  await expect(page.getByText('1 run removed')).toBeVisible()
  await page.getByRole('link', { name: 'Runs' }).click()
  await expect(page.getByRole('region', { name: 'Where to begin' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('shows what retrace listen takes, as it comes, and opens the workspace itself when that ends', async ({
  page,
  complaints
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const [workspace, port, own] = [join(folder, 'w'), await freePort(), await freePort()]
  const args = ['scripts/retrace.mjs', 'listen', '--port', String(port), '--workspace', workspace]
  const listen = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  await once(listen.stdout, 'data')
  const serve = ['scripts/retrace.mjs', 'serve', '--workspace', workspace, '--no-open']
  const app = await startApp(serve, { RETRACE_CAPTURE_PORT: String(own) })
  await page.goto(app.url)
  const status = page.getByRole('contentinfo', { name: 'Status' })
  await expect(status).toContainText(`http://127.0.0.1:${port}`)
  const card = page.getByRole('region', { name: 'Connect your MISP' })
  await expect(card).toContainText(`Posts are taken by process ${listen.pid}`)
  const run = recordedRuns().find(({ posts, branches }) => posts.length > 3 && branches.length === 0)
  const file = join(folder, 'posts.ndjson')
  writePosts(file, [run as RecordedRun])
  expect(await retrace(['send', file, '--to', `http://127.0.0.1:${port}`])).toBe(0)
  await expect(page.getByRole('row', { name: /captured/ })).toHaveCount(1)

  listen.kill('SIGKILL')
  await expect(page.getByText(`Process ${listen.pid}, which had this workspace open, has ended.`)).toBeVisible()
  await expect(status).toContainText(`http://127.0.0.1:${own}`)
  expect(await retrace(['send', file, '--to', `http://127.0.0.1:${own}`])).toBe(0)
  await expect(page.getByRole('row', { name: /captured/ })).toHaveCount(2)
  await app.close()
  rmSync(folder, { recursive: true, force: true })
  expect(complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))).toEqual([])
})
