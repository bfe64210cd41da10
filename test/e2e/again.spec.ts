// A run once more: exactly as it was, by mouse and by keyboard, and in today's world, which says what changed since.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { App } from './app.ts'
import { violationsOf } from './axe.ts'
import { call, expect, test } from './app.ts'

const workflow = {
  Workflow: {
    ...{ name: 'tells the admins', trigger_id: 'event-publish', debug_enabled: true, counter: '0' },
    data: {
      1: {
        ...{ id: 1, name: 'Event Publish', class: 'block', inputs: [] },
        data: {
          id: 'event-publish',
          name: 'Event Publish',
          module_type: 'trigger',
          indexed_params: [],
          saved_filters: []
        },
        outputs: { output_1: { connections: [{ node: '2', output: 'input_1' }] } }
      },
      2: {
        ...{ id: 2, name: 'Send Mail', class: 'block' },
        data: {
          ...{ id: 'send-mail', name: 'Send Mail', module_type: 'action', saved_filters: [] },
          indexed_params: { recipients: ['All admins'], mail_template_subject: 'x', mail_template_body: 'y' }
        },
        inputs: { input_1: { connections: [{ node: '1', input: 'output_1' }] } },
        outputs: []
      }
    }
  }
}

const event = { Event: { id: '7', info: 'told', Attribute: [] } }

function putAdmin(app: App, email: string): void {
  const folder = join(app.folder, 'world')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'roles.json'), JSON.stringify([{ Role: { id: '1', perm_site_admin: true } }]))
  writeFileSync(join(folder, 'users.json'), JSON.stringify([{ User: { id: '1', email, role_id: '1', org_id: '1' } }]))
}

/** A run of the workflow, open in the page. */
async function openRun(page: Page, app: App): Promise<string> {
  const { runId } = await call(app.url, 'run.start', { workflow: { json: workflow }, data: { json: event } })
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await page.evaluate((id) => (location.hash = `#/runs/${id}`), runId)
  await expect(page.getByRole('heading', { name: /tells the admins/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'As it was, or with today’s world' })).toBeVisible()
  return runId
}

const changed = (page: Page) => page.getByRole('note', { name: 'Changed since the original run' })

async function expectAnother(page: Page, before: string): Promise<string> {
  await expect(page).not.toHaveURL(new RegExp(`#/runs/${before}`))
  await expect(page.getByRole('link', { name: 'Original run' })).toHaveAttribute('href', new RegExp(before))
  return /#\/runs\/([^/?]+)/.exec(page.url())?.[1] ?? ''
}

test('runs a run again as it was, and with today’s world, by mouse', async ({ app, page, complaints }) => {
  putAdmin(app, 'first@example.org')
  const first = await openRun(page, app)
  putAdmin(app, 'second@example.org')
  const choices = page.getByRole('button', { name: 'As it was, or with today’s world' })
  await choices.click()
  await page.getByRole('menuitem', { name: 'As it was' }).click()
  const exact = await expectAnother(page, first)
  await expect(changed(page)).toHaveCount(0)
  await choices.click()
  await page.getByRole('menuitem', { name: 'With today’s world' }).click()
  await expectAnother(page, exact)
  await expect(changed(page)).toContainText('“first@example.org”, and is “second@example.org”')
  const violations = await violationsOf(page)
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  expect(complaints).toEqual([])
})

test('does the same by keyboard alone', async ({ app, page, complaints }) => {
  putAdmin(app, 'first@example.org')
  const first = await openRun(page, app)
  putAdmin(app, 'second@example.org')
  await page.keyboard.press('a')
  const exact = await expectAnother(page, first)
  await expect(changed(page)).toHaveCount(0)
  await page.keyboard.press('t')
  await expectAnother(page, exact)
  await expect(changed(page)).toContainText('second@example.org')
  expect(complaints).toEqual([])
})
