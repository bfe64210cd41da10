// What a person brings is not always what MISP would hand over: one of several, nothing that a trigger gets, a trigger that this version does
// not have.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, preferText, root, test } from './app.ts'

const fixture = (name: string): string => readFileSync(join(root, 'test/fixtures/cases', name), 'utf8')

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

const picture = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.RETRACE_PICTURES
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}

test('asks as which trigger an ad-hoc workflow runs, and which of several events it gets', async ({
  app,
  page,
  complaints
}) => {
  await preferText(page)
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  const event = JSON.parse(fixture('F02-unwrapped-event/event.json')) as object
  await drop(page, 'events.json', JSON.stringify([event, { ...event, id: '11', info: 'The second' }]))
  await expect(page).toHaveURL(/#\/data\//)
  await drop(page, 'adhoc.json', fixture('F08-adhoc-trigger/workflow.json'))
  await expect(page).toHaveURL(/#\/workflows\//)
  const id = /workflows\/([^/?]+)/.exec(page.url())?.[1] ?? ''

  await page.evaluate((workflow) => (location.hash = `#/workflows/run?workflow=${workflow}&data=events`), id)
  const chooser = page.getByLabel('Event in the data set')
  await expect(chooser).toContainText('2 entries: choose one…')
  // By its nodes it is a workflow of the newest MISP.
  await expect(page.getByLabel('MISP version')).toContainText('2.5-newest (recognised for this workflow)')
  await page.getByLabel('MISP version').selectOption('2.5.1')
  await picture(page, 'setup')
  await page.getByRole('button', { name: 'Run', exact: true }).click()

  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('MISP 2.5.1 has no trigger “adhoc_1” (an ad-hoc workflow).')
  await picture(page, 'trigger')
  await dialog.getByRole('button', { name: 'Run as this trigger' }).click()
  await expect(dialog).toContainText('It holds 2 entries.')
  await dialog.getByRole('combobox').selectOption({ label: '1: The second · eeeeeeee-0000-4000-8000-000000000010' })
  await picture(page, 'entries')
  await dialog.getByRole('button', { name: 'Use this one' }).click()

  await expect(page).toHaveURL(/#\/runs\/[^/]+$/)
  await expect(page.getByText('run as event-publish')).toBeVisible()
  await expect(page.getByText('The second #11')).toBeVisible()
  await page.getByRole('button', { name: /assumptions$/ }).click()
  await expect(page.getByRole('dialog')).toContainText('its own trigger is adhoc_1')
  await picture(page, 'run')
  expect(complaints).toEqual([])
})

test('refuses what no trigger gets, and leaves data as it is when asked', async ({ app, page, complaints }) => {
  await preferText(page)
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await drop(page, 'answer.json', fixture('F02-no-event-at-all/event.json'))
  await expect(page.getByText(/looks like an error of MISP’s API/)).toBeVisible()

  await page.evaluate(() => (location.hash = '#/workflows/run?workflow=demo-1'))
  const data = page.getByRole('textbox', { name: 'Trigger data' })
  await data.fill('{"type": "bundle", "id": "bundle--1", "objects": []}')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByText(/looks like a STIX 2 bundle of 0 objects/)).toBeVisible()
  await picture(page, 'refused')

  await data.fill('{"info": "Of a feed", "uuid": "5adf0000-0000-4000-8000-000000000001", "Tag": [{"name": "tlp:red"}]}')
  await page.getByLabel('Use the data as it is').check()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page).toHaveURL(/#\/runs\/[^/]+$/)
  await page.getByRole('button', { name: /assumptions$/ }).click()
  await expect(page.getByRole('dialog')).toContainText('nothing in it is made up')
  expect(complaints).toEqual([])
})

test('picks one workflow of a list', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await drop(page, 'index.json', fixture('F17-workflow-index/workflow.json'))
  await expect(page.getByRole('dialog')).toContainText('It holds 2 entries.')
  await page.getByRole('button', { name: 'Use this one' }).click()
  await expect(page).toHaveURL(/#\/workflows\/[^/]+/)
  expect(complaints).toEqual([])
})
