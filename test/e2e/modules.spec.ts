// Modules: the table, a module's page, and one module executed alone.
import { expect, test } from './app.ts'
import { violationsOf } from './axe.ts'
import type { Page } from '@playwright/test'

const go = (page: Page, url: string, hash: string) =>
  page.goto(url).then(() => page.evaluate((to) => (location.hash = to), hash))

const seriousIssues = async (page: Page): Promise<readonly string[]> => {
  const violations = await violationsOf(page)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('lists modules, filters them, switches one off and keeps that', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/modules')
  const grid = page.getByRole('grid', { name: 'Modules' })
  await expect(grid.getByRole('row', { name: /IF :: Generic/ })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search modules' }).fill('webhook')
  await expect(grid.getByRole('row', { name: /MS Teams Webhook/ })).toBeVisible()
  await expect(grid.getByRole('row', { name: /IF :: Generic/ })).toBeHidden()
  await page.getByRole('switch', { name: 'Webhook enabled', exact: true }).click()
  await expect(page.getByRole('switch', { name: 'Webhook enabled', exact: true })).not.toBeChecked()
  await page.getByRole('searchbox', { name: 'Search modules' }).fill('')
  await page.getByRole('button', { name: 'disabled', exact: true }).click()
  await expect(grid.getByRole('row', { name: /Webhook/ })).toHaveCount(1)
  await page.reload()
  await page.getByRole('button', { name: 'disabled', exact: true }).click()
  await expect(grid.getByRole('row', { name: /Webhook/ })).toHaveCount(1)
  expect(complaints).toEqual([])
})

test('opens a module’s page by keyboard and says where it is used', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/modules')
  await page.getByRole('searchbox', { name: 'Search modules' }).fill('tag operation')
  await page.getByRole('grid', { name: 'Modules', exact: true }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Tag operation' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Used in' })).toContainText('Curate network indicators')
  await expect(page.getByRole('region', { name: 'Parameters' })).toContainText('Relationship Type')
  expect(await seriousIssues(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('executes a condition alone on a data set, with completion of its hash path', async ({
  app,
  page,
  complaints
}) => {
  await go(page, app.url, '#/modules/generic-if/execute?data=invoice-phishing')
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill('tlp:amber')
  const path = page.getByRole('combobox', { name: 'Hash path', exact: true })
  await path.fill('Event.T')
  await page.getByRole('option', { name: /^Tag/ }).click()
  await expect(path).toHaveValue('Event.Tag.')
  await page.getByRole('option', { name: /^\{n\}/ }).click()
  await path.press('End')
  await path.pressSequentially('na')
  await expect(page.getByRole('option', { name: /^name/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(path).toHaveValue('Event.Tag.{n}.name')
  await page.getByRole('textbox', { name: 'Value', exact: true }).focus()
  await expect(page.getByText(/^3 values: tlp:amber/)).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Enter')
  const result = page.getByRole('region', { name: 'Result' })
  await expect(result.getByRole('status', { name: 'Outcome' })).toContainText('continues at output_1')
  await expect(result.getByRole('tree', { name: 'Output' })).toContainText('Invoice phishing')

  await page.getByRole('textbox', { name: 'Value', exact: true }).fill('tlp:white')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(result.getByRole('status', { name: 'Outcome' })).toContainText('continues at output_2')
  const attempts = result.getByRole('listitem')
  await expect(attempts).toHaveCount(2)
  await expect(attempts.first()).toContainText('changed: value')
  // Back to the first: what it gave, then its parameters.
  await attempts.last().getByRole('button').click()
  await expect(result.getByRole('status', { name: 'Outcome' })).toContainText('continues at output_1')
  await result.getByRole('button', { name: 'Restore its parameters and input' }).click()
  await expect(page.getByRole('textbox', { name: 'Value', exact: true })).toHaveValue('tlp:amber')
  expect(await seriousIssues(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('tags filtered attributes alone, on data converted into core format', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/modules/tag_operation/execute?data=invoice-phishing')
  await page.getByRole('checkbox', { name: 'Convert to MISP core format' }).check()
  await expect(page.getByRole('tree', { name: 'Converted data' })).toContainText('_AttributeFlattened')
  await page.getByRole('combobox', { name: 'Scope' }).selectOption('Attributes')
  await page.getByRole('combobox', { name: 'Tags', exact: true }).fill('tlp:red')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Remove tlp:red' })).toBeAttached()
  await page.getByRole('button', { name: 'Node filter' }).click()
  await page.getByRole('combobox', { name: 'Element selector' }).fill('Event._AttributeFlattened.{n}')
  await page.getByRole('combobox', { name: 'Hash path in each item' }).fill('type')
  await page.getByRole('combobox', { name: 'Operator' }).selectOption('Equals')
  await page.getByRole('textbox', { name: 'Value' }).fill('domain')
  await expect(page.getByText('2 of 19 items pass.')).toBeVisible()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const result = page.getByRole('region', { name: 'Result' })
  await result.getByRole('tab', { name: /Effects/ }).click()
  await expect(result.getByRole('list', { name: 'Effects' })).toContainText('attribute_tags')
  // The parameter of an action that was chosen before is gone with that choice.
  await page.getByRole('combobox', { name: 'Action' }).selectOption('Remove Tags')
  await expect(page.getByRole('textbox', { name: 'Relationship Type' })).toBeHidden()
  expect(complaints).toEqual([])
})

test('previews templates and says what MISP makes of a broken one', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/modules/send-mail/execute?data=invoice-phishing')
  await page.getByRole('textbox', { name: 'Mail template subject' }).fill('New: {{ Event.info }}')
  await expect(page.getByRole('status', { name: 'Preview of Mail template subject' })).toContainText(
    'New: Invoice phishing'
  )
  await page.getByRole('textbox', { name: 'Mail template body' }).fill('line\n{{ Event.info | nope }}')
  const broken = page.getByRole('status', { name: 'Preview of Mail template body' })
  await expect(broken).toContainText('line 2')
  await expect(broken).toContainText('MISP uses an empty text')
  expect(complaints).toEqual([])
})

test('takes a step’s parameters and input over', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await page.getByRole('grid', { name: 'Runs', exact: true }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('grid', { name: 'Steps' }).getByRole('row').nth(1).click()
  await page.getByRole('button', { name: 'Run this module' }).click()
  await expect(page.getByText('as in step 1')).toBeVisible()
  await expect(page.getByRole('tree', { name: 'Input data' })).toBeVisible()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('status', { name: 'Outcome' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('runs a module again that was run on its own where modules are run, as it was asked for', async ({
  app,
  page,
  complaints
}) => {
  const token = new URL(app.url).hash.replace('#token=', '')
  const answer = await page.request.post(new URL('/api/call/module.execute', app.url).href, {
    data: {
      moduleId: 'tag-if',
      params: { scope: 'event', condition: 'in_or', tags: ['tlp:red'], clusters: [] },
      data: { json: { Event: { info: 'Phishing', Tag: [{ name: 'tlp:red' }] } } },
      convert: true,
      options: { mispDefaults: true },
      keep: true
    },
    headers: { authorization: `Bearer ${token}` }
  })
  const { data } = (await answer.json()) as { readonly data: { readonly runId: string } }
  await go(page, app.url, `#/runs/${data.runId}`)
  await expect(page.getByRole('heading', { name: 'Module IF :: Tag', exact: true })).toBeVisible()
  await expect(page.getByLabel('Why it ended so')).toContainText('tlp:red is on the event, which came with the input.')
  await expect(page.getByText('This module was run on its own, without a workflow.')).toBeVisible()
  await page.keyboard.press('0')
  await expect(page.getByRole('tree', { name: 'Input' })).toContainText('Phishing')
  await page.getByRole('tab', { name: 'As it was given' }).click()
  await expect(page.getByRole('tree', { name: 'As it was given' })).toContainText('Phishing')
  await page.keyboard.press('r')
  await expect(page).toHaveURL(/#\/modules\/tag-if\/execute\?/)
  await expect(page.getByRole('button', { name: 'Remove tlp:red' })).toBeVisible()
  await expect(page.getByLabel('Convert to MISP core format')).toBeChecked()
  await page.getByText('Settings and World').click()
  await page.getByText('MISP setup').click()
  await expect(page.getByLabel(/only the nine modules/)).toBeChecked()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('status', { name: 'Outcome' })).toContainText('true')
  expect(complaints).toEqual([])
})

test('completes templates from the data', async ({ app, page, complaints }) => {
  await go(page, app.url, '#/modules/send-mail/execute?data=invoice-phishing')
  const subject = page.getByRole('textbox', { name: 'Mail template subject' })
  await subject.pressSequentially('New: {{ Event.inf')
  await expect(page.getByRole('option', { name: /^info/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(subject).toHaveValue('New: {{ Event.info')
  await subject.pressSequentially(' | upp')
  await page.getByRole('option', { name: /^upper/ }).click()
  await subject.pressSequentially(' }}')
  await expect(page.getByRole('status', { name: 'Preview of Mail template subject' })).toContainText('INVOICE PHISHING')
  expect(complaints).toEqual([])
})
