// Hash paths as columns of the timeline, and who set a value: by mouse and by keyboard alone.
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { rulesIn, violationsOf } from './axe.ts'

const steps = (page: Page) => page.getByRole('grid', { name: 'Steps' })

async function expectClean(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = await violationsOf(page, rulesIn(colorScheme))
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  }
}

async function openBlocked(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page
    .getByLabel('Runs: rows')
    .getByRole('row', { name: /blocked/ })
    .first()
    .dblclick()
  await expect(steps(page).getByRole('row').first()).toBeVisible()
}

test('watches hash paths by mouse, kept with the workflow, and tells who set a value', async ({
  app,
  page,
  complaints
}) => {
  await openBlocked(page, app.url)
  await page.getByRole('button', { name: 'Watch…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Watch hash paths' })
  for (const path of ['Event.info', 'Event.Attribute.{n}.Tag.{n}.name', 'Event.nothing']) {
    await dialog.getByRole('combobox', { name: 'Hash path', exact: true }).fill(path)
    await dialog.getByRole('button', { name: 'Watch', exact: true }).click()
    await expect(dialog.getByLabel('Watched')).toContainText(path)
  }
  // What is no path is not taken, and it is said why.
  const field = dialog.getByRole('combobox', { name: 'Hash path', exact: true })
  await field.fill('Event.[[')
  await field.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText('That is no hash path. “[[” has a “[” without a “]” behind it.')
  await expect(dialog.getByLabel('Watched').getByRole('listitem')).toHaveCount(3)
  await expect(field).toHaveValue('Event.[[')
  // Keys are offered over the dialog, as high as they are.
  await field.fill('Event.')
  const keys = page.getByRole('listbox', { name: 'Keys for Hash path' })
  await expect(keys.getByRole('option').nth(4)).toBeInViewport()
  const seen = await keys
    .getByRole('option')
    .nth(4)
    .evaluate((one) => {
      const { left, top, width, height } = one.getBoundingClientRect()
      return one.contains(document.elementFromPoint(left + width / 2, top + height / 2))
    })
  expect(seen).toBe(true)
  await field.fill('')
  await expectClean(page)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(steps(page).getByRole('columnheader')).toHaveCount(4)
  await expect(steps(page).getByRole('row').nth(1)).toContainText('Paper Lantern')
  await expect(steps(page).getByRole('row').nth(1)).toContainText('tlp:red')
  await expectClean(page)
  // A value of the tree is watched, too, and its step tells who set it.
  await steps(page).getByRole('row').nth(2).click()
  await page.getByRole('tab', { name: 'Output' }).click()
  await page.getByRole('treeitem').nth(1).click()
  await page.getByRole('button', { name: 'Who set it' }).click()
  await expect(page.getByRole('region', { name: 'Who set it' })).toContainText('Input of the run')
  await expectClean(page)
  await page.reload()
  await expect(steps(page).getByRole('columnheader')).toHaveCount(4)
  await steps(page).getByRole('button', { name: 'Stop watching Event.nothing' }).click()
  await expect(steps(page).getByRole('columnheader')).toHaveCount(3)
  expect(complaints).toEqual([])
})

test('does both by keyboard alone', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(steps(page)).toBeFocused()
  await page.keyboard.press('w')
  await expect(page.getByRole('combobox', { name: 'Hash path', exact: true })).toBeFocused()
  await page.keyboard.type('Event.published')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Watched')).toContainText('Event.published')
  const done = page.getByRole('button', { name: 'Done' })
  await expect(done).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(steps(page)).toBeFocused()
  await expect(steps(page).getByRole('columnheader')).toHaveCount(2)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { selected: true })).toBeFocused()
  while ((await page.getByRole('tab', { selected: true }).textContent())?.startsWith('Output') !== true)
    await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await page.keyboard.press('Tab')
  for (let i = 0; i < 12 && !(await page.getByRole('tree').evaluate((tree) => tree === document.activeElement)); i++)
    await page.keyboard.press('Tab')
  await expect(page.getByRole('tree')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  // The chosen value is watched, without a question.
  await page.keyboard.press('w')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(steps(page).getByRole('columnheader')).toHaveCount(3)
  await page.keyboard.press('Shift+W')
  await expect(page.getByRole('region', { name: 'Who set it' })).toContainText('Input of the run')
  expect(complaints).toEqual([])
})
