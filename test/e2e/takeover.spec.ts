// Answers of a MISP that are brought in: workflows that are here already ask what becomes of them, by mouse and with the keyboard alone.
import { readFileSync } from 'node:fs'
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
