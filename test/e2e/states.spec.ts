// What stands over a view: it covers the whole window wherever it was opened from, gives the focus back, closes alone, and axe finds nothing.
import type { Page } from '@playwright/test'
import { call, expect, test } from './app.ts'
import { settled, violationsOf } from './axe.ts'
import { go, rows } from './every-view.ts'
import { captureRuns } from './verify-runs.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'

interface Opened {
  readonly name: string
  readonly open: (page: Page) => Promise<unknown>
}

const press = (key: string) => (page: Page) => page.keyboard.press(key)
const click = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()

const overRun: readonly Opened[] = [
  { name: 'Pin output', open: click(/^Pin output/) },
  { name: 'Watch', open: click(/^Watch/) },
  { name: 'Keep as case', open: press('q') },
  { name: 'Assumptions', open: click(/assumption/) },
  { name: 'Menu of the workflow', open: click(/^Workflow$/) },
  { name: 'Compare with', open: press('c') },
  { name: 'Palette', open: press('Control+k') },
  { name: 'Shortcuts', open: press('?') }
]

/** What lies over the page can put the whole page in disorder: its landmarks, what scrolls. All other rules look at it alone. */
const ofPage = ['region', 'landmark-no-duplicate-banner', 'landmark-unique', 'scrollable-region-focusable']
const faults = async (page: Page, within: string) => [
  ...(await violationsOf(page, { rules: ofPage })),
  ...(await violationsOf(page, { within }))
]
const overPage = '[role=dialog], [role=menu]'

/** Whether it keeps all of the window from being clicked. */
const covers = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { width, height, x, y } =
      document.querySelector('.overlay, .menu-shade')?.getBoundingClientRect() ?? new DOMRect()
    return x === 0 && y === 0 && width === innerWidth && height === innerHeight
  })

test('covers the window with each dialog and menu of a run, and closes it alone', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await rows(page).first().dblclick()
  const steps = page.getByRole('grid', { name: 'Steps' })
  await steps.getByRole('row').nth(1).click()
  await page.getByRole('button', { name: /^Pin output/ }).waitFor()
  await expect(page).toHaveURL(/step\/1$/)
  const address = page.url()
  for (const { name, open } of overRun)
    await test.step(name, async () => {
      await steps.focus()
      await open(page)
      const over = page.getByRole('dialog').or(page.getByRole('menu'))
      await expect(over).toBeVisible()
      await settled(page)
      expect(await covers(page)).toBe(true)
      expect(await faults(page, overPage)).toEqual([])
      // A field closes what it offers first.
      await expect(async () => {
        await page.keyboard.press('Escape')
        await expect(over).toHaveCount(0, { timeout: 700 })
      }).toPass()
      expect(page.url()).toBe(address)
    })
  expect(complaints).toEqual([])
})

test('has no fault in dialogs of the whole app', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(rows(page).first()).toBeVisible()
  await rows(page).first().click()
  const menus: readonly Opened[] = [
    {
      name: 'Workspaces',
      open: (of) =>
        of
          .getByRole('contentinfo')
          .getByTitle(/switch workspace/)
          .click()
    },
    { name: 'Menu of a row', open: press('Shift+F10') },
    { name: 'Shortcuts', open: press('?') }
  ]
  for (const { name, open } of menus)
    await test.step(name, async () => {
      await page
        .getByRole('grid', { name: 'Runs' })
        .or(page.getByRole('treegrid', { name: 'Runs' }))
        .focus()
      await open(page)
      const over = page.getByRole('dialog').or(page.getByRole('menu'))
      await expect(over).toBeVisible()
      await settled(page)
      expect(await faults(page, overPage)).toEqual([])
      await page.keyboard.press('Escape')
      await expect(over).toHaveCount(0)
    })
  expect(complaints).toEqual([])
})

test('says that effects of a captured run are unknown, never that there were none', async ({ app, page }) => {
  await captureRuns(app)
  await page.goto(app.url)
  await page
    .getByLabel('Runs: rows')
    .getByRole('row', { name: /as in MISP/ })
    .dblclick()
  await page.getByRole('tab', { name: 'Effects' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('MISP does not report what a run sent or changed')
  await page.keyboard.press('f')
  await expect(page.getByRole('tabpanel')).toContainText('MISP does not report what a run sent or changed')
  await expect(page.getByRole('tab')).toHaveText(['Outgoing', 'MISP’s database'])
})

test('has no fault where several effects of a step stand below each other', async ({ app, page }) => {
  await page.goto(app.url)
  await expect(rows(page).first()).toBeVisible()
  const id = (
    await page
      .getByRole('row', { name: /blocked/ })
      .first()
      .getAttribute('id')
  )?.slice('row-'.length)
  await go(page, `#/runs/${id}/step/2`)
  await page.getByRole('tab', { name: /^Effects/ }).click()
  await expect(page.getByRole('region', { name: /^Effect \d/ })).toHaveCount(2)
  expect(await faults(page, '[role=tabpanel]')).toEqual([])
})

/** A condition after a condition, so that there are as many steps. */
const chain = (length: number) =>
  workflowOf({
    1: { type: 'trigger', module: 'event-after-save', to: { output_1: [2] } },
    ...Object.fromEntries(
      Array.from({ length }, (_, i) => [
        i + 2,
        {
          ...{ type: 'logic', module: 'generic-if' },
          params: { value: 'one', operator: 'equals', hash_path: 'Event.info' },
          to: i + 1 < length ? { output_1: [i + 3], output_2: [i + 3] } : {}
        }
      ])
    )
  })

test('has no fault in a long run and in a long comparison, at their last step', async ({ app, page }) => {
  await page.goto(app.url)
  await expect(rows(page).first()).toBeVisible()
  const run = async (info: string): Promise<string> => {
    const sample = eventOf(1) as { readonly Event: object }
    const data = { json: { Event: { ...sample.Event, info } } }
    return (await call(app.url, 'run.start', { workflow: { json: chain(1100) }, data })).runId
  }
  const [one, other] = [await run('one'), await run('other')]
  for (const address of [`#/runs/${one}`, `#/runs/${one}?with=${other}`])
    await test.step(address, async () => {
      await go(page, address)
      const grid = page.getByRole('grid', { name: /Steps|Lines/ })
      await expect(grid).toHaveAttribute('aria-rowcount', /^110\d$/)
      await grid.press('End')
      await settled(page)
      expect(await violationsOf(page)).toEqual([])
    })
})

test('rings the node of the editor that has the focus', async ({ app, page }) => {
  await page.goto(app.url)
  await expect(rows(page).first()).toBeVisible()
  await go(page, '#/workflows/demo-1')
  const node = page.locator('.react-flow__node').nth(1)
  await expect(node).toBeVisible()
  await page.getByRole('button', { name: 'Show the whole graph' }).focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab')
  await expect(node).toBeFocused()
  await expect(node).toHaveCSS('outline-style', 'solid')
})
