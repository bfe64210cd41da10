// The thin path through all layers: page, client, WebSocket, registry, host, worker, engine.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, serveApp, test } from './app.ts'
import { viewsLoaded } from './every-view.ts'

test('shows the blocked run of the demo with the input and output of its steps', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page).toHaveTitle('Runs · My workspace – Retrace')
  // The token does not stay where it can be copied by accident.
  expect(page.url()).not.toContain('token')
  const run = page.getByRole('row', { name: /Publishing was refused/ })
  await expect(run).toContainText('blocked')
  await run.dblclick()
  await expect(page.getByText('The event was not published.').first()).toBeVisible()
  await page.getByRole('tab', { name: 'Input' }).click()
  await expect(page.getByRole('tree').first()).toContainText('Event')
  await page.getByRole('tab', { name: 'Output' }).click()
  await expect(page.getByRole('tree').first()).toContainText('Event')
  expect(complaints).toEqual([])
})

test('asks for few files: one for the first view, few for all others', { tag: '@own-tab' }, async ({ app, page }) => {
  const scripts: string[] = []
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
  await page.goto(app.url)
  await expect(page.getByRole('row', { name: /Publishing was refused/ })).toBeVisible()
  const first = scripts.filter((url) => !/\/(views|json-editor|graph)-/.test(url))
  // The page's own entry and the bundler's helpers are small ones of their own.
  expect(first.length, first.join(' ')).toBeLessThanOrEqual(3)
  await viewsLoaded(page)
  expect(scripts.length, scripts.join(' ')).toBeLessThanOrEqual(6)
})

test('refuses a page without the token', async ({ app, page }) => {
  const answer = await page.request.post(new URL('/api/call/runs.list', app.url).href, { data: {} })
  expect(answer.status()).toBe(401)
})

test('says what it is on a first start, and shows a demonstration apart from the own workspace', async ({
  page,
  complaints
}) => {
  const home = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const app = await serveApp(join(home, 'retrace', 'workspace'), home)
  await page.goto(app.url)
  const welcome = page.getByRole('region', { name: 'Where to begin' })
  await expect(welcome).toContainText('Retrace debugs and replays MISP workflows offline.')
  await expect(welcome.getByRole('region', { name: 'Connect your MISP' })).toContainText('Plugin.Workflow_debug_url')
  const note = welcome.getByRole('note', { name: 'Debug mode' })
  await expect(note).toContainText('Switch the debug mode of workflows off in MISP before you close Retrace')
  await welcome.getByRole('button', { name: 'Open a blocked run' }).click()
  await expect(page.getByText('The event was not published.').first()).toBeVisible()
  const listener = await page
    .getByRole('contentinfo', { name: 'Status' })
    .getByText(/^http:/)
    .textContent()
  await page.getByRole('button', { name: 'Back to My workspace' }).click()
  await expect(welcome).toBeVisible()
  // Nothing of the demonstration came along, and MISP's posts go where they went.
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText(listener ?? '')
  await page.goto(new URL('#/workflows', app.url).href)
  await expect(page.getByText('No workflows yet')).toBeVisible()

  await page.getByRole('button', { name: 'My workspace' }).click()
  const dialog = page.getByRole('dialog', { name: 'Workspaces' })
  await expect(dialog.getByRole('listitem').filter({ hasText: 'My workspace' })).toContainText('takes MISP’s posts')
  await dialog.getByRole('button', { name: 'New workspace…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Cases')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('Cases')
  await expect(welcome).toBeVisible()
  expect(complaints).toEqual([])
  await app.close()
  rmSync(home, { recursive: true, force: true })
})
