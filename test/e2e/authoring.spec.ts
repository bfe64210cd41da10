// What a workflow that came from elsewhere brings along, and editing on the canvas itself: fields in nodes, frames, connections led elsewhere.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app.ts'

const node = (page: Page, name: string): Locator => page.locator('.react-flow__node-module').filter({ hasText: name })
const canvas = (page: Page): Locator => page.getByRole('application', { name: 'Workflow graph' })

const link = (to: number) => ({ connections: [{ node: String(to), output: 'input_1' }] })
const from = (id: number) => ({ input_1: { connections: [{ node: String(id), input: 'output_1' }] } })
const graphNode = (id: number, name: string, data: object, sockets: object) => ({
  ...{ id, name, class: 'block-type-default', typenode: false, pos_x: id * 340, pos_y: 0 },
  data: { saved_filters: [], indexed_params: [], name, ...data },
  ...sockets
})
const foreign = {
  Workflow: {
    name: 'From elsewhere',
    trigger_id: 'event-after-save',
    data: {
      1: graphNode(
        1,
        'Event After Save',
        { id: 'event-after-save', module_type: 'trigger', module_version: '0.1' },
        { inputs: [], outputs: { output_1: link(2) } }
      ),
      2: graphNode(
        2,
        'House module',
        { id: 'house-module', module_type: 'action', module_version: '0.3' },
        { inputs: from(1), outputs: { output_1: link(3) } }
      ),
      3: graphNode(
        3,
        'Webhook',
        {
          ...{ id: 'webhook', module_type: 'action', module_version: '0.2', previous_module_version: '0.1' },
          indexed_params: { url: 'https://chat.example/', colour: 'red' }
        },
        { inputs: from(2), outputs: { output_1: { connections: [] } } }
      )
    }
  }
}

