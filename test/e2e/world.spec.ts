// The world, taking over from MISP's saved answers, custom modules and mock sets.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { answers, startMisp } from '../unit/host/takeover/stand-in.ts'
import { expect, test } from './app.ts'
import { violationsOf } from './axe.ts'

const go = (page: Page, hash: string) => page.evaluate((next) => (location.hash = next), hash)

async function start(page: Page, url: string, hash: string): Promise<void> {
  await page.goto(url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await go(page, hash)
}

async function seriousIssues(page: Page): Promise<readonly string[]> {
  // The grid's rows carry aria-activedescendant where ARIA only knows it on the grid itself.
  const violations = await violationsOf(page)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

const file = (name: string, value: unknown) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(JSON.stringify(value))
})

test('looks into the world, removes a part and takes that back', async ({ app, page, complaints }) => {
  await start(page, app.url, '#/world')
  const parts = page.getByRole('grid', { name: 'Parts of World' })
  await parts.getByRole('row', { name: /Tags/ }).click()
  await expect(page.getByRole('tree', { name: 'Tags' })).toContainText('tlp:')
  expect(await seriousIssues(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove tags' }).click()
  await expect(parts.getByRole('row', { name: /Tags/ })).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(parts.getByRole('row', { name: /Tags/ })).toBeVisible()
  expect(complaints).toEqual([])
})

test('says which URL to save for what, and takes saved answers over', async ({ app, page, complaints }) => {
  await start(page, app.url, '#/connect')
  const urls = page.getByRole('table', { name: 'URLs to save' })
  await page.getByLabel('Address of your MISP').fill('https://misp.harbour.example')
  await expect(urls).toContainText('https://misp.harbour.example/tags/index.json')

  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files…' }).click()
  await (
    await chooser
  ).setFiles([
    file('tags.json', {
      Tag: [{ id: '501', name: 'harbour:checked', colour: '#112233', exportable: true, org_id: '0', user_id: '0' }]
    }),
    file('nonsense.json', { hello: 'world' })
  ])
  const taken = page.getByRole('table', { name: 'Imported' })
  await expect(taken.getByRole('row', { name: /tags.json/ })).toContainText('World')
  await expect(taken.getByRole('row', { name: /nonsense.json/ })).toContainText('not a MISP API response')
  expect(await seriousIssues(page)).toEqual([])
  await taken.getByRole('link', { name: 'World' }).click()
  await expect(page.getByRole('tree', { name: 'Tags' })).toContainText('harbour:checked')
  expect(complaints).toEqual([])
})

test('fetches only with an address, a key and something to fetch', async ({ app, page }) => {
  await start(page, app.url, '#/connect')
  const fetch = page.getByRole('button', { name: /^Fetch/ })
  await expect(fetch).toBeDisabled()
  await page.getByLabel('Address of your MISP').fill('http://127.0.0.1:9')
  await page.getByLabel(/^Auth key/).fill('x'.repeat(40))
  await page.getByRole('checkbox', { name: 'Tags', exact: true }).check()
  await fetch.click()
  await expect(page.getByRole('table', { name: 'Imported' })).toContainText('http://127.0.0.1:9')
  // What was refused is tried again, with the key that was typed.
  await expect(page.getByLabel(/^Auth key/)).toHaveValue('x'.repeat(40))
})

test('fetches everything that a key may read, tells what it may not, and never writes the key down', async ({
  app,
  page,
  complaints
}) => {
  const key = 'a1b2'.repeat(10)
  const { ['/admin/users/index.json']: _users, ...allowed } = answers
  const misp = await startMisp(key, allowed)
  try {
    await start(page, app.url, '#/connect')
    await page.getByLabel('Address of your MISP').fill(misp.address)
    await page.getByLabel(/^Auth key/).fill(key)
    await page.getByRole('checkbox', { name: /Keep the key/ }).check()
    for (const what of ['Event', 'Events', 'Users', 'Warninglists', 'Settings'])
      await page.getByRole('checkbox', { name: what, exact: true }).check()
    await page.getByLabel('Ids of Event').fill('7')
    await page.getByRole('button', { name: 'Fetch 11 responses' }).click()
    const taken = page.getByRole('table', { name: 'Imported' })
    for (const [what, where] of [
      [/workflow: guard/, 'Workflows'],
      [/triggers/, 'Settings'],
      [/modules/, 'Settings'],
      [/event: sample event/, 'Data'],
      [/events/, 'Data'],
      [/tags/, 'World'],
      [/organisations/, 'World'],
      [/warninglists/, 'World'],
      [/ settings \d/, 'Settings'],
      [/users/, '/admin/users/index.json: MISP responds with 404']
    ] as const)
      await expect(taken.getByRole('row', { name: what }).first()).toContainText(where)
    // The key does not stay on the page.
    await expect(page.getByLabel(/^Auth key/)).toHaveValue('')
    expect(await seriousIssues(page)).toEqual([])
    expect(misp.seen.filter((request) => !request.startsWith('GET '))).toEqual([])
    await expect(page.getByRole('button', { name: `Delete the key for ${misp.address}` })).toBeVisible()
    const files = readdirSync(app.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const holding = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1').includes(key))
    expect(holding.map(({ name }) => name)).toEqual([])
    expect(complaints).toEqual([])
  } finally {
    misp.close()
  }
})

test('creates a custom module, shows its text and switches it off', async ({ app, page, complaints }) => {
  await start(page, app.url, '#/settings/modules')
  await page.getByLabel('ID of the new module').fill('note-author')
  await page.getByRole('button', { name: 'Create from template' }).click()
  const modules = page.getByRole('table', { name: 'Custom modules' })
  const row = modules.getByRole('row', { name: /note-author/ })
  await expect(row).toContainText('on')
  await row.getByRole('button', { name: 'note-author.ts' }).click()
  await expect(page.getByRole('dialog')).toContainText('defineModule')
  await page.keyboard.press('Escape')
  await page.getByRole('switch', { name: 'Use note-author.ts in runs' }).click()
  await expect(row).toContainText('off')
  expect(await seriousIssues(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('makes a mock set by hand and takes its deletion back', async ({ app, page, complaints }) => {
  await start(page, app.url, '#/settings/mocks')
  await page.getByRole('button', { name: 'New mock set…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New mock set' })
  await dialog.getByLabel('Name').fill('Everything is down')
  await dialog.getByLabel('Mock 1 is for').fill('webhook')
  await dialog.getByLabel('Kind of mock 1').selectOption('failure')
  await dialog.getByLabel('Failure of mock 1').selectOption('timeout')
  expect(await seriousIssues(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Save' }).click()
  const sets = page.getByRole('table', { name: 'Mock sets' })
  await sets.getByRole('button', { name: 'Everything is down' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete set' }).click()
  await expect(sets).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(sets).toContainText('1 mock')
  expect(complaints).toEqual([])
})
