// Lists: one click shows, two open, Space selects, Escape puts away; columns that are sorted and resized without a mouse; what can be done
// with what is selected; the palette that finds things; and the main way through the app by keyboard, with the focus in sight at each stop.
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { violationsOf } from './axe.ts'

const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash)
const rows = (page: Page, list: string) => page.getByLabel(`${list}: rows`).getByRole('row')
const preview = (page: Page) => page.getByRole('region', { name: 'Preview' })

const lists = [
  { hash: '#/runs', list: 'Runs', shows: /not published[\s\S]*Stop execution/ },
  { hash: '#/workflows', list: 'Workflows', shows: /event-publish[\s\S]*Stop execution/ },
  { hash: '#/data', list: 'Data sets', shows: /8e85c1d3-[\s\S]*Attribute/ },
  { hash: '#/modules', list: 'Modules', shows: /Core format/ },
  { hash: '#/triggers', list: 'Triggers', shows: /Overhead/ },
  { hash: '#/log', list: 'Log', shows: /workflow/ },
  { hash: '#/world', list: 'Parts of World', shows: /Remove/ }
] as const

async function runOnce(page: Page): Promise<void> {
  await go(page, '#/workflows/run?data=invoice-phishing')
  await page.getByLabel('Workflow', { exact: true }).selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
}

