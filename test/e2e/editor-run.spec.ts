// A run over the graph of its workflow, in the editor: seen, edited and run again without leaving it. Fields in nodes cover nothing.
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'

const node = (page: Page, name: string) => page.locator('.react-flow__node-module').filter({ hasText: name })

async function openEditor(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await page.evaluate(() => (location.hash = '#/workflows/demo-1'))
  await expect(node(page, 'IF :: Tag')).toBeVisible()
}

test('lays the last run over the graph, and runs it again with one tag less', async ({ app, page, complaints }) => {
  await openEditor(page, app.url)
  await page.getByRole('button', { name: 'Last run' }).click()
  const side = page.getByRole('region', { name: 'Side panel' })
  await expect(side).toContainText('blocked')
  await expect(node(page, 'Stop execution').locator('.enode.run-blocked')).toBeVisible()
  await expect(node(page, 'MS Teams').locator('.enode.run-idle')).toBeVisible()
  await expect(page.locator('.eedge.taken')).toHaveCount(3)
  await expect(page.locator('.eedge.untaken')).toHaveCount(1)
  await node(page, 'IF :: Tag').click()
  await expect(side).toContainText('true')
  await expect(side.getByRole('tree', { name: 'Data out' })).toContainText('Event')
  await side.getByRole('tab', { name: 'Data in' }).click()
  await expect(side.getByRole('tree', { name: 'Data in' })).toContainText('Event')

  await node(page, 'Event Publish').click()
  const before = await side.getByRole('link', { name: 'Open the run' }).getAttribute('href')
  await side.getByRole('button', { name: 'Remove tag PAP:RED' }).click()
  await expect(side).toContainText('data edited')
  await side.getByRole('button', { name: 'Run again' }).click()
  await expect(side.getByRole('link', { name: 'Open the run' })).not.toHaveAttribute('href', before ?? '')
  await expect(page).toHaveURL(/workflows\/demo-1/)
  // An attribute still is tlp:red.
  await expect(side).toContainText('blocked')
  await expect(side.getByRole('group', { name: 'Tags of the event' })).not.toContainText('PAP:RED')
  await page.getByRole('button', { name: 'Last run' }).click()
  await expect(page.locator('.enode.run-blocked')).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('shows fields in every node without one lying on another', async ({ app, page, complaints }) => {
  await openEditor(page, app.url)
  await page.getByRole('button', { name: 'Fields', exact: true }).click()
  await expect(page.locator('.enode-fields').first()).toBeVisible()
  const overlaps = () =>
    page.evaluate(() => {
      const boxes = [...document.querySelectorAll('.react-flow__node-module')].map((one) => one.getBoundingClientRect())
      return boxes.flatMap((a, i) =>
        boxes
          .slice(i + 1)
          .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          .map(() => i)
      ).length
    })
  await expect.poll(overlaps).toBe(0)
  expect(complaints).toEqual([])
})
