// What MISP skipped, errors inside answers and the why of actions, where a person looks for them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, root, serveApp, test } from './app.ts'
import { retrace } from './capture-app.ts'

const cases = ['F04-skipped-nodes-silent', 'F05-template-error-called-ok', 'F12-failed-behind-filter']

test('shows what was skipped, what an answer had wrong, and why an action failed', async ({ page, complaints }) => {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const workspace = join(folder, 'w')
  for (const name of cases) {
    const at = join(root, 'test/fixtures/cases', name)
    const files = [join(at, 'workflow.json'), '--data', join(at, 'event.json')]
    await retrace(['run', ...files, '--workspace', workspace, '--keep'])
  }
  const started = await serveApp(workspace, folder)
  try {
    await page.goto(started.url)
    const open = async (place: number): Promise<void> => {
      await page.goto(`${started.url.split('#')[0]}#/runs`)
      await page.getByLabel('Runs: rows').getByRole('row').nth(place).dblclick()
      await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
    }
    // The newest is the first.
    await open(2)
    const steps = page.getByRole('grid', { name: 'Steps' })
    await expect(steps.getByRole('row', { name: /^– Reload full Event · 4 skipped/ })).toBeVisible()
    await expect(page.locator('.gnode.run-skipped')).toHaveCount(2)
    await steps.getByRole('row', { name: /^– Tag operation · 3 skipped/ }).click()
    await expect(page.getByLabel('Why it was skipped').first()).toContainText(
      'it is behind Send Mail (node 2), which failed'
    )
    if (process.env['SHOW_IN']) await page.screenshot({ path: join(process.env['SHOW_IN'], 'f04.png') })

    await open(1)
    await expect(steps.getByText('error in answer')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('TemplateSyntaxError')
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('with the whole roaming data')
    if (process.env['SHOW_IN']) await page.screenshot({ path: join(process.env['SHOW_IN'], 'f05.png') })

    await open(0)
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(
      'No item is left by filter A, so nothing was saved; MISP counts that as failed'
    )
    if (process.env['SHOW_IN']) {
      await page.screenshot({ path: join(process.env['SHOW_IN'], 'f12.png') })
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.screenshot({ path: join(process.env['SHOW_IN'], 'f12-dark.png') })
      await open(2)
      await steps.getByRole('row', { name: /^– Tag operation · 3 skipped/ }).click()
      await page.screenshot({ path: join(process.env['SHOW_IN'], 'f04-dark.png') })
    }
    expect(complaints).toEqual([])
  } finally {
    await started.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
