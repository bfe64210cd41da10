// What stands around the views: panes and colours that are remembered, the palette with every action, the help sheet, the status bar, and
// the menu of a selected row without a mouse.
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { freePort } from './capture-app.ts'

const runRows = (page: Page) => page.getByLabel('Runs: rows').getByRole('row')

async function paletteOf(page: Page): Promise<readonly string[]> {
  await page.keyboard.press('ControlOrMeta+k')
  const dialog = page.getByRole('dialog', { name: 'Command palette' })
  await expect(dialog.getByRole('option').first()).toBeVisible()
  const titles = await dialog
    .getByRole('option')
    .evaluateAll((all) => all.map((one) => one.firstElementChild?.textContent))
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  return titles.map((title) => title ?? '')
}

test('remembers sizes of panes and colours after a reload', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await runRows(page).first().dblclick()
  const handle = page.getByRole('separator', { name: 'Resize inspector' })
  const place = async () => Math.round((await handle.boundingBox())?.x ?? 0)
  await expect(handle).toBeVisible()
  const before = await place()
  await handle.focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft')
  await expect.poll(place).toBeLessThan(before - 20)
  const moved = await place()
  const scheme = () => page.locator('html').getAttribute('data-scheme')
  await page.getByRole('button', { name: 'System theme' }).click()
  await page.getByRole('button', { name: 'Light theme', exact: true }).click()
  await expect.poll(scheme).toBe('dark')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Dark theme', exact: true })).toBeVisible()
  await expect.poll(scheme).toBe('dark')
  await expect(handle).toBeVisible()
  expect(Math.abs((await place()) - moved)).toBeLessThanOrEqual(2)

  // As the system: it follows while it is open.
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('system theme')
  await page.keyboard.press('Enter')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(scheme).toBe('light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(scheme).toBe('dark')
  expect(complaints).toEqual([])
})

test('has every action of a view in the palette, and runs them', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(runRows(page).first()).toBeVisible()
  for (const [hash, action] of [
    ['#/runs', 'blocked'],
    ['#/data', 'Search data sets'],
    ['#/workflows', 'Run a workflow…'],
    ['#/modules', 'MISP’s defaults'],
    ['#/settings', 'Compact now'],
    ['#/modules/tag-if/execute', 'Convert to MISP core format']
  ] as const) {
    await page.evaluate((to) => (location.hash = to), hash)
    await expect(page.getByRole('main').getByRole('button').first()).toBeVisible()
    // What can be pressed in the toolbar is there by its name, or by the command with its shortcut.
    await expect.poll(() => paletteOf(page)).toContain(action)
  }
  await page.evaluate(() => (location.hash = '#/runs'))
  await runRows(page).first().click()
  expect(await paletteOf(page)).toEqual(expect.arrayContaining(['Open', 'Pin', 'Rename…', 'Delete', 'local']))
  // An action of the page by its name: the filter is pressed.
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('filters captured')
  await page.keyboard.press('Enter')
  await expect(page.getByText('No matching runs')).toBeVisible()
  await page.getByRole('button', { name: 'Clear search and filters' }).click()
  // A command that wants the focus gets it.
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('search runs')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('searchbox', { name: 'Search runs' })).toBeFocused()
  expect(complaints).toEqual([])
})

test('opens the menu of a row by keyboard, and lists its keys in the help sheet', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(runRows(page).first()).toBeVisible()
  await page.getByRole('grid', { name: 'Runs', exact: true }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Shift+F10')
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem', { name: /^Open/ })).toBeFocused()
  await expect(menu.getByRole('menuitem', { name: /Delete/ })).toContainText('Del')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  for (const text of ['Command palette', 'Go to Runs', 'Search runs', 'Rename…', 'Pin', 'Back'])
    await expect(help.getByText(text, { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Delete')
  await expect(runRows(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(runRows(page)).toHaveCount(1)
  expect(complaints).toEqual([])
})

test('copies the listener’s address from the status bar', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const url = `http://127.0.0.1:${await freePort()}`
  await page.goto(app.url)
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  await page
    .getByRole('region', { name: 'Listener' })
    .getByLabel('Port')
    .fill(url.slice(url.lastIndexOf(':') + 1))
  await page.getByRole('button', { name: 'Save and restart the listener' }).click()
  await page.getByRole('contentinfo', { name: 'Status' }).getByRole('button', { name: url }).click()
  await expect(page.getByText(/^Copied/)).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url)
})

// Its clock stays as it is made here for as long as the tab is there.
test(
  'shows what another page changed, but not under the hands of a person who types',
  { tag: '@own-tab' },
  async ({ app, page, complaints }) => {
    const other = await page.context().newPage()
    for (const each of [page, other]) {
      await each.goto(app.url)
      await each.evaluate(() => (location.hash = '#/settings'))
      await expect(each.getByLabel('Limit of steps')).toBeVisible()
    }
    const steps = page.getByLabel('Limit of steps')
    await expect(steps).toHaveValue('')
    await other.getByLabel('Limit of steps').fill('70000')
    await other.getByLabel('Limit of steps').press('Tab')
    await expect(steps).toHaveValue('70000')
    await steps.fill('123')
    await page.clock.install()
    await other.getByLabel('Limit of items').fill('5000')
    await other.getByLabel('Limit of items').press('Tab')
    await expect(other.getByText('Saved').first()).toBeVisible()
    // What a page hears comes in order: with this it has heard of the limit, too.
    await other.getByLabel('Runs, checks and modules behave like MISP').selectOption('2.5.19')
    await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('MISP 2.5.19')
    await page.clock.fastForward(1200)
    await expect(steps).toHaveValue('123')
    await steps.press('Tab')
    await expect(page.getByLabel('Limit of items')).toHaveValue('5000')
    expect(complaints).toEqual([])
  }
)
