// Values looked at, copied and compared: the tree of JSON, the timeline, two runs side by side, and what is derived in captured runs.
import type { Page } from '@playwright/test'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { expect, preferText, test } from './app.ts'

const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector' })
const openDemo = async (page: Page, url: string) => {
  await page.goto(url)
  await page.getByRole('row', { name: /Publishing was refused/ }).dblclick()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
}
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

/** What the browser does when a file is let go over the window. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    (file) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([file.text], file.name))
      return transfer
    },
    { name, text }
  )
  await page.dispatchEvent('main', 'drop', { dataTransfer: data })
}

test('copies value, JSON and hash path, and the path finds the value again', async ({
  app,
  page,
  context,
  complaints
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openDemo(page, app.url)
  await page.keyboard.press('0')
  const tree = page.getByRole('tree')
  await expect(tree).toContainText('tlp:amber')
  const find = page.getByRole('searchbox', { name: 'Find in data' })
  await find.fill('invoices-northwind.example')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('search')).toContainText(/1 of \d/)
  const chosen = page.getByRole('treeitem', { selected: true })
  await expect(chosen).toContainText('value')

  await page.getByRole('button', { name: 'Copy value' }).click()
  await expect.poll(() => clipboard(page)).toContain('invoices-northwind.example')
  const value = await clipboard(page)
  await page.getByRole('button', { name: 'JSON', exact: true }).click()
  await expect.poll(() => clipboard(page)).toBe(JSON.stringify(value))
  await page.getByRole('button', { name: 'Hash path', exact: true }).click()
  await expect.poll(() => clipboard(page)).toMatch(/^Event\./)
  const path = await clipboard(page)

  await page.getByLabel('Search in').selectOption('Hash path')
  await find.fill(path)
  await find.press('Enter')
  await expect(page.getByRole('search')).toContainText('1 of 1')
  await expect(chosen).toContainText(value)
  // An attribute in one line: its type and value; its tags in their colours.
  await find.fill('Event.Tag.{n}')
  await find.press('Enter')
  await expect(chosen).toContainText('tlp:amber')
  await expect(chosen.getByText('tlp:amber', { exact: true }).last()).toHaveCSS('background-color', 'rgb(255, 192, 0)')
  await page.getByLabel('Search in').selectOption('Keys')
  await find.fill('to_ids')
  await find.press('Enter')
  await expect(page.getByRole('search')).toContainText(/1 of \d+/)
  await tree.focus()
  await page.keyboard.press('ControlOrMeta+c')
  await expect.poll(() => clipboard(page)).toBe('true')
  expect(complaints).toEqual([])
})

test('plays and scrubs the run over the graph, and walks it by arrow keys', async ({ app, page, complaints }) => {
  await openDemo(page, app.url)
  const steps = page.getByRole('grid', { name: 'Steps' })
  const scrubber = page.getByRole('slider', { name: 'Step' })
  await steps.focus()
  await page.keyboard.press('Home')
  await expect(scrubber).toHaveValue('0')
  await page.keyboard.press('ArrowDown')
  await expect(scrubber).toHaveValue('1')
  await expect(inspector(page).getByRole('heading').first()).toHaveText('IF :: Tag')
  await scrubber.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/step\/2$/)
  await expect(page.getByRole('row', { selected: true })).toContainText('Send Mail')
  await expect(page.getByRole('group', { name: /Send Mail/ }).locator('.gnode')).toHaveClass(/selected/)

  await steps.focus()
  await page.keyboard.press('Home')
  await page.getByRole('button', { name: 'Play' }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect(scrubber).toHaveValue('3')
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Data size: .+ at step 3/ })).toBeVisible()
  expect(complaints).toEqual([])
})

test('completes MISP’s keys and values in edited data, takes a change back, and shows what differs', async ({
  app,
  page,
  complaints
}) => {
  await preferText(page)
  await openDemo(page, app.url)
  await page.keyboard.press('r')
  const editor = page.getByRole('textbox', { name: 'Trigger data' })
  await expect(editor).toContainText('Paper Lantern')
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+f')
  await page.keyboard.type('"threat_level_id": ')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+End')
  await page.keyboard.press('Delete')
  await page.keyboard.press('Control+Space')
  const offered = page.getByRole('listbox')
  await expect(offered.getByRole('option', { name: /"4"/ })).toContainText('undefined')
  // Wrong as long as no comma follows: where, and that nothing can be run.
  await offered.getByRole('option', { name: /"4"/ }).click()
  await expect(page.getByText(/JSON at position \d+/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  await page.keyboard.type(',')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled()
  // A key: one that the event lacks.
  await page.keyboard.press('Enter')
  await page.keyboard.type('"Shar')
  await expect(offered.getByRole('option', { name: '"SharingGroup"' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+End')
  await page.keyboard.press('Delete')
  await page.getByRole('button', { name: 'Diff' }).click()
  await expect(page.getByRole('button', { name: 'Revert' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Original run' })).toBeVisible()
  await page.keyboard.press('c')
  const input = page.getByRole('region', { name: 'Differences of the line' }).getByRole('region', { name: 'Input' })
  await page.getByRole('region', { name: 'What differs' }).getByText('They started with different data').click()
  await expect(input).toContainText('threat_level_id')
  await expect(input).toContainText('4')
  expect(complaints).toEqual([])
})

test('labels what is derived in a captured run, in every place', async ({ app, page, complaints }) => {
  const run = recordedRuns().find(({ id }) => id.startsWith('run-190'))
  if (!run) throw new Error('no recorded run')
  const at = (i: number) => new Date(Date.UTC(2024, 9, 21, 12, 0, 0, i * 150)).toISOString()
  const posts = run.posts.map(({ target, body }, i) =>
    JSON.stringify({ at: at(i), source: '', method: 'POST', target, headers: {}, body })
  )
  await page.goto(app.url)
  await drop(page, 'posts.ndjson', posts.join('\n'))
  const row = page.getByRole('row', { name: /captured/ })
  await row.dblclick()
  await expect(page.getByText('graph derived')).toBeVisible()
  const steps = page.getByRole('grid', { name: 'Steps' })
  await steps.focus()
  await page.keyboard.press('Home')
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('row', { selected: true })).toContainText('~150 ms')
  await expect(inspector(page).getByTitle(/^Derived: the time between/)).toHaveText('~150 ms')
  await expect(inspector(page).getByRole('tabpanel')).toContainText(/(true|false) \(output \d\) derived/)
  await inspector(page)
    .getByRole('tab', { name: /^Input/ })
    .click()
  await expect(inspector(page)).toContainText('MISP does not report a node’s input')
  await steps.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await inspector(page)
    .getByRole('tab', { name: /^Changes/ })
    .click()
  await expect(inspector(page)).toContainText('Compared with the data of the previous post.')
  await inspector(page).getByRole('tab', { name: 'Raw post' }).click()
  await expect(page.getByRole('tree', { name: 'Post' })).toContainText('reload-full-event')
  // The list of posts has them, too, without being asked to look again.
  await page.keyboard.type('gp')
  await expect(page.getByLabel('Posts: rows').getByRole('row')).toHaveCount(posts.length)
  expect(complaints).toEqual([])
})

test('leads from a line of MISP’s log to its run and step, with and without captured posts', async ({
  app,
  page,
  complaints
}) => {
  const run = recordedRuns().find(({ id }) => id.startsWith('run-190'))
  await page.goto(app.url)
  await drop(page, 'workflow-execution.log', run?.log ?? '')
  const lines = page.getByLabel('Log: rows').getByRole('row')
  const line = lines.filter({ hasText: 'Executed node `tag-if`' })
  await line.getByRole('button', { name: 'step 3' }).click()
  await expect(page).toHaveURL(/#\/runs\/log-1-1\/step\/3$/)
  await expect(page.getByText('from MISP’s log, without data')).toBeVisible()
  await expect(inspector(page).getByRole('heading').first()).toHaveText('IF :: Tag')
  await inspector(page).getByRole('tab', { name: 'Output' }).click()
  await expect(inspector(page)).toContainText('No data')
  await inspector(page)
    .getByRole('tab', { name: /^Errors and log/ })
    .click()
  await expect(inspector(page)).toContainText('Executed node `tag-if`')

  // A local run writes its own lines.
  await page.keyboard.type('gl')
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('stop-execution')
  await lines.first().getByRole('button', { name: /step/ }).click()
  await expect(page.getByText('The event was not published.')).toBeVisible()
  await expect(inspector(page).getByRole('heading').first()).toHaveText('Stop execution')
  expect(complaints).toEqual([])
})
