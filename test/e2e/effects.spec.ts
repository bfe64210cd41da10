// What actions ask for: shown and not sent, answered by a mock, pinned, and really sent to a server of this test after it was asked for.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { call, expect, test } from './app.ts'
import { violationsOf } from './axe.ts'
import type { App } from './app.ts'
import { everything } from './effects-workflow.ts'

interface Received {
  readonly url: string
  readonly authorization: string | undefined
}

/** A peer that keeps what it got. */
async function startPeer(): Promise<{ readonly url: string; readonly got: Received[]; close(): void }> {
  const got: Received[] = []
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      got.push({ url: request.url ?? '', authorization: request.headers.authorization })
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok": true}')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook?token=abc123`, got, close: () => server.close() }
}

const go = (page: Page, hash: string) => page.evaluate((next) => (location.hash = next), hash)

async function openSetup(page: Page, app: App, url: string): Promise<void> {
  const saved = await call(app.url, 'workflows.save', { workflow: everything(url), note: '' })
  await page.goto(app.url)
  await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
  await go(page, `#/workflows/run?workflow=${saved.id}&data=invoice-phishing`)
  await expect(page.getByRole('tree', { name: 'Trigger data' })).toContainText('Paper Lantern')
}

async function seriousIssues(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))))
  // The grid's rows carry aria-activedescendant where ARIA only knows it on the grid itself.
  const violations = await violationsOf(page)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('shows what a dry run would have sent, with secrets masked until they are asked for', async ({
  app,
  page,
  complaints
}) => {
  await openSetup(page, app, 'http://127.0.0.1:9/hook?token=abc123')
  await expect(page.getByRole('radio', { name: /Dry run/ })).toBeChecked()
  await expect(page.getByRole('list', { name: 'Missing from World' })).toContainText('harbour:unheard-of')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('link', { name: /^Effects/ }).click()
  const rows = page.getByRole('grid', { name: 'Effects' })
  await expect(rows.getByRole('row', { name: /POST http/ })).toContainText('not sent')
  const effect = page.getByRole('region', { name: 'Effect', exact: true })
  await rows.getByRole('row', { name: /POST http/ }).click()
  await expect(effect).toContainText('Authorization')
  await expect(effect).not.toContainText('wh-secret-1')
  await effect.getByRole('button', { name: 'Show secrets' }).click()
  await expect(effect).toContainText('Bearer wh-secret-1')
  await expect(effect).toContainText('200 assumed')

  await rows.getByRole('row', { name: /→/ }).first().click()
  await expect(page.getByRole('article', { name: 'Mail' })).toContainText('Dear team')
  await page.getByRole('button', { name: /^Mail \d/ }).click()
  await expect(rows.getByRole('row', { name: /POST http/ })).toBeHidden()
  expect(await seriousIssues(page)).toEqual([])

  await page.getByRole('tab', { name: /MISP’s database/ }).click()
  await expect(page.getByRole('list', { name: 'Changes in order' })).toContainText(/Attached tag/)
  await expect(page.getByRole('region', { name: 'Tables before and after' })).toContainText('event_tags')
  expect(await seriousIssues(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('keeps an answer as mock and pins an output, and says so on run, step and node', async ({
  app,
  page,
  complaints
}) => {
  await openSetup(page, app, 'http://127.0.0.1:9/hook')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const steps = page.getByRole('grid', { name: 'Steps' })
  await steps.getByRole('row', { name: /Webhook/ }).click()
  await page.getByRole('tab', { name: /^Effects/ }).click()
  await page.getByRole('button', { name: 'Save as mock…' }).click()
  const keep = page.getByRole('dialog', { name: 'Save response as mock' })
  await expect(keep.getByLabel('Responses by node')).toContainText('"status": 200')
  await keep.getByLabel('Name').fill('Answers of the hook')
  await keep.getByRole('button', { name: 'Keep', exact: true }).click()
  await expect(keep).toBeHidden()

  await steps.getByRole('row', { name: /^3 Push to ZMQ/ }).click()
  await page.getByRole('button', { name: 'Pin output…' }).click()
  const pin = page.getByRole('dialog', { name: /Pin the output/ })
  await expect(pin.getByLabel('Mock set')).toHaveValue(/.+/)
  await pin.getByLabel('Errors, one per line').fill('the queue is full')
  await pin.getByLabel('Result').selectOption('false')
  // Closed in passing, it keeps what was typed.
  await page.keyboard.press('Escape')
  await expect(pin).toBeHidden()
  await page.getByRole('button', { name: 'Pin output…' }).click()
  await expect(pin.getByText('unsaved edits')).toBeVisible()
  await expect(pin.getByLabel('Errors, one per line')).toHaveValue('the queue is full')
  await pin.getByRole('button', { name: 'Pin this output' }).click()
  await page.getByRole('button', { name: 'Run again with this mock set' }).last().click()

  await expect(page.getByText('Node 4 is not executed: failure')).toBeVisible()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByText('1 pinned')).toBeVisible()
  await expect(page.getByText('1 mocked')).toBeVisible()
  await expect(steps.getByRole('row', { name: /Webhook/ })).toContainText('mocked')
  await expect(steps.getByRole('row', { name: /^3 Push to ZMQ/ })).toContainText('pinned')
  expect(await seriousIssues(page)).toEqual([])

  await page.getByRole('button', { name: 'Run again', exact: true }).click()
  await page.getByRole('button', { name: 'Unpin node 4' }).click()
  await expect(page.getByText('Node 4 is not executed')).toBeHidden()
  expect(complaints).toEqual([])
})

test('asks before it goes live, names whom it contacts, and contacts only them', async ({ app, page, complaints }) => {
  const peer = await startPeer()
  try {
    await openSetup(page, app, peer.url)
    // Only the webhook is live: by node, with the rest as the run says.
    await page.getByText('Per module and node').click()
    await page.getByRole('combobox', { name: 'Policy of node 3' }).selectOption('live')
    await page.getByRole('button', { name: 'Run live…' }).click()
    const ask = page.getByRole('dialog', { name: 'Run live?' })
    await expect(ask).toContainText('http://127.0.0.1')
    await expect(ask).toContainText('Will be refused')
    await page.keyboard.press('Escape')

    await go(page, '#/settings/live')
    await page.getByLabel('Private addresses that may be contacted, one per line').fill('127.0.0.1')
    await page.getByRole('button', { name: 'Save live services' }).click()
    await page.getByLabel('URL to test').fill(peer.url)
    await page.getByRole('button', { name: 'Test connection to a URL' }).click()
    await expect(page.getByText('The server responds')).toBeVisible()
    const tests = peer.got.length

    // What was chosen is still there.
    await page.goBack()
    await expect(page.getByRole('combobox', { name: 'Policy of node 3' })).toHaveValue('live')
    await page.getByRole('button', { name: 'Run live…' }).click()
    await expect(ask.getByText('Will be refused')).toBeHidden()
    await expect(ask.getByRole('button', { name: 'Run live' })).toBeDisabled()
    await ask.getByRole('checkbox', { name: /Contact these now/ }).check()
    expect(peer.got).toHaveLength(tests)
    await ask.getByRole('button', { name: 'Run live' }).click()
    await expect(page.getByText('1 live')).toBeVisible()
    expect(peer.got.slice(tests)).toEqual([{ url: '/hook?token=abc123', authorization: 'Bearer wh-secret-1' }])

    const steps = page.getByRole('grid', { name: 'Steps' })
    await expect(steps.getByRole('row', { name: /Webhook/ })).toContainText('live')
    await steps.getByRole('row', { name: /Webhook/ }).click()
    await page.getByRole('tab', { name: /^Effects/ }).click()
    await page.getByRole('button', { name: 'Send again…' }).click()
    await page.getByRole('dialog', { name: 'Send it for real?' }).getByRole('button', { name: 'Send' }).click()
    await expect(page.getByRole('dialog', { name: 'Sent' })).toContainText('201')
    expect(peer.got).toHaveLength(tests + 2)
    expect(complaints).toEqual([])
  } finally {
    peer.close()
  }
})

test('executes one module live, after it asked', async ({ app, page, complaints }) => {
  const peer = await startPeer()
  try {
    await page.goto(app.url)
    await expect(page.getByLabel('Runs: rows').getByRole('row').first()).toBeVisible()
    await call(app.url, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    await go(page, '#/modules/webhook/execute?data=invoice-phishing')
    await page.getByRole('textbox', { name: 'URL', exact: true }).fill(peer.url)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const outcome = page.getByRole('status', { name: 'Outcome' })
    await expect(outcome).toBeVisible()
    expect(peer.got).toEqual([])
    await page.getByRole('radio', { name: /^Live/ }).check()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const asked = page.getByRole('dialog', { name: 'Run live?' })
    await expect(asked).toContainText(new URL(peer.url).origin)
    await asked.getByRole('checkbox', { name: /Contact these now/ }).check()
    expect(peer.got).toEqual([])
    await asked.getByRole('button', { name: 'Run live' }).click()
    await expect.poll(() => peer.got.map(({ url }) => url)).toEqual(['/hook?token=abc123'])
    await page.getByRole('tab', { name: /Effects/ }).click()
    await expect(page.getByRole('list', { name: 'Effects' })).toContainText('live')
    // A condition contacts nobody: there is nothing to choose.
    await go(page, '#/modules/tag-if/execute?data=invoice-phishing')
    await expect(page.getByRole('heading', { name: 'Parameters' })).toBeVisible()
    await expect(page.getByRole('radio', { name: /^Live/ })).toBeHidden()
    expect(complaints).toEqual([])
  } finally {
    peer.close()
  }
})
