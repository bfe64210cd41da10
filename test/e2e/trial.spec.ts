// What a new user does in the first five minutes, by the app's own words: connect a MISP, see its run, take over the workflow and an event
// with a key, and run the captured workflow on that event. MISP is a stand-in that posts recorded runs and answers in its API's shapes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from '../../src/contract/json.ts'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { eventOf } from '../unit/host/samples.ts'
import { answers, startMisp } from '../unit/host/takeover/stand-in.ts'
import { expect, test } from './app.ts'
import { freePort, retrace, writePosts } from './capture-app.ts'

const authKey = 'k3y'.repeat(13)
/** A workflow of the recordings that stops what is tagged tlp:amber and calls a webhook for the rest, and the event of one's own that it is run on. */
const captured = recordedRuns().find(({ id }) => id === 'run-118-stop-branch-event-after-save')
const modules = ['tag-if', 'stop-execution', 'webhook'].map((id) => ({
  ...{ id, name: id, module_type: id === 'tag-if' ? 'logic' : 'action', disabled: false }
}))
const own = { Event: { ...(eventOf(3)['Event'] as object), info: 'Spoofed invoices of a harbour' } } as Json

test('goes from a fresh start to a captured workflow that is run again on an event of one’s own MISP', async ({
  app,
  page,
  complaints
}) => {
  test.setTimeout(120_000)
  const known = {
    ...answers,
    '/workflows/triggers.json': [
      { id: captured?.trigger ?? '', name: 'Event After Save', module_type: 'trigger', disabled: false, scope: 'event' }
    ],
    '/workflows/moduleIndex/type:all.json': modules,
    '/workflows/index.json': [{ Workflow: { id: '1', name: 'wf', trigger_id: captured?.trigger ?? '' } }],
    '/workflows/view/1.json': captured?.workflow as Json,
    '/events/view/7.json': own
  }
  const misp = await startMisp(authKey, known)
  const folder = mkdtempSync(join(tmpdir(), 'retrace-trial-'))
  try {
    // The port is only chosen because tests run beside others; the card works with the usual one.
    const port = await freePort()
    await page.goto(app.url)
    await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('region', { name: 'Listener' }).getByLabel('Port').fill(String(port))
    await page.getByRole('button', { name: 'Save and restart the listener' }).click()
    await page.getByRole('link', { name: 'Runs' }).click()
    const card = page.getByRole('region', { name: 'Connect your MISP' })
    await expect(card).toContainText(`http://127.0.0.1:${port}`)
    const posts = join(folder, 'posts.ndjson')
    writePosts(posts, captured ? [captured] : [])
    expect(await retrace(['send', posts, '--to', `http://127.0.0.1:${port}`])).toBe(0)
    await expect(card).toContainText('Your MISP is connected')

    await card.getByRole('link', { name: 'import both from MISP' }).click()
    await page.getByLabel('Address of your MISP').fill(misp.address)
    await page.getByLabel(/^Auth key/).fill(authKey)
    await page.getByRole('checkbox', { name: 'Event', exact: true }).check()
    await page.getByLabel('Ids of Event').fill('7')
    await page.getByRole('button', { name: /^Fetch/ }).click()
    const taken = page.getByRole('table', { name: 'Imported' })
    await expect(taken.getByRole('row', { name: /event/ }).first()).toBeVisible()

    await page.getByRole('link', { name: 'Runs' }).click()
    await page.getByRole('row', { name: /captured/ }).dblclick()
    const steps = page.getByRole('grid', { name: 'Steps' })
    await expect(steps.getByRole('row', { name: /Stop execution/ })).toContainText('failed')
    await page.getByRole('button', { name: 'Run again', exact: true }).click()
    const data = page.getByRole('combobox', { name: 'Data', exact: true })
    const fetched = data.locator('option', { hasText: 'Spoofed invoices of a harbour' })
    await data.selectOption((await fetched.first().getAttribute('value')) ?? '')
    // What would make a difference is said before it runs.
    await expect(page.getByRole('list', { name: 'Missing from World' })).toContainText('tlp:amber')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expect(steps.getByRole('row', { name: /IF :: Tag/ })).toContainText('false')
    await expect(steps.getByRole('row', { name: /Webhook/ })).toContainText('success')
    await expect(page.getByText('Spoofed invoices of a harbour #7')).toBeVisible()
    await expect(page.getByText('nothing sent')).toBeVisible()

    expect(misp.seen.every((request) => request.startsWith('GET '))).toBe(true)
    const files = readdirSync(app.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const holding = files.filter(({ parentPath, name }) =>
      readFileSync(join(parentPath, name), 'latin1').includes(authKey)
    )
    expect(holding.map(({ name }) => name)).toEqual([])
    expect(complaints).toEqual([])
  } finally {
    misp.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
