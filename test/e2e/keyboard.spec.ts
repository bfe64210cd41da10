// Every view without a mouse: reached by its shortcut, its list walked by arrow keys, an item opened by Enter, and back again. And what
// happens when the app is stopped and started while its page is open.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoHome, expect, startApp, test } from './app.ts'
import { viewsLoaded } from './every-view.ts'

const lists = [
  { keys: 'gr', hash: /#\/runs$/, list: 'Runs', opened: /#\/runs\/.+/ },
  { keys: 'gd', hash: /#\/data$/, list: 'Data sets', opened: /#\/data\/.+/ },
  { keys: 'gm', hash: /#\/modules$/, list: 'Modules', opened: /#\/modules\/.+/ },
  { keys: 'gw', hash: /#\/workflows$/, list: 'Workflows', opened: /#\/workflows\/.+/ }
] as const

test('walks every list by keyboard, opens an item and comes back', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  for (const { keys, hash, list, opened } of lists) {
    await page.keyboard.type(keys)
    await expect(page).toHaveURL(hash)
    const grid = page.getByRole('grid', { name: list, exact: true })
    await expect(page.getByLabel(`${list}: rows`).getByRole('row').first()).toBeVisible()
    await grid.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Home')
    await expect(page.getByRole('row', { selected: true })).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(opened)
    await page.goBack()
    await expect(page).toHaveURL(hash)
  }
  for (const [keys, heading] of [
    ['gp', 'Posts'],
    ['gl', 'Log'],
    ['gt', 'Triggers'],
    ['ga', 'Cases'],
    ['go', 'World'],
    ['gs', 'Settings']
  ] as const) {
    await page.keyboard.type(keys)
    await expect(page.getByRole('heading', { name: heading, exact: true }).first()).toBeVisible()
  }
  await page.keyboard.type('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('go to data')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/data$/)
  expect(complaints).toEqual([])
})

test('renames, pins and deletes a run by keyboard, and takes it back', async ({ app, page }) => {
  // Beside a preview there is room for the column of names.
  await page.setViewportSize({ width: 1920, height: 800 })
  await page.goto(app.url)
  const grid = page.getByRole('grid', { name: 'Runs', exact: true })
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('F2')
  const name = page.getByRole('dialog', { name: 'Rename run' }).getByLabel('Name')
  await name.fill('The one that was refused')
  await page.keyboard.press('Enter')
  const run = page.getByRole('row', { name: /The one that was refused/ })
  await expect(run).toBeVisible()
  await grid.focus()
  await page.keyboard.press('p')
  await expect(run.getByLabel('Pinned')).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(run).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(run).toBeVisible()
})

test('finds data by text, key and hash path, shows only matches, and opens to a depth', async ({ app, page }) => {
  await page.goto(app.url)
  await page.getByRole('row', { name: /Publishing was refused/ }).dblclick()
  await page.getByRole('grid', { name: 'Steps' }).focus()
  await page.keyboard.press('Home')
  const tree = page.getByRole('tree')
  await expect(tree).toContainText('Attribute')
  await page.getByLabel('Search in').selectOption('Hash path')
  await page.getByRole('searchbox', { name: 'Find in data' }).fill('Event.Attribute.{n}.type')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('search')).toContainText('1 of 10')
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('type')
  await page.getByRole('button', { name: 'Filter' }).press('Enter')
  await expect(tree).not.toContainText('threat_level_id')
  await expect(tree).toContainText('IDS')
  await page.getByRole('searchbox', { name: 'Find in data' }).fill('')
  await expect(tree).toContainText('threat_level_id')
  await page.getByRole('button', { name: 'Expand' }).press('Enter')
  await page.getByRole('menuitem', { name: '1 level' }).press('Enter')
  await expect(page.getByRole('treeitem', { name: /threat_level_id/ })).toBeVisible()
})

test('leads on by Tab from a text that is edited, and back', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await page.getByRole('row', { name: /Publishing was refused/ }).waitFor()
  await page.evaluate(() => (location.hash = '#/modules/tag-if/execute'))
  const text = page.getByRole('textbox', { name: 'Input data' })
  await text.focus()
  // It is JSON from its first character on, as brackets are closed; the text stays.
  await page.keyboard.type('{"Event": {"info": "typed"')
  await page.keyboard.press('Tab')
  await expect(text).not.toBeFocused()
  await expect(page.locator(':focus')).toBeVisible()
  await page.keyboard.press('Shift+Tab')
  await expect(text).toBeFocused()
  await expect(text).toHaveText('{"Event": {"info": "typed"}}')
  await page.getByRole('button', { name: 'Tree', exact: true }).press('Enter')
  await expect(page.getByRole('tree', { name: 'Input data' })).toContainText('typed')
  expect(complaints).toEqual([])
})

test('says why a branch was taken, with path, values found, operator and result', async ({ app, page }) => {
  await page.goto(app.url)
  await page.getByRole('row', { name: /Publishing was refused/ }).dblclick()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
  await page.keyboard.press('0')
  await expect(page).toHaveURL(/step\/0/)
  await page.keyboard.press('j')
  const why = page.getByRole('tabpanel')
  for (const text of ['Event._AttributeFlattened.{n}._allTags.{n}.name', 'in_or', 'PAP:RED', 'result'])
    await expect(why).toContainText(text)
})

test('keeps the screen when the app is stopped, and finds it again after a restart', async ({ page }) => {
  const folder = demoHome()
  const start = () =>
    startApp(['scripts/start.mjs', '--browser', '--no-open'], { RETRACE_USER_FOLDER: join(folder, 'retrace') })
  const first = await start()
  await page.goto(first.url)
  await page.getByRole('row', { name: /Publishing was refused/ }).dblclick()
  await expect(page.getByRole('tree').or(page.getByRole('tabpanel')).first()).toBeVisible()
  await viewsLoaded(page)
  await first.close()
  // It ended in order: the workspace is free again.
  expect(existsSync(join(folder, 'retrace', 'workspace', 'workspace.lock'))).toBe(false)
  await expect(page.getByRole('alert')).toContainText('Connection to Retrace lost')
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
  // Views that were not opened before can be opened meanwhile.
  await page.keyboard.type('gl')
  await expect(page.getByRole('heading', { name: 'Log', exact: true })).toBeVisible()
  const second = await start()
  expect(second.url).toBe(first.url)
  await expect(page.getByText('Connection to Retrace lost')).toHaveCount(0, { timeout: 15_000 })
  await page.keyboard.type('gd')
  await expect(page.getByLabel('Data sets: rows').getByRole('row').first()).toBeVisible()
  await second.close()
  rmSync(folder, { recursive: true, force: true })
})

test('opens the files that it was started with', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const args = ['scripts/start.mjs', '--browser', '--no-open', 'resources/workspaces/blocked-publish/catalogue.json']
  const app = await startApp(args, { RETRACE_USER_FOLDER: join(folder, 'retrace') })
  await page.goto(app.url)
  await expect(page).toHaveURL(/#\/data\/.+/)
  await expect(page.getByRole('heading', { name: 'catalogue.json' })).toBeVisible()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})
