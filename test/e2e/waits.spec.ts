// What takes long shows that it goes on, can be cancelled and leaves nothing then; what is missing or broken says so, and what to do. No
// clock is looked at: something is seen while the slow thing still goes on.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { postsFile } from '../bench/ui-workloads.ts'
import { demoHome, expect, startApp, test } from './app.ts'

const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash)
const status = (page: Page) => page.getByRole('contentinfo', { name: 'Status' })
const alert = (page: Page) => page.getByRole('main').getByRole('alert')

test('shows how far a long import is, stays usable, and takes everything back when it is cancelled', async ({
  app,
  page,
  complaints
}, info) => {
  test.setTimeout(180_000)
  await page.goto(app.url)
  await go(page, '#/posts')
  await expect(page.getByText('No posts yet')).toBeVisible()
  // As a file: a text of this size takes longer to be handed to the browser than to be imported.
  const file = info.outputPath('many.ndjson')
  writeFileSync(file, postsFile(40_000))
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('ControlOrMeta+o')
  await (await chooser).setFiles(file)
  const bar = status(page).getByRole('progressbar', { name: 'Importing many.ndjson' })
  await expect(bar).toHaveAttribute('aria-valuenow', /\d/, { timeout: 60_000 })
  const cancel = status(page).getByRole('button', { name: 'Cancel: Importing many.ndjson' })
  await expect(cancel).toBeVisible()
  // Another view answers meanwhile.
  await go(page, '#/data/invoice-phishing')
  await expect(page.getByRole('heading', { name: 'Invoice phishing' })).toBeVisible()
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await expect(bar).toBeVisible()
  await cancel.click()
  await expect(page.getByText('Cancelled. Nothing was saved.')).toBeVisible({ timeout: 40_000 })
  await expect(bar).toHaveCount(0)
  await go(page, '#/posts')
  await expect(page.getByText('No posts yet')).toBeVisible()
  await go(page, '#/runs')
  await expect(page.getByLabel('Runs: rows').getByRole('row')).toHaveCount(1)
  rmSync(file)
  expect(complaints).toEqual([])
})

test('stops asking a MISP that does not answer', async ({ app, page, complaints }) => {
  const closed: string[] = []
  const silent = createServer((request) => request.on('close', () => closed.push(request.url ?? '')))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', () => resolve()))
  const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  await page.goto(app.url)
  await go(page, '#/connect')
  await page.getByLabel('Address').fill(address)
  await page.getByLabel(/^Auth key/).fill('0123456789')
  await page.getByRole('button', { name: /^Fetch/ }).click()
  await expect(status(page).getByRole('progressbar', { name: new RegExp(`from ${address}`) })).toBeVisible()
  await status(page)
    .getByRole('button', { name: /^Cancel: / })
    .click()
  await expect(status(page).getByRole('progressbar')).toHaveCount(0)
  await expect(page.getByText(/cancelled/i).first()).toBeVisible()
  // The request itself ended, not only the waiting for it.
  await expect.poll(() => closed.length).toBeGreaterThan(0)
  silent.closeAllConnections()
  silent.close()
  expect(complaints).toEqual([])
})

const links: readonly (readonly [string, RegExp, string])[] = [
  ['#/runs/nope', /There is no run “?"?nope/, 'All runs'],
  ['#/runs/nope/effects', /There is no run/, 'All runs'],
  ['#/workflows/nope', /There is no workflow/, 'All workflows'],
  ['#/data/nope', /There is no data set/, 'All data'],
  ['#/data/nope/hash', /There is no data set/, 'All data'],
  ['#/modules/nope', /has no module “nope”/, 'All modules'],
  ['#/modules/nope/execute', /has no module “nope”/, 'All modules'],
  ['#/triggers/nope', /MISP has no trigger/, 'All triggers'],
  ['#/nowhere', /Page not found: “nowhere”/, 'All runs']
]

test('says of each link to something that is not there what is missing, and leads on', async ({ app, page }) => {
  await page.goto(app.url)
  const main = page.getByRole('main')
  for (const [hash, text, way] of links) {
    await go(page, hash)
    await expect(main.getByText(text).first(), hash).toBeVisible()
    await expect(main.getByRole('link', { name: way }).or(main.getByRole('button', { name: way })), hash).toBeVisible()
  }
  await go(page, '#/workflows/run?workflow=nope&data=nope')
  await expect(main.getByText(/There is no workflow “nope”/)).toBeVisible()
  await expect(main.getByText(/There is no data set/)).toBeVisible()
  await go(page, '#/runs')
  const id = (await page.getByLabel('Runs: rows').getByRole('row').first().getAttribute('id'))?.slice('row-'.length)
  await go(page, `#/runs/${id}/step/99`)
  await expect(page.getByText(/The run has no step 99/)).toBeVisible()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
})

test('keeps files that it cannot read, and says which they are and what to do', async ({ page }) => {
  test.setTimeout(60_000)
  const home = demoHome()
  const folder = join(home, 'retrace', 'workspace')
  const start = () =>
    startApp(['scripts/start.mjs', '--browser', '--no-open'], { RETRACE_USER_FOLDER: join(home, 'retrace') })
  const first = await start()
  await page.goto(first.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await first.close()
  const name = readdirSync(join(folder, 'runs')).find((one) => /^\d.*\.ndjson$/.test(one)) ?? ''
  const file = join(folder, 'runs', name)
  const whole = readFileSync(file)
  truncateSync(file, Math.floor(whole.length / 2))
  const workflow = join(folder, 'workflows', 'demo-1', '1.json')
  writeFileSync(workflow, 'this is no JSON')
  const newer = join(folder, 'workflows', 'demo-2', '1.json')
  writeFileSync(newer, readFileSync(newer, 'utf8').replace(/"version":\s*1/, '"version": 99'))
  writeFileSync(join(folder, 'data', 'invoice-phishing.json'), '{"Event": {"info": "cut')

  const second = await start()
  await page.goto(second.url)
  await expect(status(page).getByRole('button', { name: '2 unreadable' })).toBeVisible()
  await go(page, '#/workflows/demo-1')
  await expect(page.getByRole('main')).toContainText(/workflows\/demo-1\/1\.json cannot be read.*kept as 1\.json\.bad/)
  await go(page, '#/workflows/demo-2')
  await expect(page.getByRole('main')).toContainText(/workflows\/demo-2\/1\.json has version 99/)
  await go(page, '#/data/invoice-phishing')
  await expect(alert(page)).toContainText(/invoice-phishing\.json is not valid JSON/)
  await go(page, `#/runs/${name.replace('.ndjson', '')}`)
  await expect(alert(page)).toContainText(/Nothing was deleted/)
  await expect(alert(page)).toContainText(`${name}.bad`)
  expect(existsSync(`${file}.bad`)).toBe(true)
  // Repaired and put back, it is read again.
  writeFileSync(`${file}.bad`, whole)
  renameSync(`${file}.bad`, file)
  await alert(page).getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
  await second.close()
})