test('shows what is clicked in every list, with what can be done with it, and puts it away', async ({
  app,
  page,
  complaints
}) => {
  test.setTimeout(180_000)
  await page.goto(app.url)
  await expect(rows(page, 'Runs').first()).toBeVisible()
  await runOnce(page)
  const issues: string[] = []
  for (const { hash, list, shows } of lists) {
    await go(page, hash)
    await rows(page, list).last().click()
    await expect(preview(page)).toContainText(shows)
    await expect(preview(page).getByRole('toolbar', { name: 'Actions for the selection' })).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`${hash}(/|$)`))
    const violations = await violationsOf(page)
    issues.push(
      ...violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${list}: ${id}: ${nodes[0]?.html}`)
    )
    await page.keyboard.press('Escape')
    await expect(preview(page)).toHaveCount(0)
    await page.keyboard.press(' ')
    await expect(preview(page)).toBeVisible()
    await page.keyboard.press(' ')
    await expect(preview(page)).toHaveCount(0)
  }
  expect(issues).toEqual([])
  expect(complaints).toEqual([])
})

test('compares two selected runs, and asks before several are deleted', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(rows(page, 'Runs').first()).toBeVisible()
  await runOnce(page)
  await go(page, '#/runs')
  await expect(rows(page, 'Runs')).toHaveCount(2)
  // Ctrl and an arrow go on without selecting, Space adds.
  await page.getByRole('grid', { name: 'Runs', exact: true }).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+ArrowDown')
  await expect(page.getByRole('row', { selected: true })).toHaveCount(1)
  await page.keyboard.press(' ')
  await expect(preview(page).getByRole('heading')).toHaveText('2 runs selected')
  const open = preview(page).getByRole('button', { name: 'Delete 2 runs' })
  await open.press('Enter')
  const question = page.getByRole('dialog', { name: 'Delete 2 runs?' })
  await expect(question).toBeVisible()
  // Only the question closes; what is selected stays, and the focus is where it was.
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(open).toBeFocused()
  await expect(rows(page, 'Runs')).toHaveCount(2)
  await preview(page).getByRole('button', { name: 'Compare' }).click()
  await expect(page).toHaveURL(/\?with=/)
  await expect(page).toHaveTitle(/compared · Runs · My workspace – Retrace$/)
  expect(complaints).toEqual([])
})

test('sorts and resizes columns by keyboard, and keeps that', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await go(page, '#/modules')
  const head = (name: string) => page.getByRole('columnheader', { name: new RegExp(`^${name}`) })
  const names = () =>
    rows(page, 'Modules').evaluateAll((all) => all.slice(0, 5).map((row) => row.children[1]?.textContent))
  await expect(rows(page, 'Modules').first()).toBeVisible()
  const before = await names()
  await page.getByRole('grid', { name: 'Modules', exact: true }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await expect(head('Name').getByRole('button')).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(head('Name')).toHaveAttribute('aria-sort', 'descending')
  expect(await names()).not.toEqual(before)
  const width = async () => Math.round((await head('Name').boundingBox())?.width ?? 0)
  const narrow = await width()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(width).toBe(narrow + 48)
  const sorted = await names()
  await page.reload()
  await expect(head('Name')).toHaveAttribute('aria-sort', 'descending')
  expect(await names()).toEqual(sorted)
  expect(await width()).toBe(narrow + 48)
  await head('Name').getByRole('button').click()
  await expect(head('Name')).toHaveAttribute('aria-sort', 'none')
  expect(await names()).toEqual(before)
  expect(complaints).toEqual([])
})

test('finds runs, workflows, events, modules and settings in the palette', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(rows(page, 'Runs').first()).toBeVisible()
  for (const [words, group, address] of [
    ['paper lantern', 'Runs', /#\/runs\/.+/],
    ['publish guard', 'Workflows', /#\/workflows\/.+/],
    ['8e85c1d3', 'Data', /#\/data\/.+/],
    ['stop-execution', 'Modules', /#\/modules\/stop-execution/],
    ['host_org_id', 'Settings', /#\/settings\/misp/]
  ] as const) {
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type(words)
    const option = page.getByRole('group', { name: group, exact: true }).getByRole('option').first()
    await expect(option).toBeVisible()
    while ((await option.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(address)
  }
  expect(complaints).toEqual([])
})

/** Whether a person sees where the keyboard is: the element with the focus, or the row in it, has an outline. */
async function seenFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const now = document.activeElement as HTMLElement
    const marked = [now, now.querySelector('[data-current], [aria-selected="true"]')]
    const isSeen = marked.some((one) => one && getComputedStyle(one).outlineStyle !== 'none')
    const name = `${now.getAttribute('role') ?? now.tagName} ${now.getAttribute('aria-label') ?? now.textContent}`
    return isSeen && now.matches(':focus-visible') ? 'seen' : `not seen: ${name.slice(0, 80)}`
  })
}

async function stopAt(page: Page, stop: Locator): Promise<void> {
  await expect(stop).toBeFocused()
  expect(await seenFocus(page)).toBe('seen')
}

test('goes on with a step that was chosen a moment ago', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(rows(page, 'Runs').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const steps = page.getByRole('grid', { name: 'Steps' })
  await expect(steps).toBeFocused()
  await page.keyboard.press('Home')
  await expect(page).toHaveURL(/step\/0/)
  await expect(page.getByRole('tab', { name: 'Summary' })).toHaveCount(0)
  // Faster than the inspector follows.
  await steps.evaluate((grid) => {
    for (const key of ['ArrowDown', 'Enter']) grid.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  })
  await expect(page.getByRole('tab', { name: 'Summary' })).toBeFocused()
  expect(complaints).toEqual([])
})

test('goes the main way by keyboard alone: the list, the blocked run, a step, its value, and back', async ({
  app,
  page,
  complaints
}) => {
  // Beside a preview there is room for the column of names.
  await page.setViewportSize({ width: 1920, height: 800 })
  await page.goto(app.url)
  const list = page.getByRole('grid', { name: 'Runs', exact: true })
  await expect(rows(page, 'Runs').first()).toBeVisible()
  await expect(list).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await stopAt(page, list)
  await page.keyboard.press('Enter')
  const steps = page.getByRole('grid', { name: 'Steps' })
  await expect(page).toHaveTitle(/Publishing was refused.* · Runs · My workspace – Retrace/)
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await stopAt(page, steps)
  await expect(page).toHaveURL(/step\/1/)
  await page.keyboard.press('Enter')
  await stopAt(page, page.getByRole('tab', { name: 'Summary' }))
  await page.keyboard.press('ArrowRight')
  while ((await page.getByRole('tab', { name: 'Input' }).getAttribute('aria-selected')) !== 'true')
    await page.keyboard.press('ArrowRight')
  const tree = page.getByRole('tree')
  await expect(tree).toContainText('Event')
  for (let i = 0; i < 9 && !(await tree.evaluate((one) => one === document.activeElement)); i++) {
    await page.keyboard.press('Tab')
    expect(await seenFocus(page)).toBe('seen')
  }
  await page.keyboard.press('ArrowDown')
  await stopAt(page, tree)
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/#\/runs$/)
  await stopAt(page, list)
  await expect(page.getByRole('row', { selected: true })).toContainText('Publishing was refused')
  // A node of the graph: Space selects it, Enter goes to what it did.
  await page.keyboard.press('Enter')
  const node = page.getByRole('group', { name: /^Stop execution, node/ })
  await expect(node).toBeVisible()
  await node.focus()
  await page.keyboard.press(' ')
  await expect(page.getByRole('region', { name: 'Inspector' }).getByRole('heading').first()).toContainText(/stop/i)
  await page.keyboard.press('Enter')
  await stopAt(page, page.getByRole('region', { name: 'Inspector' }).getByRole('tab', { selected: true }))
  expect(complaints).toEqual([])
})
