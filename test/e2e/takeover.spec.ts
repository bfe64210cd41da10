// Answers of a MISP that are brought in: workflows that are here already ask what becomes of them, by mouse and with the keyboard alone.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { violationsOf } from './axe.ts'
import { go } from './every-view.ts'

const imported = (page: Page) => page.getByRole('table', { name: 'Imported' })
const workflows = (page: Page) => page.getByLabel('Workflows: rows').getByRole('row')

/** The workspace's own workflow as a MISP answers it, with another name. */
function answerOf(
  folder: string,
  id: string
): { readonly name: string; readonly mimeType: string; readonly buffer: Buffer } {
  const saved = JSON.parse(readFileSync(join(folder, 'workflows', id, '1.json'), 'utf8')) as {
    readonly workflow: { readonly Workflow: object }
  }
  const { Workflow } = saved.workflow
  const text = JSON.stringify({ Workflow: { ...Workflow, name: `${id} of MISP` } })
  return { name: `${id}.json`, mimeType: 'application/json', buffer: Buffer.from(text) }
}

async function bring(page: Page, folder: string, ids: readonly string[]): Promise<void> {
  await go(page, '#/connect')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('group', { name: 'Drop saved responses' }).getByRole('button').first().click()
  await (await chooser).setFiles(ids.map((id) => answerOf(folder, id)))
}

test('asks whether a workflow that is here already becomes a new version or a copy', async ({
  app,
  page,
  complaints
}) => {
  await page.goto(app.url)
  await go(page, '#/workflows')
  await expect(workflows(page).first()).toBeVisible()
  const before = await workflows(page).count()
  await bring(page, app.folder, ['demo-1', 'demo-2', 'demo-3'])
  await expect(imported(page).getByRole('button', { name: 'New version' })).toHaveCount(3)
  await expect(page.getByText('3 workflows are here already.')).toBeVisible()
  expect(await violationsOf(page)).toEqual([])
  // Of what came in at the foot of the page the results are in view.
  await expect(imported(page).getByRole('columnheader').first()).toBeInViewport()

  // Nothing was saved before somebody said what becomes of it.
  await go(page, '#/workflows')
  await expect(workflows(page)).toHaveCount(before)
  await expect(workflows(page).filter({ hasText: 'of MISP' })).toHaveCount(0)
  await go(page, '#/connect')

  // One by mouse, the rest with the keyboard alone.
  const first = imported(page).getByRole('row').filter({ hasText: 'demo-1.json' })
  await first.getByRole('button', { name: 'Copy' }).click()
  await expect(first).toContainText('a copy')
  await expect(first.getByRole('button')).toHaveCount(0)
  const all = page.getByRole('button', { name: 'All as new versions' })
  await all.focus()
  await page.keyboard.press('Enter')
  await expect(imported(page).getByText('version 2')).toHaveCount(2)
  await expect(all).toHaveCount(0)

  await go(page, '#/workflows')
  await expect(workflows(page)).toHaveCount(before + 1)
  await expect(workflows(page).filter({ hasText: 'of MISP' })).toHaveCount(3)
  await go(page, '#/connect')
  await page.getByRole('button', { name: 'Close the list of what was imported' }).click()
  await expect(imported(page)).toHaveCount(0)
  await go(page, '#/workflows')
  await page.reload()
  await expect(workflows(page).filter({ hasText: 'demo-1 of MISP' })).toHaveCount(1)
  expect(complaints).toEqual([])
})

test('fetches from a MISP with a key: what it refuses, what comes, and what is here already', async ({
  app,
  page,
  complaints
}) => {
  const answers: Readonly<Record<string, unknown>> = {
    '/tags/index.json': { Tag: [{ id: '901', name: 'fetched:tag', colour: '#112233' }] },
    '/events/view/77.json': { Event: { id: '77', uuid: '4f0e6a53-5f3c-4c1c-9b0a-0c4b8c7a7777', info: 'Fetched event' } }
  }
  const misp = createServer((asked, answer) => {
    const isKnown = asked.headers.authorization === 'the-key'
    const body = isKnown ? answers[asked.url ?? ''] : { message: 'Authentication failed.' }
    answer.writeHead(!isKnown ? 403 : body === undefined ? 404 : 200, { 'content-type': 'application/json' })
    answer.end(JSON.stringify(body ?? { message: 'Not Found' }))
  })
  await new Promise<void>((ready) => misp.listen(0, '127.0.0.1', ready))
  const address = `http://127.0.0.1:${(misp.address() as AddressInfo).port}`
  const rows = () => imported(page).getByRole('row')
  const fetchIt = () => page.getByRole('button', { name: /^Fetch/ }).click()
  const came = page.getByText('Imported', { exact: true })

  await page.goto(app.url)
  await go(page, '#/connect')
  await page.getByLabel('Address of your MISP').fill(address)
  for (const kind of ['Version', 'Workflows', 'Triggers', 'Modules', 'Organisations'])
    await page.getByRole('checkbox', { name: kind, exact: true }).uncheck()
  await page.getByLabel('Auth key').fill('another-key')
  await fetchIt()
  await expect(rows().nth(1)).toContainText('MISP responds with 403: Authentication failed.')
  // What was typed stays for another try.
  await expect(page.getByLabel('Auth key')).toHaveValue('another-key')

  await page.getByRole('checkbox', { name: 'Event', exact: true }).check()
  await page.getByLabel('IDs of Event').fill('77')
  await page.getByLabel('Auth key').fill('the-key')
  await page.getByLabel(/^Keep the key/).check()
  await fetchIt()
  await expect(imported(page)).toContainText('event: Fetched event')
  await expect(imported(page)).toContainText('tags')
  await expect(came).toBeVisible()
  await page.getByRole('button', { name: 'Close message' }).first().click()
  await expect(page.getByLabel(/^Auth key/)).toHaveValue('')
  await expect(page.getByText(`Delete the key for ${address}`).or(page.getByText(address)).first()).toBeVisible()

  // With the key that is kept, the same event once more: nothing came, and nothing says that something did.
  await page.getByRole('checkbox', { name: 'Tags', exact: true }).uncheck()
  await fetchIt()
  await expect(imported(page)).toContainText('“Fetched event” is the same.')
  await expect(came).toHaveCount(0)
  misp.closeAllConnections()
  await new Promise((closed) => misp.close(closed))
  await fetchIt()
  await expect(rows().nth(1)).toContainText('/events/view/77.json: Failed to connect to 127.0.0.1')
  expect(complaints).toEqual([])
})
