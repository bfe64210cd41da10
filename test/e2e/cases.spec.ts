// Cases by mouse and keyboard: kept from a run, run, looked at where they fail, updated, removed and taken back.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { rulesIn, settled, violationsOf } from './axe.ts'
import { rows } from './every-view.ts'
import { eventOf } from '../unit/host/samples.ts'

const list = (page: Page) => page.getByLabel('Cases: rows').getByRole('row')

const serious = async (page: Page): Promise<readonly string[]> => {
  const found: string[] = []
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await settled(page)
    const looked = await violationsOf(page, rulesIn(scheme))
    found.push(...looked.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id))
  }
  return found
}

/** One that says what it depended on. */
async function openOwnRun(page: Page): Promise<void> {
  await rows(page).first().dblclick()
  await expect(page.getByRole('button', { name: 'Keep as case…' })).toBeEnabled()
}

/** The dialog that keeps a run as a case, by its key. */
async function keepAsCase(page: Page, url: string): Promise<Locator> {
  await page.goto(url)
  await openOwnRun(page)
  await page.keyboard.press('q')
  return page.getByRole('dialog', { name: 'Keep as case' })
}

test('a run is kept as a case, which fails when something else is expected, and is updated', async ({
  app,
  page,
  complaints
}) => {
  const dialog = await keepAsCase(page, app.url)
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
  expect(await serious(page)).toEqual([])
  await dialog.getByRole('textbox', { name: 'Name' }).selectText()
  await page.keyboard.type('Kept one')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(list(page)).toHaveCount(1)
  await expect(list(page).first()).toContainText('passed')
  const folder = join(app.folder, 'cases')
  const [name = ''] = readdirSync(folder)
  expect(name).toBe('kept-one.case.json')
  const kept = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { expect: { path: string[] } }
  writeFileSync(join(folder, name), JSON.stringify({ ...kept, expect: { ...kept.expect, path: ['99'] } }))
  await page.keyboard.press('a')
  await expect(list(page).first()).toContainText('failed')
  await list(page).first().click()
  const preview = page.getByRole('region', { name: 'Preview' })
  const ticks = preview.getByRole('checkbox')
  await expect(ticks.first()).toBeVisible()
  expect(await serious(page)).toEqual([])
  await ticks.first().check()
  await preview.getByRole('button', { name: 'Expect what is ticked from now on' }).click()
  await expect(list(page).first()).toContainText('passed')
  expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual(kept)
  expect(complaints).toEqual([])
})

