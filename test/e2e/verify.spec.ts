// Captured runs held against offline ones: one from its view, all from the list; a difference accepted and taken back. By mouse and by
// keyboard alone.
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { rulesIn, violationsOf } from './axe.ts'
import { captureRuns } from './verify-runs.ts'

const rows = (page: Page) => page.getByLabel('Runs: rows').getByRole('row')
const row = (page: Page, text: string) => rows(page).filter({ hasText: text })
const panel = (page: Page) => page.getByRole('region', { name: 'Verify', exact: true })

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = await violationsOf(page, rulesIn(colorScheme))
    expect(violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual([])
  }
}

// Posts are made by the command line, in processes of their own.
test.describe.configure({ timeout: 120_000 })

test.beforeEach(async ({ app, page }) => {
  await captureRuns(app)
  await page.goto(app.url)
  await expect(row(page, 'of no workflow')).toBeVisible()
})

test('verifies runs, accepts a difference and takes it back, by mouse', async ({ page, complaints }) => {
  await row(page, 'told here').dblclick()
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(panel(page)).toContainText('The offline run differs from what MISP did.')
  await expect(panel(page)).toContainText('Event.info')
  await expect(panel(page)).toContainText('told there')
  await expectAccessible(page)
  // To the step, and to the value in it.
  await panel(page).getByRole('button', { name: 'Show step 1' }).click()
  await expect(page.getByRole('tab', { name: 'Summary', selected: true })).toBeVisible()
  await panel(page).getByRole('button', { name: 'Show the value' }).click()
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('told there')

  await panel(page).getByRole('button', { name: 'Accept…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Accept the difference' })
  await expect(dialog.getByRole('button', { name: 'Accept', exact: true })).toBeDisabled()
  await dialog.getByLabel('Reason').fill('renamed on the way')
  await dialog.getByLabel('Until').fill('2999-01-01')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Accept', exact: true }).click()
  await expect(panel(page)).toContainText('Offline as in MISP, but for 1 accepted difference.')
  await expect(panel(page)).toContainText('renamed on the way')
  await panel(page).getByRole('button', { name: 'Take back' }).click()
  await expect(panel(page)).toContainText('The offline run differs')

  // Against a version that is chosen, under another MISP.
  await panel(page).getByRole('button', { name: 'Verify against…' }).click()
  const against = page.getByRole('dialog', { name: 'Verify against…' })
  await against.getByLabel('Workflow').selectOption({ label: 'guard' })
  await against.getByLabel('Version', { exact: true }).selectOption({ index: 1 })
  await expectAccessible(page)
  await against.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(panel(page)).toContainText('guard version 1')
  await panel(page).getByRole('button', { name: 'Close' }).click()
  await expect(panel(page)).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('verifies all runs of the workspace and narrows the list to a verdict, by mouse', async ({ page, complaints }) => {
  await page.getByRole('toolbar', { name: 'Runs' }).getByRole('button', { name: 'Verify' }).click()
  await page.getByRole('menuitem', { name: 'Verify all captured runs' }).click()
  await expect(page.getByText(/captured runs verified:/)).toBeVisible()
  await expect(row(page, 'as in MISP').getByText('equal')).toBeVisible()
  await expect(row(page, 'told here').getByText('different')).toBeVisible()
  await expect(row(page, 'of no workflow').getByText('cannot tell')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('columnheader', { name: 'Verified' }).click()
  await expect(rows(page).first()).toContainText('told here')
  await page.getByRole('button', { name: '1 different' }).click()
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page).first()).toContainText('told here')
  await page.getByRole('button', { name: 'Remove the filter verdict: different' }).click()
  await expect(row(page, 'as in MISP')).toBeVisible()
  await row(page, 'of no workflow').dblclick()
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  const missing = page.getByRole('list', { name: 'What is missing' })
  await expect(missing).toContainText('has node 2 with the module push-zmq')
  await missing.getByRole('link', { name: 'Import from MISP' }).click()
  await expect(page).toHaveURL(/#\/connect/)
  expect(complaints).toEqual([])
})

test('does the same by keyboard alone', async ({ page, complaints }) => {
  const focused = (name: RegExp | string) => page.locator(':focus').and(page.getByRole('button', { name }))
  const tabTo = async (name: RegExp | string): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      if (await focused(name).count()) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`no ${String(name)} was reached`)
  }
  // Everything of the workspace from the command palette.
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('Verify all captured')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/captured runs verified:/)).toBeVisible()
  await page.getByRole('grid').focus()
  for (let i = 0; i < 20 && !(await row(page, 'told here').and(page.locator('[aria-selected="true"]')).count()); i++)
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('v')
  await expect(panel(page)).toContainText('told there')
  await expect(panel(page)).toBeFocused()
  await tabTo('Show the value')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('told there')
  await panel(page).focus()
  await tabTo('Accept…')
  await page.keyboard.press('Enter')
  await page.keyboard.type('known')
  await tabTo(/^Accept$/)
  await page.keyboard.press('Enter')
  await expect(panel(page)).toContainText('1 accepted difference')
  await page.keyboard.press('Escape')
  await expect(panel(page)).toHaveCount(0)
  await page.keyboard.press('v')
  await expect(panel(page)).toContainText('1 accepted difference')
  // The list of what is accepted, and back out of it.
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('Accepted differences')
  await page.keyboard.press('Enter')
  const list = page.getByRole('dialog', { name: 'Accepted differences' })
  await expect(list).toContainText('known')
  await expectAccessible(page)
  await tabTo('Take back')
  await page.keyboard.press('Enter')
  await expect(list).toContainText('None.')
  await page.keyboard.press('Escape')
  await expect(panel(page)).toContainText('The offline run differs')
  expect(complaints).toEqual([])
})
