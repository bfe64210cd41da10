// Versions of MISP: one event under two of them, a workflow of the newest, posts of the newest.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { JsonMap } from '../../src/contract/json.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'
import { retrace } from './capture-app.ts'
import { expect, test } from './app.ts'

const trigger = { type: 'trigger', module: 'event-publish', to: { output_1: [2] } } as const
const tag = { scope: 'event', action: 'add', locality: 'local', tags: ['seen'], relationship_type: '' }

/** In 2.5.1 the tag is in the database only; from 2.5.19 on the roaming data has it too. */
const tagger = workflowOf(
  {
    1: trigger,
    2: { type: 'action', module: 'tag_operation', to: { output_1: [3] }, params: tag },
    3: {
      ...{ type: 'logic', module: 'tag-if', to: { output_1: [4] } },
      params: { scope: 'event', condition: 'in_or', tags: ['seen'], clusters: [] }
    },
    4: { type: 'action', module: 'stop-execution', params: { message: 'seen' } }
  },
  'Tag and stop'
)

const adHoc = (id: number, name: string, more: JsonMap): JsonMap => {
  const nodes = workflowOf(
    {
      1: {
        type: 'trigger',
        module: `adhoc_${id}`,
        to: { output_1: [2] },
        params: { scope: 'passed_roaming_data', filters: '{}' }
      },
      2: {
        type: 'logic',
        module: 'filter-tag',
        to: { output_1: [3] },
        params: { 'filtering-label': 'A', scope: 'attribute', condition: 'in_or', tags: ['tlp:red'], clusters: [] }
      },
      3: { type: 'action', module: id === 1 ? 'run-workflow' : 'push-zmq', params: more }
    },
    name
  )
  const { Workflow } = nodes as { Workflow: JsonMap }
  return { Workflow: { ...Workflow, id: String(id), uuid: `7e570000-0000-4000-8000-00000000000${id}` } }
}
const outer = adHoc(1, 'Newest', { workflows: ['adhoc_2 :: Helper'], input_data: 'roaming_data' })
const helper = adHoc(2, 'Helper', { match_condition: '', data_extraction_path: '' })

async function drop(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([file, content]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content ?? ''], file ?? ''))
      return transfer
    },
    [name, text]
  )
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: data })
  await page.dispatchEvent('main', 'drop', { dataTransfer: data })
}

/** In MISP's own spacing. */
const printed = (value: JsonMap): string => JSON.stringify(value, null, 4)

const picture = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.RETRACE_PICTURES
  if (!folder) return
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(folder, `versions-${name}-${colorScheme}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

async function importWorkflow(page: Page, file: string, workflow: JsonMap): Promise<string> {
  await drop(page, file, printed(workflow))
  await expect(page).toHaveURL(/#\/workflows\/[^/?]+/)
  const name = (workflow as { Workflow: { name: string } }).Workflow.name
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
  return /workflows\/([^/?]+)/.exec(page.url())?.[1] ?? ''
}

async function runUnder(page: Page, workflow: string, version: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/workflows/run?workflow=${workflow}&data=event`)
  await page.getByLabel('MISP version').selectOption(version)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page).toHaveURL(/#\/runs\/[^/]+$/)
}

test('ends otherwise under another version, and names the change that does it', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('MISP 2.5.1')
  await drop(page, 'event.json', JSON.stringify(eventOf(1)))
  await expect(page).toHaveURL(/#\/data\/event/)
  const id = await importWorkflow(page, 'tagger.json', tagger)
  await runUnder(page, id, '2.5.1')
  await expect(page.getByText('success', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('MISP 2.5.1', { exact: true }).first()).toBeVisible()
  await runUnder(page, id, '2.5-newest')
  await expect(page.getByText('blocked', { exact: true }).first()).toBeVisible()
  await picture(page, 'run')

  await page.evaluate((hash) => (location.hash = hash), '#/settings/version')
  await expect(page.getByRole('region', { name: 'MISP version' })).toContainText('There is a newer one, 2.5-newest')
  await picture(page, 'settings')
  await page.getByRole('link', { name: 'see what would change' }).click()
  await page.getByLabel('Workflow', { exact: true }).selectOption({ label: 'Tag and stop' })
  await page.getByRole('button', { name: 'Compare' }).click()
  const told = page.getByRole('region', { name: 'Tag and stop' })
  await expect(told.getByRole('table')).toContainText('tag_operation 0.2')
  await expect(told.getByRole('table').getByRole('link', { name: 'node 3' })).toBeVisible()
  // What is read is one sentence, without gaps in it.
  await expect(told.getByRole('list')).toContainText('tag_operation: changed.', { useInnerText: true })
  await picture(page, 'upgrade')
  await page.getByLabel('Workflow', { exact: true }).selectOption({ label: 'All workflows' })
  await page.getByRole('button', { name: 'Compare' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'differ' })).toBeVisible()
  await picture(page, 'upgrade-all')
  expect(complaints).toEqual([])
})

test('imports, edits, runs and exports a workflow of the newest version', async ({ app, page, complaints }, info) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await drop(page, 'event.json', JSON.stringify(eventOf(1)))
  await expect(page).toHaveURL(/#\/data\/event/)
  await importWorkflow(page, 'helper.json', helper)
  const id = await importWorkflow(page, 'newest.json', outer)
  const version = page.getByLabel('MISP version')
  await expect(version).toContainText('2.5-newest (recognised by its nodes)')
  await expect(page.getByText('Node 2 is filter-tag, which only MISP 2.5-newest and 2.5.19 have.')).toBeVisible()
  await picture(page, 'editor')

  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'MISP workflow (JSON)' }).click()
  const file = info.outputPath('exported.json')
  await (await download).saveAs(file)
  expect(readFileSync(file, 'utf8')).toBe(printed(outer))

  await page
    .getByRole('group', { name: /filter-tag|Filter :: Tag/ })
    .first()
    .click()
  await page.getByLabel('Condition').selectOption('not_in_or')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+s')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByText('Version 2', { exact: true })).toBeVisible()

  await page.evaluate((hash) => (location.hash = hash), `#/workflows/run?workflow=${id}&data=event`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page).toHaveURL(/#\/runs\/[^/]+$/)
  await expect(page.getByText('MISP 2.5-newest', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('success', { exact: true }).first()).toBeVisible()
  await picture(page, 'ad-hoc-run')
  expect(complaints).toEqual([])
})

test('recognises the version of captured posts', async ({ app, page, complaints }, info) => {
  const [workflow, other, event, posts] = ['outer.json', 'helper.json', 'event.json', 'posts.ndjson'].map((name) =>
    info.outputPath(name)
  )
  writeFileSync(workflow!, printed(outer))
  writeFileSync(other!, printed(helper))
  writeFileSync(event!, JSON.stringify(eventOf(1)))
  await retrace(['run', workflow!, '--data', event!, '--profile', '2.5-newest', '--posts', posts!])
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await drop(page, 'posts.ndjson', readFileSync(posts!, 'utf8'))
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const row = page.getByRole('row', { name: /adhoc_1/ }).first()
  await row.dblclick()
  await expect(page.getByText('MISP 2.5-newest', { exact: true }).first()).toBeVisible()
  await page.getByRole('button', { name: /assumption/ }).click()
  await expect(page.getByRole('dialog')).toContainText('MISP 2.5-newest was recognised: The trigger is adhoc_1')
  await picture(page, 'captured')
  expect(complaints).toEqual([])
})
