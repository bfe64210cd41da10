// The list of runs narrowed and as a tree, and a paused run whose data a person changes.
import type { Page } from '@playwright/test'
import { expect, preferText, test } from './app.ts'
import { violationsOf } from './axe.ts'

const rows = (page: Page) => page.getByLabel('Runs: rows').getByRole('row')

async function seriousIssues(page: Page): Promise<readonly string[]> {
  const violations = await violationsOf(page)
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)
}

async function runAgain(page: Page, change: boolean): Promise<void> {
  await page.goto('#/runs').catch(() => undefined)
  await page.getByRole('row', { name: /Publishing was refused/ }).dblclick()
  await page.getByRole('button', { name: 'Run again' }).click()
  const editor = page.getByRole('textbox', { name: 'Trigger data' })
  await expect(editor).toContainText('Paper Lantern')
  if (change) {
    await editor.focus()
    await page.keyboard.press('ControlOrMeta+Home')
    await page.keyboard.press('Enter')
    await page.keyboard.press('ControlOrMeta+Home')
    await expect(page.getByText('data edited')).toBeVisible()
  }
}

test('narrows runs by trigger, workflow and source, and takes that back', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(rows(page).first()).toBeVisible()
  const all = await rows(page).count()
  const filters = page.getByRole('group', { name: 'Filters' })
  await filters.getByRole('button', { name: 'trigger' }).click()
  const item = page.getByRole('menuitem').first()
  const [, name, count] = /^(\S+) \((\d+)\)$/.exec((await item.textContent()) ?? '') ?? []
  await item.click()
  await expect(rows(page)).toHaveCount(Number(count))
  await expect(rows(page).first()).toContainText(name ?? '?')
  await filters.getByRole('button', { name: `Remove the filter trigger: ${name}` }).click()
  await expect(rows(page)).toHaveCount(all)

  await filters.getByRole('button', { name: 'workflow' }).press('Enter')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  const ofWorkflow = / \((\d+)\)$/.exec((await page.getByRole('menuitem').first().textContent()) ?? '')?.[1]
  await page.keyboard.press('Enter')
  const chip = filters.getByRole('button', { name: /Remove the filter workflow/ })
  await expect(chip).toBeVisible()
  await expect(rows(page)).toHaveCount(Number(ofWorkflow))
  await chip.press('Enter')
  await filters.getByRole('button', { name: 'source' }).click()
  await expect(page.getByRole('menuitem')).not.toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(rows(page)).toHaveCount(all)
  expect(complaints).toEqual([])
})

test('shows runs as a tree under the run that they came out of, by keyboard', async ({ app, page, complaints }) => {
  await preferText(page)
  await page.goto(app.url)
  await expect(rows(page).first()).toBeVisible()
  const all = await rows(page).count()
  await runAgain(page, true)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Original run' })).toBeVisible()
  await expect(page.getByText('data edited').first()).toBeVisible()
  await page.keyboard.press('0')
  await expect(page.getByText('The run’s input data was edited.')).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(rows(page)).toHaveCount(all + 1)
  await page.keyboard.press('t')
  await expect(rows(page)).toHaveCount(all)
  const tree = page.getByRole('treegrid', { name: 'Runs', exact: true })
  const origin = page.getByRole('row', { name: /Publishing was refused/, expanded: false })
  await origin.click()
  await tree.focus()
  await page.keyboard.press('ArrowRight')
  await expect(rows(page)).toHaveCount(all + 1)
  const child = rows(page).and(page.locator('[aria-level="2"]'))
  await expect(child).toContainText('again')
  expect(await seriousIssues(page)).toEqual([])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'Original run' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(tree).toBeVisible()
  await page.keyboard.press('t')
  await expect(page.getByRole('grid', { name: 'Runs', exact: true })).toBeVisible()
  expect(complaints).toEqual([])
})

test('changes the data of a paused run, and says that it was edited', async ({ app, page, complaints }) => {
  await preferText(page)
  await page.goto(app.url)
  await runAgain(page, false)
  await page.getByRole('button', { name: 'Step', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Next node' })).toBeVisible()
  const graph = page.getByRole('region', { name: 'Graph' })
  await expect(graph.getByText('next', { exact: true })).toBeVisible()
  await page.keyboard.press('d')
  const dialog = page.getByRole('dialog', { name: /Data before node/ })
  const editor = dialog.getByRole('textbox', { name: 'Roaming data' })
  await expect(editor).toContainText('Paper Lantern')
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('{"Event": ')
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Apply and continue' })).toBeDisabled()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(
    '{"Event": {"id": "7", "info": "replaced by hand", "Tag": [], "_AttributeFlattened": []}}'
  )
  await expect(dialog.getByText('edited', { exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Apply and run the next node' }).click()

  // It stands before the node after that one.
  await expect(page.getByRole('grid', { name: 'Steps' }).getByRole('row')).not.toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Next node' })).toBeVisible()
  // What has run is counted while it runs.
  await expect(page.getByText('1 node', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^Continue/ }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await page.keyboard.press('0')
  await page.keyboard.press('j')
  const inspector = page.getByRole('region', { name: 'Inspector' })
  await expect(inspector.getByText('edited', { exact: true })).toBeVisible()
  await inspector.getByRole('tab', { name: 'Input' }).click()
  await expect(inspector).toContainText('The data was edited before this node.')
  await expect(page.getByRole('tree')).toContainText('Event')
  await page.getByRole('searchbox', { name: 'Find in data' }).fill('replaced by hand')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 of 1')).toBeVisible()
  expect(complaints).toEqual([])
})

test('finds a node in the graph itself', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await page.getByRole('row', { name: /Publishing was refused/ }).dblclick()
  const find = page.getByRole('combobox', { name: 'Find a node' })
  await find.fill('stop')
  await expect(page.getByRole('listbox', { name: 'Nodes' }).getByRole('option').first()).toContainText('stop-execution')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Inspector' }).getByRole('heading').first()).toContainText(/stop/i)
  expect(await seriousIssues(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('runs on to a breakpoint that was set in the graph', async ({ app, page, complaints }) => {
  await preferText(page)
  await page.goto(app.url)
  await runAgain(page, false)
  await page.getByRole('button', { name: 'Step', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Next node' })).toBeVisible()
  const steps = page.getByRole('grid', { name: 'Steps' }).getByRole('row')
  await page.getByRole('region', { name: 'Graph' }).getByText('Stop execution', { exact: true }).click()
  await page.getByRole('button', { name: /^Continue/ }).click()
  // The trigger, the condition and the mail; it stands before the node with the breakpoint.
  await expect(steps).toHaveCount(3)
  await expect(page.getByRole('button', { name: 'Next node' })).toBeVisible()
  await page.getByRole('button', { name: 'Next node' }).click()
  await expect(steps).toHaveCount(4)
  await expect(page.getByText('The event was not published.')).toBeVisible()
  expect(complaints).toEqual([])
})
