// Data sets: import, look, core format, edit a copy, delete and undo; the hash path bench.
import { writeFileSync } from 'node:fs'
import { expect, preferText, test } from './app.ts'
import { violationsOf } from './axe.ts'
import type { Page } from '@playwright/test'

const go = (page: Page, url: string, hash: string) =>
  page.goto(url).then(() => page.evaluate((to) => (location.hash = to), hash))

const event = (id: number, info: string, extra: object = {}) => ({
  Event: { id: String(id), uuid: `00000000-0000-4000-8000-00000000000${id}`, info, Attribute: [], ...extra }
})

/** Chooses a file of that name: on the disk, from where the browser reads it, however large it is. */
async function importFile(page: Page, name: string, value: object): Promise<void> {
  const file = test.info().outputPath(name)
  writeFileSync(file, JSON.stringify(value))
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await (await chooser).setFiles(file)
}

test('imports a restSearch answer, picks an event of it and shows it in core format', async ({
  app,
  page,
  complaints
}) => {
  await go(page, app.url, '#/data')
  await importFile(page, 'search.json', { response: [event(1, 'first event'), event(2, 'second event')] })
  await expect(page.getByRole('heading', { name: 'search.json' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Event in the data set' }).selectOption({ label: '1: second event' })
  await expect(page.getByRole('tree')).toContainText('second event')
  await expect(page.getByRole('tree')).not.toContainText('first event')
  await page.getByRole('combobox', { name: 'Show data' }).selectOption({ label: 'Event Publish' })
  await expect(page.getByRole('tree')).toContainText('_AttributeFlattened')
  await expect(page.getByText('derived: normalized as in MISP')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Find in data' }).fill('second')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 of 1')).toBeVisible()
  expect(complaints).toEqual([])
})

test('sends a file above 8 MB as an upload and opens it page by page', async ({ app, page, complaints }) => {
  const Attribute = Array.from({ length: 60_000 }, (_, i) => ({
    id: String(i),
    type: 'domain',
    value: `host-${i}.example`,
    comment: 'a comment that takes some room in the file so that it becomes a large one'
  }))
  await go(page, app.url, '#/data')
  const sent = page.waitForRequest((request) => request.url().endsWith('/api/upload'))
  await importFile(page, 'large.json', event(3, 'large event', { Attribute }))
  await sent
  await expect(page.getByRole('heading', { name: 'large.json' })).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('tree')).toContainText('large event', { timeout: 20_000 })
  expect(complaints).toEqual([])
})

test('edits a copy, deletes it and takes that back', async ({ app, page, complaints }) => {
  await preferText(page)
  await go(page, app.url, '#/data/invoice-phishing')
  await expect(page.getByRole('tree')).toBeVisible()
  await page.getByRole('button', { name: 'Edit a copy' }).click()
  const editor = page.getByRole('textbox', { name: 'Data', exact: true })
  await expect(editor).toContainText('Paper Lantern')
  await page.getByRole('textbox', { name: 'Name of the copy' }).fill('changed copy')
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('{"Event": ')
  await expect(page.getByText('invalid JSON', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(JSON.stringify(event(4, 'the copy')))
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'changed copy' })).toBeVisible()

  await page.getByRole('link', { name: 'Data', exact: true }).click()
  const row = page.getByRole('grid', { name: 'Data sets' }).getByRole('row', { name: /changed copy/ })
  await row.click()
  await page.keyboard.press('Delete')
  await expect(row).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toBeVisible()
  expect(complaints).toEqual([])
})

test('downloads a data set as it was imported', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/data/invoice-phishing')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('Invoice phishing.json')
  expect(complaints).toEqual([])
})

test('shows where a hash path stops, what is there instead, and get apart from extract', async ({
  app,
  page,
  complaints
}) => {
  await go(page, app.url, '#/data/invoice-phishing/hash?as=event-publish')
  const path = page.getByRole('combobox', { name: 'Hash path', exact: true })
  await path.fill('Event.Tag.{n}.nme')
  const bench = page.getByRole('group', { name: 'Hash path tester' })
  await expect(bench.getByRole('tab', { name: /\{n\} ?3/ })).toBeVisible()
  await expect(bench.getByRole('status')).toContainText('Nothing is left after “nme”. Nearest keys there: name')
  await path.fill('Event.Tag.{n}.name')
  await expect(bench.getByRole('list', { name: 'Matches' })).toContainText('"tlp:amber"')
  await page.getByRole('combobox', { name: 'Operator' }).selectOption('equals')
  await expect(bench.getByRole('definition').last()).toContainText('nothing Hash::get does not support {n}')
  // A click on a value of the data takes its path.
  await page.getByRole('treeitem', { name: /^date/ }).click()
  await expect(path).toHaveValue('Event.date')
  await expect(bench.getByRole('definition').last()).toContainText('2024-10-21')
  const violations = await violationsOf(page)
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    []
  )
  expect(complaints).toEqual([])
})

test('shows what a node filter keeps and drops, and why', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/data/invoice-phishing/hash?as=event-publish&mode=filter')
  await page.getByRole('combobox', { name: 'Hash path in each item' }).fill('Tag.{n}.name')
  await page.getByRole('textbox', { name: 'Value' }).fill('tlp:amber')
  const items = page.getByRole('group', { name: 'Items of the filter' })
  await expect(items.getByRole('status')).toContainText('1 of 19 items passes.')
  await items.getByRole('button', { name: /^kept/ }).click()
  await expect(items.getByRole('listitem')).toHaveCount(1)
  await expect(items.getByRole('listitem')).toContainText('tlp:amber')
  expect(complaints).toEqual([])
})