test('a failing case is a run in one click; a deleted one comes back', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await openOwnRun(page)
  await page.getByRole('button', { name: 'Keep as case…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Keep', exact: true }).click()
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await list(page).first().click()
  await page.getByRole('button', { name: 'Open run' }).click()
  await expect(page).toHaveURL(/#\/runs\/.+/)
  await expect(page.getByRole('button', { name: 'Keep as case…' })).toBeVisible()
  await page.goBack()
  await list(page).first().click()
  await page.keyboard.press('Delete')
  await expect(page.getByText('No cases yet')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(list(page)).toHaveCount(1)
  expect(complaints).toEqual([])
})

test('values are chosen in the data at the end of the run, and what MISP says is expected by itself, by keyboard', async ({
  app,
  page,
  complaints
}) => {
  const dialog = await keepAsCase(page, app.url)
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Chosen')
  const message = dialog.getByRole('checkbox', { name: /^Only what MISP says: “.+”/ })
  await expect(message).toBeDisabled()
  await expect(message).toBeChecked()
  await dialog.getByRole('checkbox', { name: /^Outcome/ }).press('Space')
  await dialog.getByRole('checkbox', { name: /^Path/ }).press('Space')
  await expect(dialog.getByRole('button', { name: 'Keep', exact: true })).toBeDisabled()
  await message.press('Space')
  await dialog.getByRole('textbox', { name: /hash paths/ }).fill('Event.id')
  await dialog.getByRole('button', { name: 'Choose in the data at the end' }).press('Enter')
  const tree = dialog.getByRole('tree', { name: 'Data at the end' })
  await tree.focus()
  await page.keyboard.press('ArrowDown')
  const offers = dialog.getByRole('group', { name: 'Expect of the chosen value' })
  await expect(offers.getByRole('button')).toHaveText(['Expect Event'])
  const picked = tree.locator('[aria-selected="true"]')
  for (let i = 0; i < 80 && !(await picked.textContent())?.startsWith('info:'); i++)
    await page.keyboard.press('ArrowDown')
  await offers.getByRole('button', { name: 'Expect Event.info' }).press('Enter')
  expect(await serious(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Keep', exact: true }).press('Enter')
  await expect(dialog).toBeHidden()
  const kept = JSON.parse(readFileSync(join(app.folder, 'cases', 'chosen.case.json'), 'utf8')) as {
    readonly expect: { readonly message?: string; readonly values: readonly { readonly path: string }[] }
  }
  expect(Object.keys(kept.expect)).toEqual(['message', 'values'])
  expect(kept.expect.values.map(({ path }) => path)).toEqual(['Event.id', 'Event.info'])
  expect(complaints).toEqual([])
})

const ofGuard = (outcome: string, tag: string) => ({
  ...{ format: 'retrace.case', version: 1, workflowName: 'Publish guard' },
  // What is not blocked is announced.
  ...{ input: eventOf(1, [tag]), expect: { outcome }, ...(tag === 'tlp:red' ? {} : { mocks: { 5: { status: 200 } } }) }
})

test('a workflow is marked by the state of its cases, which are run from there and seen when a file is edited', async ({
  app,
  page,
  complaints
}) => {
  const put = (name: string, value: object): void => {
    mkdirSync(join(app.folder, 'cases'), { recursive: true })
    writeFileSync(join(app.folder, 'cases', name), JSON.stringify(value))
  }
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/workflows'))
  const row = page.getByRole('grid', { name: 'Workflows' }).getByRole('row', { name: 'Publish guard' })
  await expect(row).toBeVisible()
  // Beside the preview there is room for all columns.
  await page.setViewportSize({ width: 1920, height: 900 })
  await expect(row).not.toContainText('not run')
  // Nothing is pressed: another program wrote them.
  put('red.case.json', ofGuard('blocked', 'tlp:red'))
  put('green.case.json', ofGuard('blocked', 'tlp:green'))
  await expect(row).toContainText('not run')
  const runThem = async (): Promise<void> => {
    await row.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Run its cases' }).press('Enter')
  }
  await runThem()
  await expect(row).toContainText('failed')
  await expect(page.getByText('2 cases run: 1 case did not pass')).toBeVisible()
  put('green.case.json', ofGuard('success', 'tlp:green'))
  await expect(row).toContainText('not run')
  await runThem()
  await expect(row).toContainText('passed')
  expect(await serious(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('cases that run say how far they are, and can be cancelled', async ({ app, page, complaints }) => {
  mkdirSync(join(app.folder, 'cases'))
  writeFileSync(join(app.folder, 'cases', 'large.json'), JSON.stringify(eventOf(20_000, ['tlp:red'])))
  const one = { format: 'retrace.case', version: 1, workflowName: 'Publish guard', inputFile: 'large.json' }
  for (let i = 0; i < 300; i++)
    writeFileSync(
      join(app.folder, 'cases', `${i}.case.json`),
      JSON.stringify({ ...one, expect: { outcome: 'blocked' } })
    )
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/cases'))
  await expect(page.getByText('300 cases', { exact: true })).toBeVisible()
  await page.keyboard.press('a')
  const running = page.getByRole('status').filter({ hasText: 'Running cases' })
  await expect(running).toContainText(/[1-9]\d* of 300/)
  await expect(running.getByRole('progressbar', { name: 'Cases run' })).toHaveAttribute('max', '300')
  await running.getByRole('button', { name: 'Cancel' }).press('Enter')
  await expect(page.getByText('Cancelled. What was run until then is kept.')).toBeVisible()
  await expect(running).toBeHidden()
  await expect(page.getByText(/300 cases, [1-9]\d* passed/)).toBeVisible()
  await expect(page.getByText('300 cases, 300 passed')).toBeHidden()
  expect(complaints).toEqual([])
})

test('answers that nothing asks for are removed when they are ticked', async ({ app, page, complaints }) => {
  mkdirSync(join(app.folder, 'cases'))
  const file = join(app.folder, 'cases', 'red.case.json')
  const one = ofGuard('blocked', 'tlp:red')
  writeFileSync(file, JSON.stringify({ ...one, mocks: { webhook: { status: 500 } } }))
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/cases'))
  await expect(list(page)).toHaveCount(1)
  await page.keyboard.press('a')
  await expect(list(page).first()).toContainText('stale')
  await list(page).first().click()
  const left = page.getByRole('region', { name: 'Answers that nothing asks for' })
  // Told once, with its tick.
  await expect(page.getByRole('region', { name: 'Preview' }).getByText('mocks.webhook')).toHaveCount(1)
  await expect(page.getByRole('region', { name: 'Preview' }).getByText('First differs at')).toHaveCount(0)
  await left.getByRole('checkbox', { name: 'mocks.webhook' }).press('Space')
  expect(await serious(page)).toEqual([])
  await left.getByRole('button', { name: 'Remove what is ticked from the case' }).press('Enter')
  await expect(list(page).first()).toContainText('passed')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(one)
  expect(complaints).toEqual([])
})

test('while it watches, a case runs again when it is saved, and only it; all run under another version when that is chosen', async ({
  app,
  page,
  complaints
}) => {
  mkdirSync(join(app.folder, 'cases'))
  const put = (name: string, value: object): void =>
    writeFileSync(join(app.folder, 'cases', `${name}.case.json`), JSON.stringify(value))
  put('green', ofGuard('success', 'tlp:green'))
  put('red', ofGuard('blocked', 'tlp:red'))
  const ran: unknown[] = []
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const asked =
        /"cases\.test",(\{[^}]*\})/.exec(String(payload)) ?? /cases\.test.*?(\{"caseIds[^}]*\})/.exec(String(payload))
      if (asked) ran.push((JSON.parse(asked[1] ?? '{}') as { caseIds?: unknown }).caseIds)
    })
  )
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/cases'))
  const row = (name: string) => list(page).filter({ hasText: `${name}.case.json` })
  await expect(row('red')).toContainText('not run')
  await page.keyboard.press('w')
  await expect(page.getByRole('button', { name: 'Watch' })).toHaveAttribute('aria-pressed', 'true')
  await expect(row('red')).toContainText('passed')
  await expect(row('green')).toContainText('passed')
  put('red', ofGuard('success', 'tlp:red'))
  await expect(row('red')).toContainText('failed')
  await page.keyboard.press('w')
  await expect(page.getByRole('button', { name: 'Watch' })).toHaveAttribute('aria-pressed', 'false')
  expect(ran).toEqual([['green.case.json', 'red.case.json'], ['red.case.json']])
  put('red', ofGuard('blocked', 'tlp:red'))
  await expect(row('red')).toContainText('not run')

  await page.getByRole('combobox', { name: 'MISP version' }).selectOption('2.4.177')
  await page.getByRole('searchbox', { name: 'Search cases' }).fill('red')
  await expect(list(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Run listed' }).press('Enter')
  await expect(row('red')).toContainText('passed')
  await expect(page.getByText('1 case run under MISP 2.4.177: all passed')).toBeVisible()
  expect(ran.slice(2)).toEqual([['red.case.json']])
  await row('red').click()
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('2.4.177, chosen for this run')
  expect(await serious(page)).toEqual([])
  await page.getByRole('button', { name: 'Open run' }).press('Enter')
  await expect(page).toHaveURL(/#\/runs\/.+/)
  expect(complaints).toEqual([])
})

test('a folder of cases that cannot be read any more is said to be so, in the place of what was listed', async ({
  app,
  page,
  complaints
}) => {
  const folder = join(app.folder, 'cases')
  mkdirSync(folder)
  writeFileSync(join(folder, 'red.case.json'), JSON.stringify(ofGuard('blocked', 'tlp:red')))
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/cases'))
  await expect(list(page)).toHaveCount(1)
  renameSync(folder, `${folder}-elsewhere`)
  writeFileSync(folder, '')
  await expect(page.getByText('cases/ of the workspace cannot be read: it is not a folder.')).toBeVisible()
  await expect(list(page)).toHaveCount(0)
  rmSync(folder)
  renameSync(`${folder}-elsewhere`, folder)
  await expect(list(page)).toHaveCount(1)
  expect(complaints).toEqual([])
})

test('a name that is refused stays in its dialog until it is saved', async ({ app, page, complaints }) => {
  const folder = join(app.folder, 'cases')
  const file = join(folder, 'one.case.json')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, '{')
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/cases'))
  await list(page).first().click()
  await page.keyboard.press('F2')
  const dialog = page.getByRole('dialog', { name: 'Rename case' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Typed at length')
  await page.keyboard.press('Enter')
  await expect(page.getByText('(INPUT_NOT_JSON)')).toBeVisible()
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('Typed at length')
  writeFileSync(file, JSON.stringify(ofGuard('blocked', 'tlp:red')))
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ name: 'Typed at length' })
  expect(complaints).toEqual([])
})
