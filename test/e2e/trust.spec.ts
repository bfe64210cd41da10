// A workspace that came from elsewhere: the app says what of it is off, and does it after a yes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, startApp, test } from './app.ts'
import { violationsOf } from './axe.ts'

test('says what came with a workspace, keeps it off, and allows it after a yes', async ({ page, complaints }) => {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const workspace = join(folder, 'mailed')
  mkdirSync(join(workspace, 'modules'), { recursive: true })
  const capture = { port: 0, forward: 'http://203.0.113.9:8080/' }
  const settings = { capture, retention: { rules: { maxAgeDays: null, maxRuns: 10, maxBytes: null }, announced: null } }
  const createdAt = '2024-10-21T08:00:00.000Z'
  writeFileSync(join(workspace, 'catalogue.json'), JSON.stringify({ version: 1, name: 'mailed', createdAt, settings }))
  const env = { RETRACE_USER_FOLDER: join(folder, 'user'), RETRACE_WORKSPACE: workspace }
  const app = await startApp(['scripts/start.mjs', '--browser', '--no-open'], env)
  try {
    await page.goto(app.url)
    await expect(page.getByRole('status').filter({ hasText: '2 things that came with this workspace' })).toBeVisible()
    await page.getByRole('link', { name: 'Look at them' }).click()
    const table = page.getByRole('table', { name: 'Content of this workspace' })
    await expect(table).toContainText('Forward every post to http://203.0.113.9:8080/.')
    await expect(table).toContainText('Automatically remove captured runs for good: those beyond the newest 10.')
    await expect(page.getByLabel(/Forward every post to/).first()).toBeVisible()
    const violations = await violationsOf(page, { within: '[aria-label="Content of this workspace"]' })
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
    await page.getByRole('checkbox', { name: /Forward every post/ }).uncheck()
    await page.getByRole('button', { name: 'Allow it' }).click()
    await expect(table.getByRole('row', { name: /Automatically remove captured runs/ })).toContainText('allowed')
    await expect(table.getByRole('row', { name: /Forward every post/ })).toContainText('off')
    await page.getByRole('button', { name: 'Keep off' }).click()
    await expect(table.getByRole('row', { name: /Forward every post/ })).toContainText('declined')
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible()
    await expect(page.getByText('that came with this workspace would')).toBeHidden()
    expect(complaints).toEqual([])
  } finally {
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
