// Files dropped anywhere on the window, and chosen by the dialog: told apart by what is in them.
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { expect, root, test } from './app.ts'

const recorded = recordedRuns().find((run) => run.posts.length > 3 && run.branches.length === 0)
const lines = (recorded?.posts ?? []).map(({ target, body }) => ({
  at: '2024-10-21T12:00:00.000Z',
  source: '',
  method: 'POST',
  target,
  headers: {},
  body
}))
const event = (id: number, info: string) => ({
  Event: { id: String(id), uuid: `00000000-0000-4000-8000-00000000000${id}`, info, Attribute: [] }
})

/** What the browser does when files are let go over the window. */
async function drop(page: Page, files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  const data = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer()
    for (const { name, text } of list) transfer.items.add(new File([text], name))
    return transfer
  }, files)
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: data })
  await expect(page.getByText(/^Drop events, workflows/)).toBeVisible()
  await page.dispatchEvent('main', 'drop', { dataTransfer: data })
}

const json = (value: unknown): string => JSON.stringify(value)

test('takes posts, a run, an execution log and their like by drop, in any view', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  const rows = page.getByLabel('Runs: rows').getByRole('row')
  await expect(rows.first()).toBeVisible()
  const before = await rows.count()
  await page.keyboard.type('gm')
  await drop(page, [{ name: 'posts.ndjson', text: lines.map(json).join('\n') }])
  await expect(page).toHaveURL(/#\/runs$/)
  await expect(rows).toHaveCount(before + 1)

  const later = lines.map((line) => ({ ...line, source: 'other' }))
  await drop(page, [
    {
      name: 'run.json',
      text: json({ format: 'retrace-captured-run', version: 1, run: {}, posts: later, workflow: null })
    }
  ])
  await expect(rows).toHaveCount(before + 2)

  await page.keyboard.type('gd')
  const log =
    '[2024-10-21 12:00:00] Workflow(event-publish:77). Started executing workflow for trigger `event-publish` (77)'
  await drop(page, [{ name: 'other.log', text: log.replace('(event-publish:77). ', '(77): ') }])
  await expect(page.getByText('other.log has no line of MISP’s workflow execution log')).toBeVisible()
  await expect(page).toHaveURL(/#\/data$/)
  await drop(page, [{ name: 'workflow-execution.log', text: `${log}\n` }])
  await expect(page).toHaveURL(/#\/log$/)
  await expect(page.getByLabel('Log: rows')).toContainText('trigger `event-publish` (77)')
  expect(complaints).toEqual([])
})

test('takes events, search answers, workflows, blueprints and world files by drop', async ({
  app,
  page,
  complaints
}) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await drop(page, [{ name: 'one.json', text: json(event(1, 'dropped event')) }])
  await expect(page.getByRole('heading', { name: 'one.json' })).toBeVisible()
  // The same once more is the one that is there; what changed meanwhile is asked about.
  await drop(page, [{ name: 'again.json', text: json(event(1, 'dropped event')) }])
  await expect(page.getByText('The workspace has this data already: “one.json”.')).toBeVisible()
  await drop(page, [{ name: 'later.json', text: json(event(1, 'changed event')) }])
  const known = page.getByRole('dialog', { name: 'This event is here already' })
  await expect(known).toContainText('in another state: “one.json”')
  await known.getByRole('button', { name: 'Replace' }).click()
  await expect(page.getByRole('heading', { name: 'later.json' })).toBeVisible()
  await expect(page.getByText('one.json deleted')).toBeVisible()
  await drop(page, [{ name: 'search.json', text: json({ response: [event(2, 'a'), event(3, 'second event')] }) }])
  await expect(page.getByRole('heading', { name: 'search.json' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Event in the data set' })).toBeVisible()

  await drop(page, [{ name: 'workflow.json', text: json(recorded?.workflow) }])
  await expect(page).toHaveURL(/#\/workflows\/.+imported=1/)
  const blueprint = {
    WorkflowBlueprint: {
      uuid: '00000000-0000-4000-8000-0000000000aa',
      name: 'Dropped blueprint',
      description: '',
      timestamp: '1700000000',
      default: false,
      data: [
        {
          id: 1,
          name: 'Stop execution',
          data: { id: 'stop-execution', module_type: 'action', indexed_params: { message: 'no' } },
          class: 'block-type-default',
          html: 'Stop execution',
          typenode: false,
          inputs: { input_1: { connections: [] } },
          outputs: {},
          pos_x: 0,
          pos_y: 0
        }
      ]
    }
  }
  await drop(page, [{ name: 'blueprint.json', text: json(blueprint) }])
  await expect(page.getByText('Dropped blueprint').first()).toBeVisible()
  await drop(page, [
    { name: 'organisations.json', text: json([{ Organisation: { id: '77', name: 'Dropped org', uuid: 'x' } }]) }
  ])
  await expect(page).toHaveURL(/#\/world/)
  await expect(page.getByText('organisations: 1')).toBeVisible()
  expect(complaints).toEqual([])
})

test('takes the files of a feed by the dialog: events as data, the list of them told', async ({
  app,
  page,
  complaints
}) => {
  await page.goto(app.url)
  await page.keyboard.type('gd')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const file = (name: string, value: unknown) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(json(value))
  })
  const uuid = (id: number) => event(id, '').Event.uuid
  await (
    await chooser
  ).setFiles([
    file('manifest.json', { [uuid(4)]: { info: 'first of the feed', Orgc: { name: 'x' }, date: '2024-10-21' } }),
    file(`${uuid(4)}.json`, event(4, 'first of the feed')),
    file(`${uuid(5)}.json`, event(5, 'second of the feed'))
  ])
  await expect(page.getByText('manifest.json is a feed manifest', { exact: false })).toBeVisible()
  await expect(page.getByText('2 files imported')).toBeVisible()
  await page.keyboard.type('gd')
  const sets = page.getByLabel('Data sets: rows')
  await expect(sets).toContainText('first of the feed')
  await expect(sets).toContainText('second of the feed')
  expect(complaints).toEqual([])
})

test('says what is wrong with a file that is nothing it knows', async ({ app, page }) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  const picture = readFileSync(join(root, 'resources', 'icon.svg'), 'utf8')
  await drop(page, [{ name: 'icon.svg', text: picture }])
  await expect(page.getByText(/not valid JSON/i).first()).toBeVisible()
})

test('holds the field of a file while a person looks for the file', async ({ app, page }) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await page.evaluate(() => {
    HTMLInputElement.prototype.click = function () {
      Object.assign(window, { picked: new WeakRef(this) })
    }
  })
  await page.keyboard.press('ControlOrMeta+o')
  await page.waitForFunction(() => 'picked' in window)
  await page.requestGC()
  const isThere = () =>
    page.evaluate(() => (window as unknown as { picked: WeakRef<HTMLInputElement> }).picked.deref()?.type)
  expect(await isThere()).toBe('file')
})
