// What a person wants of a run, counted in clicks from the moment that it is open.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { expect, serveApp, test } from './app.ts'
import { retrace, writePosts } from './capture-app.ts'

/** Clicks, counted. */
function counting() {
  let clicks = 0
  return {
    click: async (target: Locator) => {
      clicks++
      await target.click()
    },
    clicks: () => clicks
  }
}

test('leads from a blocked run to the attribute in one click, to a changed run in three, and compares in one', async ({
  app,
  page,
  complaints
}) => {
  await page.goto(app.url)
  await page
    .getByLabel('Runs: rows')
    .getByRole('row', { name: /blocked/ })
    .first()
    .dblclick()
  const cause = page.getByLabel('Why it ended so')
  await expect(cause).toContainText(
    'Blocked by Stop execution, because IF :: Tag was true, because tlp:red is on attribute 8'
  )
  const look = counting()
  await look.click(cause.getByRole('link', { name: /attribute 8/ }))
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('tlp:red')
  await expect(page).toHaveURL(/step\/1$/)
  expect(look.clicks()).toBe(1)

  await page.getByRole('tree').press('Shift+W')
  await expect(page.getByRole('region', { name: 'Who set it' })).toContainText('Input of the run')

  // A node that was not executed says why. The graph may still be on its way to the node chosen before.
  await expect(async () => {
    await page.getByRole('region', { name: 'Graph' }).getByText('MS Teams Webhook').first().click()
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(
      'was not reached, because IF :: Tag was true',
      { timeout: 2000 }
    )
  }).toPass()
  await page.getByLabel('Why it was not reached').getByRole('link', { name: 'IF :: Tag' }).click()
  await expect(page).toHaveURL(/step\/1$/)

  // Edits that were not run yet are there again when the page was left.
  await page.getByRole('button', { name: 'Run again' }).click()
  const editAs = page.getByRole('group', { name: 'Edit as' })
  await editAs.getByRole('button', { name: 'Text' }).click()
  await expect(page.getByRole('textbox', { name: 'Trigger data' })).toContainText('Paper Lantern')
  await page.getByRole('textbox', { name: 'Trigger data' }).click()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.type('"kept": 1,')
  const mocked = page.getByRole('radiogroup', { name: 'Side effects' }).getByRole('radio').nth(1)
  await mocked.check()
  const address = page.url()
  await page.getByRole('link', { name: 'Data', exact: true }).click()
  await page.goBack()
  await expect(page).toHaveURL(address)
  await expect(page.getByRole('textbox', { name: 'Trigger data' })).toContainText('"kept": 1')
  await expect(mocked).toBeChecked()
  await expect(page.getByText('options edited')).toBeVisible()
  await page.getByRole('button', { name: 'Undo edits' }).click()
  await expect(mocked).not.toBeChecked()
  await editAs.getByRole('button', { name: 'Tree' }).click()
  await page.goBack()

  const again = counting()
  await again.click(page.getByRole('button', { name: 'Run again' }))
  // Of the two tags that block, the event's own.
  await again.click(page.getByRole('button', { name: 'Remove tag PAP:RED' }))
  await again.click(page.getByRole('button', { name: 'Run', exact: true }))
  await expect(page.getByRole('link', { name: 'Compare with original' })).toBeVisible()
  const ended = page.getByLabel('Why it ended so')
  await expect(ended).toContainText('because tlp:red is on attribute 8')
  await expect(ended).not.toContainText('PAP:RED is on')
  expect(again.clicks()).toBe(3)

  const compare = counting()
  await compare.click(page.getByRole('link', { name: 'Compare with original' }))
  await expect(page.getByRole('region', { name: 'Run B' })).toBeVisible()
  expect(compare.clicks()).toBe(1)
  expect(complaints).toEqual([])
})

test('makes a workflow of a captured run in two clicks', async ({ page, complaints }) => {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const workspace = join(folder, 'w')
  const stopped = recordedRuns().find(
    (run) => run.posts.length > 3 && run.posts.at(-1)?.target.includes('outcome=blocked')
  )
  writePosts(join(folder, 'posts.ndjson'), stopped ? [stopped] : [])
  await retrace(['import', join(folder, 'posts.ndjson'), '--workspace', workspace])
  const started = await serveApp(workspace, folder)
  try {
    await page.goto(started.url)
    await page
      .getByLabel('Runs: rows')
      .getByRole('row', { name: /blocked/ })
      .first()
      .dblclick()
    await expect(page.getByLabel('Why it ended so')).toContainText('Blocked by Stop execution')
    const make = counting()
    await make.click(page.getByRole('button', { name: 'Workflow', exact: true }))
    await make.click(page.getByRole('menuitem', { name: 'Save as workflow' }))
    await expect(page).toHaveURL(/workflows\//)
    await expect(page.getByRole('button', { name: /Save/ }).first()).toBeVisible()
    expect(make.clicks()).toBe(2)
    expect(complaints).toEqual([])
  } finally {
    await started.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('opens in a second tab by its address alone, and says where the address is when it is lost', async ({
  app,
  page,
  context,
  browser
}) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  const address = app.url.replace(/#.*/, '')
  const second = await context.newPage()
  await second.goto(address)
  await expect(second.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  // Another browser has no page that could tell it.
  const stranger = await (await browser.newContext()).newPage()
  await stranger.goto(address)
  await expect(stranger.getByRole('alert')).toContainText('in the terminal in which Retrace was started')
  await expect(stranger.getByRole('alert')).not.toContainText('token=')
  await stranger.context().close()
})

/** What the page asks about runs, and when it is told that one is over. */
function watchWire(page: Page): string[] {
  const seen: string[] = []
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) =>
      seen.push(...(String(payload).match(/(?<="a":\[")runs?\.[a-zA-Z]+/g) ?? []))
    )
    socket.on('framereceived', ({ payload }) => {
      if (/"a":\["runs\.changed".*"state":"done"/.test(String(payload))) seen.push('over')
    })
  })
  return seen
}

test('shows what a step did with what opens the run, asking nothing more', async ({ app, page }) => {
  const seen = watchWire(page)
  await page.goto(app.url)
  const blocked = page.getByLabel('Runs: rows').getByRole('row', { name: /blocked/ })
  await blocked.first().waitFor()
  seen.length = 0
  await blocked.first().dblclick()
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Stop execution')
  await expect(page.getByRole('grid', { name: 'Steps' }).getByRole('row').nth(1)).toBeVisible()
  await page.getByRole('tab', { name: 'Output' }).click()
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  expect(seen.filter((name) => name === 'runs.open')).toHaveLength(1)
  expect(seen).not.toContain('run.why')
  expect(seen).not.toContain('run.changes')

  // A run that is started: one question at most once it is over.
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('button', { name: 'Remove tag PAP:RED' }).click()
  seen.length = 0
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Compare with original' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Stop execution')
  await expect.poll(() => seen).toContain('over')
  expect(seen.slice(seen.indexOf('over')).filter((name) => name === 'runs.open').length).toBeLessThanOrEqual(1)
  expect(seen.filter((name) => name === 'run.start')).toHaveLength(1)
  expect(seen).not.toContain('run.why')
  expect(seen).not.toContain('run.changes')
})