test('says what does not fit here, and runs an unknown module with the result chosen at its node', async ({
  app,
  page,
  complaints
}, info) => {
  const file = info.outputPath('foreign.json')
  writeFileSync(file, JSON.stringify(foreign))
  await page.goto(app.url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await (await chooser).setFiles(file)
  const report = page.getByRole('list', { name: 'Mismatches' })
  await expect(report).toContainText('unknown module house-module')
  await expect(report).toContainText('webhook saved with version 0.2 (before that 0.1), here 0.7')
  await expect(report).toContainText('webhook no longer has the parameter colour')
  await report.getByRole('button', { name: 'Node 2' }).click()
  await page.getByLabel('Run it with a placeholder result').check()
  await page.getByLabel('Error of house-module').pressSequentially('kept for later')
  await page.getByLabel('Result of house-module').selectOption({ label: 'failure' })
  await expect(page.getByText(/Saved in the mock set “From elsewhere”/)).toBeVisible()
  const kept = () =>
    readdirSync(join(app.folder, 'mocks'))
      .map((name) => readFileSync(join(app.folder, 'mocks', name), 'utf8').replaceAll(/\s/g, ''))
      .join('')
  await expect.poll(kept).toContain('"success":false,"errors":["keptforlater"]')
  await page.keyboard.press('ControlOrMeta+Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page).toHaveURL(/#\/runs\//)
  await expect(page.getByText(/returned the following error: kept for later/)).toBeVisible()
  expect(complaints).toEqual([])
})

test('edits in the node, drags a frame with its nodes, and leads a connection elsewhere', async ({
  app,
  page,
  complaints
}) => {
  await page.goto(app.url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await page.getByRole('button', { name: 'Demonstrations…' }).click()
  await page.getByRole('button', { name: /^Open Block publishing on tlp:red/ }).click()
  await node(page, 'Stop execution').click()
  await canvas(page).focus()
  await page.keyboard.press('t')
  const inside = page.getByRole('group', { name: 'Fields of Stop execution' })
  await inside.locator('input, textarea').first().fill('Written in the node')
  await expect(page.getByRole('region', { name: 'Side panel' }).locator('[data-param="message"] input')).toHaveValue(
    'Written in the node'
  )
  await page.keyboard.press('Escape')
  await page.keyboard.press('t')
  await expect(inside).toHaveCount(0)

  await node(page, 'Send Mail').click({ modifiers: ['Shift'] })
  await page.keyboard.press('f')
  await page.keyboard.type('Refuse')
  await page.keyboard.press('Enter')
  const places = async () => {
    const [mail, stop] = await Promise.all([
      node(page, 'Send Mail').boundingBox(),
      node(page, 'Stop execution').boundingBox()
    ])
    return [mail?.x, mail?.y, stop?.x, stop?.y].map((at) => Math.round(at ?? 0))
  }
  const before = await places()
  const frame = await page.locator('.eframe').boundingBox()
  await page.mouse.move((frame?.x ?? 0) + 20, (frame?.y ?? 0) + 8)
  await page.mouse.down()
  await page.mouse.move((frame?.x ?? 0) + 40, (frame?.y ?? 0) + 88, { steps: 5 })
  await page.mouse.up()
  const by = (await places()).map((at, i) => at - (before[i] ?? 0))
  expect(by[1]).toBeGreaterThan(50)
  expect(Math.abs((by[0] ?? 0) - (by[2] ?? 0)) + Math.abs((by[1] ?? 0) - (by[3] ?? 0))).toBeLessThan(3)
  await canvas(page).focus()
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(async () => (await places()).every((at, i) => Math.abs(at - (before[i] ?? 0)) < 3)).toBe(true)

  // Fields in a node brought it into sight, and others out of it.
  await page.getByRole('button', { name: 'Show the whole graph' }).click()
  await node(page, 'IF :: Tag').click()
  await canvas(page).focus()
  await page.keyboard.press('c')
  await page.keyboard.type('Stop')
  await expect(page.getByRole('option', { name: /Stop execution/ })).toContainText('instead of Send Mail (3)')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('rf__edge-2:output_1:4')).toBeAttached()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByTestId('rf__edge-2:output_1:3')).toBeAttached()
  expect(complaints).toEqual([])
})

test('has the modules of misp-modules once MISP’s list is taken over', async ({ app, page, complaints }, info) => {
  const row = {
    ...{ id: 'chat_post', name: 'chatPost', description: 'Posts to a chat.', module_type: 'action', version: '0.1' },
    ...{ icon: 'python', icon_class: 'fab', inputs: 1, outputs: 1, is_misp_module: true, is_custom: false },
    ...{ blocking: true, expect_misp_core_format: false, support_filters: false, disabled: false },
    params: [{ id: 'a_p_i_key', label: 'API Key', placeholder: 'k', type: 'input' }]
  }
  const file = info.outputPath('moduleIndex.json')
  writeFileSync(file, JSON.stringify([row]))
  await page.goto(app.url)
  await page.getByRole('link', { name: 'World' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import files…', exact: true }).click()
  await (await chooser).setFiles(file)
  await page.getByRole('link', { name: 'Modules' }).click()
  await page.getByRole('button', { name: 'misp-module', exact: true }).click()
  await page.getByRole('row', { name: /chatPost/ }).dblclick()
  await expect(page.getByRole('region', { name: 'Parameters' })).toContainText('a_p_i_key')
  await page.getByRole('link', { name: 'Workflows' }).click()
  await page.getByRole('button', { name: 'New workflow…' }).first().click()
  await page.getByRole('button', { name: 'Create' }).click()
  await node(page, 'Event Publish').click()
  await page.getByRole('region', { name: 'Modules to add' }).getByRole('button', { name: 'chatPost' }).click()
  await expect(node(page, 'chatPost')).toContainText('to the action module chatPost of misp-modules')
  await expect(page.getByLabel('API Key', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible()
  expect(complaints).toEqual([])
})
