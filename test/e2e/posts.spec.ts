// Captured posts put right by hand: moved by drag, runs split and merged by menu and by drag, each taken back.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { expect, serveApp, test as base } from './app.ts'
import { freePort, retrace, writePosts } from './capture-app.ts'

const recorded = recordedRuns().filter((run) => run.posts.length > 3 && run.branches.length === 0)
const [first, second] = [recorded[0], recorded.find((run) => run.trigger !== recorded[0]?.trigger)]
const sizes = [first?.posts.length ?? 0, second?.posts.length ?? 0] as const

const test = base.extend<{ captured: { readonly send: (count?: number) => Promise<void> } }>({
  captured: async ({ page }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
    const started = await serveApp(join(folder, 'w'), folder)
    const port = await freePort()
    await page.goto(started.url)
    await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('region', { name: 'Listener' }).getByLabel('Port').fill(String(port))
    await page.getByRole('button', { name: 'Save and restart the listener' }).click()
    await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText(`127.0.0.1:${port}`)
    await use({
      async send() {
        if (!first || !second) throw new Error('no recorded runs')
        const file = join(folder, 'posts.ndjson')
        writePosts(file, [first, second])
        expect(await retrace(['send', file, '--to', `http://127.0.0.1:${port}`])).toBe(0)
      }
    })
    await started.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

const posts = (page: Page) => page.getByLabel('Posts: rows').getByRole('row')
const runRows = (page: Page) => page.getByLabel('Runs: rows').getByRole('row')
const undo = async (page: Page) => {
  await page.getByRole('button', { name: 'Undo' }).last().click()
}

/** Run ids in the list of posts with the number of their posts. */
async function shared(page: Page): Promise<readonly number[]> {
  const ids = await posts(page).evaluateAll((rows) =>
    rows.map((row) => row.querySelector('[data-column="run"]')?.textContent ?? '')
  )
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts.values()].sort((a, b) => a - b)
}
const both = [...sizes].sort((a, b) => a - b)

test('moves a post by drag, splits and merges runs by menu and drag, and takes each back', async ({
  captured,
  page,
  complaints
}) => {
  test.setTimeout(120_000)
  await captured.send()
  await page.getByRole('link', { name: 'Posts' }).click()
  await expect(posts(page)).toHaveCount(sizes[0] + sizes[1])
  await expect.poll(() => shared(page)).toEqual(both)

  // Drag to a post of the other run. Newest first: the first row is of the second run.
  const [from, onto] = [posts(page).first(), posts(page).last()]
  await from.dragTo(onto)
  await expect(page.getByText('Posts moved to the run')).toBeVisible()
  await expect.poll(() => shared(page)).toEqual([sizes[1] - 1, sizes[0] + 1].sort((a, b) => a - b))
  await undo(page)
  await expect.poll(() => shared(page)).toEqual(both)

  // Split by menu.
  const third = posts(page).nth(2)
  await third.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Split the run here' }).click()
  await expect.poll(() => shared(page)).toEqual([3, sizes[1] - 3, sizes[0]].sort((a, b) => a - b))
  await undo(page)
  await expect.poll(() => shared(page)).toEqual(both)

  // Split by drag: onto the bar that shows while dragging.
  await third.hover()
  await page.mouse.down()
  await page.mouse.move(400, 300, { steps: 5 })
  const bar = page.getByText('Drop here: split the run at this post')
  await expect(bar).toBeVisible()
  await bar.hover()
  await bar.hover()
  await page.mouse.up()
  await expect.poll(() => shared(page)).toEqual([3, sizes[1] - 3, sizes[0]].sort((a, b) => a - b))
  await undo(page)
  await expect.poll(() => shared(page)).toEqual(both)

  // Merge by menu, in the list of posts.
  await posts(page).first().click()
  await posts(page)
    .last()
    .click({ modifiers: ['ControlOrMeta'] })
  await posts(page).last().click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Merge the runs of the selected posts' }).click()
  await expect.poll(() => shared(page)).toEqual([sizes[0] + sizes[1]])
  await undo(page)
  await expect.poll(() => shared(page)).toEqual(both)

  // Merge by drag, in the list of runs.
  await page.getByRole('link', { name: 'Runs' }).click()
  await expect(runRows(page)).toHaveCount(2)
  await runRows(page).first().dragTo(runRows(page).last())
  await expect(runRows(page)).toHaveCount(1)
  await undo(page)
  await expect(runRows(page)).toHaveCount(2)
  expect(complaints).toEqual([])
})

test('counts new runs and posts while paused, and shows them when asked', async ({ captured, page, complaints }) => {
  await page.getByRole('link', { name: 'Runs' }).click()
  await page.getByRole('button', { name: 'Following' }).click()
  await page.getByRole('link', { name: 'Posts' }).click()
  await page.getByRole('button', { name: 'Following' }).click()
  await captured.send()
  const fresh = page.getByRole('button', { name: `${sizes[0] + sizes[1]} new posts: show` })
  await expect(fresh).toBeVisible()
  await expect(posts(page)).toHaveCount(0)
  await fresh.click()
  await expect(posts(page)).toHaveCount(sizes[0] + sizes[1])
  await page.getByRole('link', { name: 'Runs' }).click()
  await expect(page.getByRole('button', { name: '2 new runs: show' })).toBeVisible()
  await expect(runRows(page)).toHaveCount(0)
  await page.keyboard.press('f')
  await expect(runRows(page)).toHaveCount(2)
  expect(complaints).toEqual([])
})
