// Cases by mouse and keyboard: kept from a run, run, looked at where they fail, updated, removed and taken back.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { colourRules, settled, violationsOf } from './axe.ts'
import { rows } from './every-view.ts'

const list = (page: Page) => page.getByLabel('Cases: rows').getByRole('row')

const serious = async (page: Page): Promise<readonly string[]> => {
  const found: string[] = []
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await settled(page)
    const looked = await violationsOf(page, scheme === 'dark' ? { rules: colourRules } : {})
    found.push(...looked.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id))
  }
  return found
}

/** A run that says what it depended on: those of the demonstration are from before that. */
async function openOwnRun(page: Page): Promise<void> {
  await rows(page).first().dblclick()
  await expect(page.getByRole('button', { name: 'Keep as case…' })).toBeDisabled()
  await page.keyboard.press('t')
  await expect(page.getByRole('button', { name: 'Keep as case…' })).toBeEnabled()
}

test('a run is kept as a case, which fails when something else is expected, and is updated', async ({
  app,
  page,
  complaints
}) => {
  await page.goto(app.url)
  await openOwnRun(page)
  await page.keyboard.press('q')
  const dialog = page.getByRole('dialog', { name: 'Keep as case' })
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
  expect(await serious(page)).toEqual([])
  await dialog.getByRole('textbox', { name: 'Name' }).selectText()
  await page.keyboard.type('Kept one')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(list(page)).toHaveCount(1)
  await expect(list(page).first()).toContainText('passed')
  const folder = join(app.folder, 'cases')
  const [name = ''] = readdirSync(folder)
  expect(name).toBe('kept-one.case.json')
  const kept = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { expect: { path: string[] } }
  writeFileSync(join(folder, name), JSON.stringify({ ...kept, expect: { ...kept.expect, path: ['99'] } }))
  await page.keyboard.press('a')
  await expect(list(page).first()).toContainText('failed')
  await list(page).first().click()
  const preview = page.getByRole('region', { name: 'Preview' })
  const ticks = preview.getByRole('checkbox')
  await expect(ticks.first()).toBeVisible()
  expect(await serious(page)).toEqual([])
  await ticks.first().check()
  await preview.getByRole('button', { name: 'Expect what is ticked from now on' }).click()
  await expect(list(page).first()).toContainText('passed')
  expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual(kept)
  expect(complaints).toEqual([])
})

test('a failing case is a run in one click; a deleted one comes back', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await openOwnRun(page)
  await page.getByRole('button', { name: 'Keep as case…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Keep', exact: true }).click()
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await list(page).first().click()
  await page.getByRole('button', { name: 'Open run' }).click()
  await expect(page).toHaveURL(/#\/runs\/.+/)
  await expect(page.getByRole('button', { name: 'Keep as case…' })).toBeVisible()
  await page.goBack()
  await list(page).first().click()
  await page.keyboard.press('Delete')
  await expect(page.getByText('No cases yet')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(list(page)).toHaveCount(1)
  expect(complaints).toEqual([])
})
