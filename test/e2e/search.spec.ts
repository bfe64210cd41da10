// Searching all runs, by mouse and by keyboard alone, up to the value in the step that brought it in.
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { violationsOf } from './axe.ts'

const list = (page: Page) => page.getByLabel('Search: rows')

async function expectClean(page: Page): Promise<void> {
  const violations = await violationsOf(page)
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
}

test('finds where an indicator appears and opens it there, by mouse', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await page.getByRole('button', { name: 'Search inside…' }).click()
  await expect(page.getByText('Where does an indicator')).toBeVisible()
  await page.getByLabel('Search for').fill('198.51.100.44')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  const first = list(page).getByRole('row').first()
  await expect(first).toContainText('Input of the run')
  await first.click()
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('198.51.100.44')
  await expectClean(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectClean(page)
  await page.emulateMedia({ colorScheme: 'light' })
  await first.dblclick()
  await expect(page).toHaveURL(/runs\/.*\/step\/0$/)
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('198.51.100.44')
  await page.goBack()
  await expect(list(page).getByRole('row').first()).toBeVisible()
  // A condition of MISP, and one that no run fulfils.
  await page.getByLabel('Search in').selectOption('Hash path')
  await page.getByLabel('Search for').fill('Event.Attribute.{n}.Tag.{n}.name')
  await page.getByLabel('Operator').selectOption('In')
  await page.getByRole('textbox', { name: 'Value' }).fill('tlp:red')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(list(page).getByRole('row').first()).toContainText('tlp:red')
  await page.getByRole('textbox', { name: 'Value' }).fill('tlp:nobody')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByText('No run has it')).toBeVisible()
  expect(complaints).toEqual([])
})

test('does the same by keyboard alone, in all runs and in one', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await page.keyboard.press('Control+Shift+F')
  await expect(page.getByLabel('Search for')).toBeFocused()
  await page.keyboard.type('TLP:RED')
  await page.keyboard.press('Enter')
  await expect(list(page).getByRole('row').first()).toContainText('tlp:red')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('grid', { name: 'Search' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/runs\/.*\/step\//)
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('tlp:red')
  // Who set it is told from there.
  await page.getByRole('tree').focus()
  await page.keyboard.press('Shift+W')
  await expect(page.getByRole('region', { name: 'Who set it' })).toContainText('Input of the run')
  await expectClean(page)
  // The command palette leads here, too.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('198.51.100.44')
  await expect(page.getByRole('option', { name: /^Search inside all runs/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(list(page).getByRole('row').first()).toContainText('198.51.100.44')
  await page.goBack()
  // The key is the run's, once it is there again.
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await page.keyboard.press('s')
  await expect(page.getByRole('button', { name: /^Only run/ })).toBeVisible()
  await expect(page.getByLabel('Search for')).toBeFocused()
  await page.keyboard.type('nobody-has-this')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The run does not have it')).toBeVisible()
  expect(complaints).toEqual([])
})
