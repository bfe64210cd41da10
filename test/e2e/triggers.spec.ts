// Triggers: MISP's table, switching, and the checklist of why one did not run.
import { expect, test } from './app.ts'
import { violationsOf } from './axe.ts'
import type { Page } from '@playwright/test'

const go = (page: Page, url: string, hash: string) =>
  page.goto(url).then(() => page.evaluate((to) => (location.hash = to), hash))

test('lists triggers with their workflow and runs, and filters them', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/triggers')
  const grid = page.getByRole('grid', { name: 'Triggers' })
  const publish = grid.getByRole('row', { name: /Event Publish/ })
  await expect(publish).toContainText('blocking')
  await expect(publish.getByRole('button', { name: 'Publish guard' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Scope' }).selectOption('user')
  await expect(grid.getByRole('row', { name: /User/ })).toHaveCount(2)
  await page.getByRole('combobox', { name: 'Scope' }).selectOption('')
  await page.getByRole('button', { name: 'with workflow' }).click()
  await expect(grid.getByRole('row', { name: /Sighting/ })).toBeHidden()
  await publish.getByRole('button', { name: 'Publish guard' }).click()
  await expect(page).toHaveURL(/#\/workflows\//)
  expect(complaints).toEqual([])
})

test('disables a trigger by keyboard, and the checklist says so', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/triggers')
  await page.getByRole('searchbox', { name: 'Search triggers' }).fill('event publish')
  await page.getByRole('grid', { name: 'Triggers', exact: true }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('e')
  await expect(page.getByRole('switch', { name: 'Event Publish enabled' })).not.toBeChecked()
  await page.keyboard.press('y')
  const list = page.getByRole('list', { name: 'Checklist' })
  await expect(list.getByRole('listitem', { name: 'The trigger is enabled: problem' })).toContainText(
    'Plugin.Workflow_triggers_event-publish'
  )
  expect(complaints).toEqual([])
})

test('says why a trigger did not run, for given data and settings', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/triggers/event-publish?data=invoice-phishing')
  const list = page.getByRole('list', { name: 'Checklist' })
  const workflows = list.getByRole('listitem', { name: /Workflows are enabled/ })
  await expect(workflows).toContainText('assumed: on')
  await expect(workflows).toContainText('Administration › Server Settings & Maintenance › Plugin › Workflow')
  await workflows.getByRole('button', { name: 'it is off' }).click()
  await expect(workflows).toHaveAccessibleName(/problem/)
  await expect(page.getByRole('region', { name: 'Checks' })).toContainText('1 problem found')
  await expect(list.getByRole('listitem', { name: 'The trigger can use the data: fine' })).toBeVisible()
  const violations = await violationsOf(page)
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    []
  )
  expect(complaints).toEqual([])
})

test('checks a tag trigger’s conditions against pasted data', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/triggers/tag-attached-after-save')
  const list = page.getByRole('list', { name: 'Checklist' })
  await expect(list.getByRole('listitem', { name: /ZMQ or Kafka tag notifications/ })).toBeVisible()
  await expect(list.getByRole('listitem', { name: /The trigger has a workflow: problem/ })).toBeVisible()
  await page.getByRole('textbox', { name: 'Trigger data' }).focus()
  await page.keyboard.insertText('{"Tag": {"name": "tlp:red", "event_id": "1", "local": false}}')
  await expect(list.getByRole('listitem', { name: 'The trigger’s own conditions are met: problem' })).toContainText(
    'it only accepts local tags, but the tag is global'
  )
  expect(complaints).toEqual([])
})

test('switches MISP’s debug mode of a workflow, as a version of it', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/triggers')
  const debug = page.getByRole('switch', { name: 'Debug mode of Publish guard' })
  await expect(debug).toBeChecked()
  await debug.click()
  await expect(debug).not.toBeChecked()
  await page.evaluate(() => (location.hash = '#/workflows'))
  await expect(page.getByRole('grid', { name: 'Workflows' }).getByRole('row', { name: /Publish guard/ })).toContainText(
    'Debug mode off'
  )
  expect(complaints).toEqual([])
})

test('marks data that is wrong, and not the empty field', async ({ app, page }) => {
  await go(page, app.url, '#/triggers/event-publish')
  const field = page.getByRole('textbox', { name: 'Trigger data' })
  await expect(field).toBeVisible()
  await field.focus()
  await page.keyboard.insertText('{"Event": ')
  await expect(page.locator('.cm-lint-marker-error')).toHaveCount(1)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('Delete')
  await expect(page.locator('.cm-lint-marker-error')).toHaveCount(0)
})
