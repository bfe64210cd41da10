// The third demonstration from an empty canvas, by mouse and again by keyboard: block publishing on tlp:red with a mail, else notify on Mattermost.
// Built, checked, run on two events with two outcomes, exported, imported into a fresh workspace, and run from the command line.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, root } from './app.ts'
import { rulesIn, violationsOf } from './axe.ts'
import { demo, graph, node, test } from './editor-app.ts'
import type { Apps } from './editor-app.ts'

const events = { red: join(demo, 'data', 'event-tlp-red.json'), green: join(demo, 'data', 'event-tlp-green.json') }

/** The field of a parameter: some are text boxes, some complete what is typed. */
const param = (page: Page, id: string): Locator =>
  page.locator(`[data-param="${id}"]`).locator('input, textarea').first()

async function importEvents(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await (await chooser).setFiles([events.red, events.green])
  await expect(page.getByText('2 files imported')).toBeVisible()
}

/** What the finished workflow is, whatever its positions and ids of nodes are made of. */
function shapeOf(text: string): unknown {
  const { Workflow: workflow } = JSON.parse(text) as {
    Workflow: {
      data: Record<string, { name: string; data: { id: string; indexed_params: unknown }; outputs: unknown }>
    }
  }
  return Object.entries(workflow.data)
    .filter(([key]) => key !== '_frames')
    .map(([key, { data, outputs }]) => [key, data.id, data.indexed_params, outputs])
}

const expected = [
  ['1', 'event-publish', [], { output_1: [2] }],
  ['2', 'tag-if', { scope: 'event_attribute', tags: ['tlp:red'] }, { output_1: [3], output_2: [5] }],
  [
    '3',
    'send-mail',
    { recipients: ['All admins'], mail_template_subject: 'Publishing was refused' },
    { output_1: [4] }
  ],
  ['4', 'stop-execution', { message: 'tlp:red is not published.' }, {}],
  ['5', 'webhook', { url: 'https://chat.example/hooks/misp', payload: '{"text": "published"}' }, { output_1: [] }]
] as const

function expectShape(text: string): void {
  expect(shapeOf(text)).toEqual(
    expected.map(([key, id, params, outputs]) => [
      key,
      id,
      Array.isArray(params) ? [] : (expect.objectContaining({ ...params }) as unknown),
      Object.keys(outputs).length === 0
        ? []
        : Object.fromEntries(
            Object.entries(outputs).map(([name, targets]) => [
              name,
              {
                connections: (targets as readonly number[]).map((target) => ({
                  node: String(target),
                  output: 'input_1'
                }))
              }
            ])
          )
    ])
  )
}

/** Runs what is on the canvas on an event, and comes back. */
async function runOn(page: Page, event: string, outcome: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Enter')
  const dialog = page.getByRole('dialog', { name: 'Run this workflow' })
  const option = dialog.getByLabel('Trigger data').locator('option', { hasText: event })
  await dialog.getByLabel('Trigger data').selectOption((await option.getAttribute('value')) ?? '')
  await dialog.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page).toHaveURL(/#\/runs\//)
  await expect(page.getByText(outcome, { exact: true }).first()).toBeVisible()
  await page.goBack()
  await expect(node(page, 'Stop execution')).toBeVisible()
}

async function exported(page: Page, scratch: string): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'MISP workflow (JSON)' }).click()
  const file = join(scratch, 'exported.json')
  await (await download).saveAs(file)
  return file
}

