// What is said when what the app stands on goes away under it.
import { renameSync } from 'node:fs'
import { expect, test } from './app.ts'

test('says what it means when the folder of the workspace is gone, and opens what is there again', async ({
  app,
  page
}) => {
  await page.goto(app.url)
  const run = page.getByRole('row', { name: /Publishing was refused/ })
  await expect(run).toBeVisible()
  const elsewhere = `${app.folder}-elsewhere`
  renameSync(app.folder, elsewhere)
  await run.dblclick()
  await expect(page.getByText('no longer exists').first()).toBeVisible()
  await page.evaluate(() => (location.hash = '#/world'))
  await expect(page.getByText('its folder was moved or deleted while it was open').first()).toBeVisible()
  await expect(page.getByText('World is empty')).toHaveCount(0)
  await expect(page.getByRole('status').filter({ hasText: 'Nothing is saved here' })).toBeVisible()
  // The bar below keeps all that it says in the window.
  await expect(page.getByTitle(/^Connection: /)).toBeInViewport({ ratio: 1 })
  renameSync(elsewhere, app.folder)
  await page.evaluate(() => (location.hash = '#/runs'))
  await run.dblclick()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
})
