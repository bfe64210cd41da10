// A workflow over past runs and data: what of it has run, and what a change would have changed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { rulesIn, violationsOf } from './axe.ts'
import { retrace } from './capture-app.ts'
import { expect, test } from './app.ts'
import { eventOf } from '../unit/host/samples.ts'

const picture = async (page: Page, name: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violationsOf(page, rulesIn(colorScheme)), colorScheme).toEqual([])
    const folder = process.env.RETRACE_PICTURES
    if (folder) await page.screenshot({ path: join(folder, `tried-${name}-${colorScheme}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

test('counts what of a workflow has run, by keyboard', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/workflows'))
  const row = page.getByRole('grid', { name: 'Workflows' }).getByRole('row', { name: 'Publish guard' })
  await row.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Coverage…' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Coverage' })).toBeVisible()
  await page.getByLabel('Data sets').focus()
  await page.keyboard.press('End')
  // Past the files, the cases, the percentage and the setup.
  for (let i = 0; i < 5; i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  // The stored run and the data set were both blocked by tlp:red: the way that lets an event go never ran.
  await expect(page.getByRole('status').filter({ hasText: '% covered' })).toContainText('in 2 runs')
  const table = page.getByRole('table', { name: 'What has run' })
  await expect(table.getByRole('row', { name: /^2 / })).toContainText('true 2×, false never', { useInnerText: true })
  await expect(table.getByRole('row', { name: /^5 / })).toContainText('never')
  const graph = page.getByRole('region', { name: 'What has run on the graph' })
  await expect(graph.locator('.react-flow__node')).toHaveCount(5)
  await picture(page, 'coverage')
  await table.getByRole('link', { name: /^5 / }).press('Enter')
  await expect(page).toHaveURL(/#\/workflows\/demo-1\?node=5/)
  expect(complaints).toEqual([])
})

test('says what a new version would have changed, by keyboard', async ({ app, page, complaints }, info) => {
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/workflows'))
  await expect(page.getByRole('grid', { name: 'Workflows' })).toBeVisible()
  const saved = JSON.parse(readFileSync(join(app.folder, 'workflows', 'demo-1', '1.json'), 'utf8')) as {
    text: string | null
    workflow: object
  }
  const text = (saved.text ?? JSON.stringify(saved.workflow))
    .replace('"tlp:red"', '"tlp:never"')
    .replace('"PAP:RED"', '"PAP:never"')
  const file = info.outputPath('changed.json')
  writeFileSync(file, text)
  expect(await retrace(['import', file, '--as', 'version', '--workspace', app.folder])).toBe(0)
  await page.evaluate(() => (location.hash = '#/workflows/impact?workflow=demo-1'))
  await page.getByLabel('Change', { exact: true }).selectOption({ label: 'version 1 → version 2' })
  await page.getByRole('button', { name: 'Compare' }).press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'differently' })).toContainText('2 runs go differently.')
  const table = page.getByRole('table', { name: 'Runs that go differently' })
  await expect(table).toContainText('blocked → success')
  await expect(table.getByRole('link', { name: 'node 2' })).toBeVisible()
  await picture(page, 'impact')
  // What is shown stays about the workflow that was asked about.
  await page.getByLabel('Workflow', { exact: true }).selectOption('')
  await expect(table.getByRole('link', { name: 'node 2' })).toHaveAttribute('href', '#/workflows/demo-1?node=2')
  expect(complaints).toEqual([])
})

/** Files as a person picks them in the dialog of the system. */
async function pick(page: Page, what: string, path: string, field: string | RegExp = 'Event files'): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByLabel(field, { exact: true }).selectOption({ label: what })
  await (await chooser).setFiles(path)
}

test('counts cases and a folder of events, and says what settings would change over it', async ({
  app,
  page,
  complaints
}, info) => {
  const events = info.outputPath('events')
  const put = (file: string, value: object): void => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(value))
  }
  const event = (tag: string) => eventOf(1, [tag])
  put(join(events, 'a.json'), event('tlp:red'))
  put(join(events, 'b.json'), event('tlp:green'))
  put(join(events, 'below', 'c.json'), event('tlp:green'))
  put(join(app.folder, 'cases', 'green.case.json'), {
    ...{ format: 'retrace.case', version: 1, workflowName: 'Publish guard' },
    ...{ input: event('tlp:green'), expect: { outcome: 'success' } }
  })
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/workflows/coverage?workflow=demo-1'))
  await page.getByLabel('Runs of it').selectOption('0')
  await page.getByRole('checkbox', { name: 'Cases of the workspace' }).press('Space')
  await page.getByRole('button', { name: 'Count' }).press('Enter')
  const covered = page.getByRole('status').filter({ hasText: '% covered' })
  await expect(covered).toContainText('in 1 run')
  await pick(page, 'A folder…', events)
  await expect(page.getByLabel('Event files')).toContainText('2 files of events')
  await page.getByRole('button', { name: 'Count' }).press('Enter')
  await expect(covered).toContainText('in 3 runs')
  await expect(page.getByRole('table', { name: 'What has run' }).getByRole('row', { name: /^2 / })).toContainText(
    'true 1×, false 2×',
    { useInnerText: true }
  )

  await page.evaluate(() => (location.hash = '#/workflows/impact?workflow=demo-1'))
  await expect(page.getByRole('button', { name: 'Compare' })).toBeDisabled()
  await page.getByLabel('Runs of its trigger').selectOption('0')
  await page.getByLabel('Data sets').selectOption('none')
  await pick(page, 'A folder…', events)
  await page.getByText('MISP version and settings that change').press('Enter')
  await page.getByLabel(/^Settings/).fill('{"enabled_modules": ["tag-if"]}')
  await picture(page, 'impact-settings')
  await page.getByRole('button', { name: 'Compare' }).press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'differently' })).toContainText('2 runs go differently.')
  const table = page.getByRole('table', { name: 'Runs that go differently' })
  await expect(table).toContainText('disabled')
  await expect(table).toContainText('a.json')
  await expect(table.getByRole('link', { name: 'a.json' })).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('takes MISP’s database out of a folder, holds coverage against what is asked for, and one of several workflows of a file', async ({
  app,
  page,
  complaints
}, info) => {
  const put = (name: string, value: object): string => {
    const file = info.outputPath(name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(value))
    return file
  }
  const events = dirname(put('events/a.json', eventOf(1, ['tlp:green'])))
  const world = dirname(put('world/settings.json', { enabled_modules: ['webhook'] }))
  put('world/warninglists/one/list.json', { name: 'one', type: 'string', list: [] })
  put('world/README.json.txt', {})
  const stored = JSON.parse(readFileSync(join(app.folder, 'workflows', 'demo-1', '1.json'), 'utf8')) as {
    text: string | null
    workflow: object
  }
  const before = JSON.parse(stored.text ?? JSON.stringify(stored.workflow)) as { Workflow: object }
  const never = JSON.parse(JSON.stringify(before).replace('"tlp:red"', '"tlp:green"')) as { Workflow: object }
  const both = put('both.json', [
    { Workflow: { ...never.Workflow, name: 'Stops green' } },
    { Workflow: { ...before.Workflow, name: 'As it is' } }
  ])
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/workflows/coverage?workflow=demo-1'))
  await page.getByLabel('Runs of it').selectOption('0')
  await pick(page, 'A folder…', events)
  await page.getByText('MISP setup').press('Enter')
  await pick(page, 'A folder…', world, 'World')
  await expect(page.getByLabel('World', { exact: true })).toContainText('2 files of world')
  await page.getByLabel('At least, in %').fill('90')
  await picture(page, 'coverage-setup')
  await page.getByRole('button', { name: 'Count' }).press('Enter')
  const covered = page.getByRole('status').filter({ hasText: '% covered' })
  // With the settings of the folder the condition is disabled.
  await expect(covered).toContainText('below 90 %')
  const condition = page.getByRole('table', { name: 'What has run' }).getByRole('row', { name: /^2 / })
  await expect(condition).toContainText('true never, false never', { useInnerText: true })
  await page.getByLabel('World', { exact: true }).selectOption('none')
  await page.getByRole('button', { name: 'Count' }).press('Enter')
  await expect(condition).toContainText('true never, false 1×', { useInnerText: true })
  await page.getByLabel('At least, in %').fill('10')
  await expect(covered).not.toContainText('below')

  await page.evaluate(() => (location.hash = '#/workflows/impact?workflow=demo-1'))
  await page.getByLabel('Runs of its trigger').selectOption('0')
  await page.getByLabel('Data sets').selectOption('none')
  await pick(page, 'A folder…', events)
  await pick(page, 'a file of the workflow as it was…', both, 'Change')
  const which = page.getByRole('dialog', { name: 'Which workflow?' })
  await which.getByRole('combobox').selectOption('0')
  await which.getByRole('button', { name: 'Use this one' }).press('Enter')
  await expect(page.getByLabel('Change', { exact: true })).toContainText('both.json: Stops green → version 1')
  await page.getByRole('button', { name: 'Compare' }).press('Enter')
  const differ = page.getByRole('status').filter({ hasText: 'differently' })
  await expect(differ).toContainText('1 run goes differently.')
  const table = page.getByRole('table', { name: 'Runs that go differently' })
  await expect(table).toContainText('blocked → ')
  await page.getByText('MISP version, settings and world of both').press('Enter')
  await pick(page, 'A folder…', world, 'World, for what was and what would be')
  await page.getByRole('button', { name: 'Compare' }).press('Enter')
  // With the settings of the folder the condition decides nothing on either side.
  await expect(table).not.toContainText('blocked → ')
  expect(complaints).toEqual([])
})