/** Into a fresh workspace by the window, out of it again, and through the command line: the same graph, the same two outcomes. */
async function carryHome(page: Page, apps: Apps, file: string): Promise<void> {
  const fresh = await apps.open()
  await page.goto(fresh.url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await (await chooser).setFiles(file)
  await expect(node(page, 'Stop execution')).toBeVisible()
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible()
  const again = await exported(page, apps.scratch)
  const text = readFileSync(again, 'utf8')
  expect(text).toBe(readFileSync(file, 'utf8'))
  const cli = (event: string) =>
    spawnSync(
      process.execPath,
      [join(root, 'scripts', 'retrace.mjs'), 'run', again, '--data', event, '--world', join(fresh.folder, 'world')],
      { encoding: 'utf8' }
    )
  const [red, green] = [cli(events.red), cli(events.green)]
  expect([red.status, green.status]).toEqual([1, 0])
  expect(red.stdout).toContain('tlp:red is not published.')
}

test('builds a workflow by mouse, runs it both ways, and carries it to another workspace', async ({
  apps,
  page,
  complaints
}) => {
  test.setTimeout(120_000)
  const { url } = await apps.open()
  await page.goto(url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await importEvents(page)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await page.getByRole('button', { name: 'New workflow…' }).first().click()
  await page.getByLabel('Trigger', { exact: true }).selectOption({ label: 'None: start with an empty canvas' })
  await page.getByLabel('Name', { exact: true }).fill('Guard')
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(graph(page)).toContainText('Every workflow starts with a trigger')

  const palette = page.getByRole('region', { name: 'Modules to add' })
  const drop = async (name: string, x: number, y: number) => {
    await palette.getByLabel('Search modules and blueprints').fill(name)
    await palette.getByRole('button', { name }).first().dragTo(graph(page), { targetPosition: { x, y } })
    await expect(node(page, name)).toBeVisible()
  }
  const link = async (from: string, output: number, to: string) => {
    const start = await node(page, from).locator('.react-flow__handle.source').nth(output).boundingBox()
    const end = await node(page, to).locator('.react-flow__handle.target').boundingBox()
    if (!start || !end) throw new Error('a handle is not on the screen')
    await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2)
    await page.mouse.down()
    await page.mouse.move(end.x + 60, end.y + 20, { steps: 4 })
    await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 4 })
    await page.mouse.up()
  }
  const side = page.getByRole('region', { name: 'Side panel' })
  // The canvas zooms in on its first node; further away there is room for five.
  await drop('Event Publish', 130, 120)
  for (let i = 0; i < 4; i++) await page.getByRole('button', { name: 'Zoom Out' }).click()
  await drop('IF :: Tag', 260, 420)
  await drop('Send Mail', 420, 300)
  await drop('Stop execution', 570, 300)
  await drop('Webhook', 420, 560)
  await expect(page.locator('.react-flow__node-module')).toHaveCount(5)

  await link('Event Publish', 0, 'IF :: Tag')
  await link('IF :: Tag', 0, 'Send Mail')
  await link('Send Mail', 0, 'Stop execution')
  // What MISP refuses is refused where it is made, with the reason.
  await link('Send Mail', 0, 'IF :: Tag')
  await expect(page.getByRole('alert')).toContainText('one connection per output')
  await link('IF :: Tag', 1, 'Webhook')
  await link('Webhook', 0, 'IF :: Tag')
  await expect(page.getByRole('alert')).toContainText('would create a cycle')
  await expect(page.locator('.react-flow__edge')).toHaveCount(4)

  await node(page, 'IF :: Tag').click()
  await side.getByLabel('Scope').selectOption({ label: 'Inherited Attribute' })
  await side.getByLabel('Tags', { exact: true }).fill('tlp:red')
  await page.getByRole('option', { name: 'tlp:red' }).click()
  await node(page, 'Send Mail').click()
  await param(page, 'mail_template_subject').fill('Publishing was refused')
  await node(page, 'Stop execution').click()
  await param(page, 'message').fill('tlp:red is not published.')
  await node(page, 'Webhook').click()
  await param(page, 'url').fill('https://chat.example/hooks/misp')
  await param(page, 'payload').fill('{"text": "published"}')

  // Undo takes the typing back, redo brings it again.
  await graph(page).focus()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(param(page, 'payload')).toHaveValue('')
  await page.keyboard.press('ControlOrMeta+y')
  await expect(param(page, 'payload')).toHaveValue('{"text": "published"}')
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible()

  await runOn(page, 'event-tlp-red', 'blocked')
  await runOn(page, 'event-tlp-green', 'success')

  await page.getByRole('button', { name: 'Save…' }).click()
  await page.getByLabel('Version note (optional)').fill('By mouse')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved as version 2')).toBeVisible()
  const file = await exported(page, apps.scratch)
  expectShape(readFileSync(file, 'utf8'))
  await carryHome(page, apps, file)
  expect(complaints).toEqual([])
})

