// The main flow with the keyboard alone: open a run, select a step, read why the branch was taken, change a value, run again, and see both
// runs side by side.
import { expect, preferText, test } from './app.ts'

test('goes from a blocked run to a changed one and compares both, with the keyboard alone', async ({
  app,
  page,
  complaints
}) => {
  await preferText(page)
  await page.goto(app.url)
  const rows = page.getByLabel('Runs: rows')
  await expect(rows.getByRole('row').first()).toBeVisible()
  await page.getByRole('grid', { name: 'Runs', exact: true }).focus()
  await page.keyboard.press('ArrowDown')
  // The blocked run may stand anywhere in the list.
  for (let i = 0; i < 20; i++) {
    const chosen = page.getByRole('row', { selected: true })
    if ((await chosen.textContent())?.includes('blocked')) break
    await page.keyboard.press('ArrowDown')
  }
  await expect(page.getByRole('row', { selected: true })).toContainText('blocked')
  await page.keyboard.press('Enter')

  const steps = page.getByRole('grid', { name: 'Steps' })
  await expect(steps).toBeVisible()
  const original = page.url()
  await page.keyboard.press('0')
  await expect(page).toHaveURL(/step\/0/)
  await page.keyboard.press('j')
  await expect(page).toHaveURL(/step\/1/)
  await expect(page.getByRole('tabpanel')).toContainText('Branch taken')
  await expect(page.getByRole('heading', { name: 'Why' })).toBeVisible()

  await page.keyboard.press('r')
  const editor = page.getByRole('textbox', { name: 'Trigger data' })
  await expect(editor).toContainText('Paper Lantern')
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+f')
  await page.keyboard.type('tlp:red')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.keyboard.type('tlp:green')
  await expect(page.getByText('data edited')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Enter')

  await expect(page).toHaveURL(/runs\/[^/]+$/)
  await expect(page).not.toHaveURL(original)
  await expect(page.getByRole('link', { name: 'Original run' })).toBeVisible()
  await page.keyboard.press('c')
  await expect(page.getByRole('region', { name: 'Run A' })).toContainText('blocked')
  await expect(page.getByRole('region', { name: 'Run B' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('runs nothing by Ctrl+Enter where there is no data, and says what it takes', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page.getByRole('row', { name: /Publishing was refused/ })).toBeVisible()
  await page.evaluate(() => (location.hash = '#/workflows/run?workflow=demo-1'))
  await expect(page.getByRole('textbox', { name: 'Trigger data' })).toBeVisible()
  await expect(page.getByText(/^Paste the trigger data/).first()).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Enter')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  await expect(page).toHaveURL(/workflows\/run/)
  expect(complaints).toEqual([])
})
