// The thin path through all layers: page, client, WebSocket, registry, host, worker, engine.
import { expect, test } from './app.ts'

test('shows the blocked run of the demo with the input and output of its steps', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page).toHaveTitle('Retrace')
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

test('refuses a page without the token', async ({ app, page }) => {
  const answer = await page.request.post(new URL('/api/call/runs.list', app.url).href, { data: {} })
  expect(answer.status()).toBe(401)
})