test('builds the same workflow by keyboard alone', async ({ apps, page, complaints }) => {
  test.setTimeout(120_000)
  const { url } = await apps.open()
  await page.goto(url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await importEvents(page)
  const keys = page.keyboard
  const dialog = (name: string) => page.getByRole('dialog', { name })
  const add = async (name: string) => {
    await keys.press('a')
    await expect(dialog('Add a node')).toBeVisible()
    await keys.type(name)
    await keys.press('Enter')
    await expect(node(page, name)).toBeVisible()
    await expect(dialog('Add a node')).toBeHidden()
  }
  /** Into the first parameter, and by Tab to the one with that label. */
  const field = async (label: string, enter = true) => {
    if (enter) await keys.press('Enter')
    for (let i = 0; i < 20; i++) {
      const name = await page.evaluate(() => {
        const element = document.activeElement
        const labels =
          element instanceof HTMLElement && 'labels' in element ? (element.labels as NodeListOf<Element>) : null
        return labels?.[0]?.textContent ?? element?.getAttribute('aria-label') ?? ''
      })
      if (name.trim() === label) return
      await keys.press('Tab')
    }
    throw new Error(`no field ${label}`)
  }
  await keys.press('g')
  await keys.press('w')
  await expect(page).toHaveURL(/#\/workflows$/)
  await expect(page.getByRole('toolbar', { name: 'Workflows' })).toBeVisible()
  await keys.press('n')
  await expect(dialog('New workflow')).toBeVisible()
  await keys.type('None yet')
  await keys.press('Tab')
  await keys.type('Guard')
  await keys.press('Enter')
  await expect(graph(page)).toBeVisible()

  await add('Event Publish')
  await add('IF :: Tag')
  await field('Scope')
  await keys.type('Inherited')
  await field('Tags', false)
  await keys.type('tlp:red')
  await keys.press('Enter')
  await keys.press('Escape')
  await add('Send Mail')
  await field('Mail template subject')
  await keys.type('Publishing was refused')
  await keys.press('Escape')
  await add('Stop execution')
  await field('Stop message')
  await keys.press('ControlOrMeta+a')
  await keys.type('tlp:red is not published.')
  await keys.press('Escape')
  // A node that stands alone, connected afterwards: to the second output, from a list.
  await keys.press('Escape')
  await add('Webhook')
  await field('URL')
  await keys.type('https://chat.example/hooks/misp')
  await field('Payload (leave empty for roaming data)', false)
  await keys.type('{"text": "published"}')
  await keys.press('Escape')
  for (let i = 0; i < 3; i++) await keys.press('p')
  await keys.press('c')
  await expect(dialog('Connect IF :: Tag (2)')).toBeVisible()
  await keys.type('Webhook')
  await keys.press('Enter')
  await expect(page.locator('.react-flow__edge')).toHaveCount(4)
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible()

  await keys.press('ControlOrMeta+s')
  await keys.type('By keyboard')
  await keys.press('Enter')
  await expect(page.getByText('Saved as version 2')).toBeVisible()
  await runOn(page, 'event-tlp-red', 'blocked')
  await runOn(page, 'event-tlp-green', 'success')

  await keys.press('ControlOrMeta+k')
  await keys.type('Export: MISP')
  const download = page.waitForEvent('download')
  await keys.press('Enter')
  const file = join(apps.scratch, 'keyboard.json')
  await (await download).saveAs(file)
  expectShape(readFileSync(file, 'utf8'))
  expect(complaints).toEqual([])
})

test('loses no edit when the window goes, and shows and takes back versions', async ({ apps, page, complaints }) => {
  const { url } = await apps.open()
  await page.goto(url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await page.getByRole('button', { name: 'Demonstrations…' }).click()
  await page.getByRole('button', { name: /^Open Block publishing on tlp:red/ }).click()
  await expect(node(page, 'Notify on Mattermost')).toBeVisible()
  await node(page, 'Stop execution').click()
  const side = page.getByRole('region', { name: 'Side panel' })
  await param(page, 'message').fill('Ask the duty officer.')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.reload()
  await expect(page.getByText(/Restored unsaved changes from/)).toBeVisible()
  await node(page, 'Stop execution').click()
  await expect(param(page, 'message')).toHaveValue('Ask the duty officer.')

  await graph(page).focus()
  await node(page, 'Notify on Mattermost').click()
  await page.keyboard.press('Delete')
  await expect(node(page, 'Notify on Mattermost')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+s')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Saved as version 2')).toBeVisible()
  await side.getByRole('tab', { name: 'Versions' }).click()
  await side.getByRole('listitem').filter({ hasText: 'Version 1' }).getByRole('button', { name: 'Compare' }).click()
  const differences = side.getByRole('list', { name: 'Differences' })
  await expect(differences).toContainText('Removed: Notify on Mattermost (5)')
  await expect(differences).toContainText('“tlp:red is not published.” → “Ask the duty officer.”')
  await expect(page.locator('.enode.diff-removed')).toHaveCount(1)
  await expect(page.locator('.enode.diff-changed')).toHaveCount(1)
  const old = side.getByRole('listitem').filter({ hasText: 'Version 1' })
  await old.getByRole('button', { name: 'Revert' }).click()
  await old.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText('Version 1 is now version 3')).toBeVisible()
  await expect(node(page, 'Notify on Mattermost')).toBeVisible()
  expect(complaints).toEqual([])
})

test('copies nodes to another window, inserts into a connection, and exports pictures', async ({
  apps,
  page,
  context,
  complaints
}) => {
  const { url } = await apps.open()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await page.getByRole('button', { name: 'Demonstrations…' }).click()
  await page.getByRole('button', { name: /^Open Block publishing on tlp:red/ }).click()
  await node(page, 'Send Mail').click()
  await page.keyboard.press('ControlOrMeta+c')
  await expect(page.getByText(/Copied as JSON/)).toBeVisible()

  const other = await context.newPage()
  await other.goto(url)
  await other.getByRole('link', { name: 'Workflows' }).click()
  await other.getByRole('button', { name: 'New workflow…' }).first().click()
  await other.getByRole('button', { name: 'Create' }).click()
  await graph(other).focus()
  await other.keyboard.press('ControlOrMeta+v')
  await expect(node(other, 'Send Mail')).toBeVisible()
  await expect(param(other, 'mail_template_subject')).toHaveValue(/Publishing was refused/)
  await other.close()

  await node(page, 'IF :: Tag').click()
  const side = page.getByRole('region', { name: 'Side panel' })
  await side.getByRole('button', { name: 'Insert a node into this connection' }).first().click()
  await page.keyboard.type('Push to ZMQ')
  await page.keyboard.press('Enter')
  await expect(node(page, 'Push to ZMQ')).toBeVisible()
  await expect(page.locator('.react-flow__edge')).toHaveCount(5)
  // A module that is dropped on a connection goes into it.
  const edge = page.getByTestId('rf__edge-3:output_1:4').locator('path').first()
  const middle = await edge.evaluate((path) => {
    const line = path as unknown as SVGPathElement
    const at = line.getPointAtLength(line.getTotalLength() / 2)
    const point = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM() ?? undefined)
    const box = document.querySelector('.editor-canvas')?.getBoundingClientRect()
    return { x: point.x - (box?.left ?? 0), y: point.y - (box?.top ?? 0) }
  })
  const palette = page.getByRole('region', { name: 'Modules to add' })
  await palette.getByRole('button', { name: 'Publish Event' }).dragTo(graph(page), { targetPosition: middle })
  await expect(page.locator('.react-flow__edge')).toHaveCount(6)
  await expect(side).toContainText('Send Mail (3)')
  await expect(side).toContainText('Stop execution (4)')
  for (const [item, begins] of [
    ['Mermaid flowchart', 'flowchart LR'],
    ['Graphviz DOT', 'digraph workflow'],
    ['Picture (SVG)', '<svg'],
    ['Picture (PNG)', '\u0089PNG']
  ] as const) {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    const file = join(apps.scratch, 'picture')
    await (await download).saveAs(file)
    expect(readFileSync(file, 'latin1').startsWith(begins)).toBe(true)
  }
  expect(complaints).toEqual([])
})

test('the editor has no serious accessibility issue in light and in dark colours', async ({ apps, page }) => {
  const { url } = await apps.open()
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await page.getByRole('button', { name: 'Demonstrations…' }).click()
  await page.getByRole('button', { name: /^Open Block publishing on tlp:red/ }).click()
  await node(page, 'IF :: Tag').click()
  await expect(page.getByLabel('Scope')).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = await violationsOf(page, rulesIn(colorScheme))
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => [colorScheme, id, nodes.map(({ html }) => html)])).toEqual([])
  }
})
