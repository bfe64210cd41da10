// A workspace that came from elsewhere: the app says what of it is off, and does it after a yes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, startApp, test } from './app.ts'

test('says what came with a workspace, keeps it off, and allows it after a yes', async ({ page, complaints }) => {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const workspace = join(folder, 'mailed')
  mkdirSync(join(workspace, 'modules'), { recursive: true })
  const capture = { port: 0, forward: 'http://203.0.113.9:8080/' }
  const settings = { capture, retention: { rules: { maxAgeDays: null, maxRuns: 10, maxBytes: null }, announced: null } }
  const createdAt = '2024-10-21T08:00:00.000Z'
  writeFileSync(join(workspace, 'catalogue.json'), JSON.stringify({ version: 1, name: 'mailed', createdAt, settings }))
  const env = { XDG_DATA_HOME: folder, RETRACE_USER_FOLDER: join(folder, 'user'), RETRACE_WORKSPACE: workspace }
  const app = await startApp(['scripts/start.mjs', '--browser', '--no-open'], env)
  try {
    await page.goto(app.url)
    await expect(page.getByRole('status').filter({ hasText: '2 things that came with this workspace' })).toBeVisible()
    await page.getByRole('link', { name: 'Look at them' }).click()
    const table = page.getByRole('table', { name: 'What came with this workspace' })
    await expect(table).toContainText('Send every post on to http://203.0.113.9:8080/.')
    await expect(table).toContainText('Remove captured runs for good by itself: those beyond the newest 10.')
    await expect(page.getByLabel(/[Ss]end.*on to/).first()).toBeVisible()
    const { violations } = await new AxeBuilder({ page })
      .include('[aria-label="What came with this workspace"]')
      .analyze()
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
    await page.getByRole('checkbox', { name: /Send every post on/ }).uncheck()
    await page.getByRole('button', { name: 'Allow it' }).click()
    await expect(table.getByRole('row', { name: /Remove captured runs/ })).toContainText('allowed')
    await expect(table.getByRole('row', { name: /Send every post/ })).toContainText('off')
    await page.getByRole('button', { name: 'Keep off' }).click()
    await expect(table.getByRole('row', { name: /Send every post/ })).toContainText('declined')
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
    await expect(page.getByText('that came with this workspace would')).toBeHidden()
    expect(complaints).toEqual([])
  } finally {
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
