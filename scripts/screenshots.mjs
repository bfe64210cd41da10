// Takes the pictures in docs/screenshots: every view of a workspace with all demonstrations in it, light and dark, at two sizes. `node scripts/screenshots.mjs`.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp } from './app.mjs'
import { launchChromium } from './browser.mjs'
import { root } from './lib.mjs'

const folder = join(root, 'docs', 'screenshots')
const sizes = [
  [1280, 800],
  [1920, 1080]
]

const home = mkdtempSync(join(tmpdir(), 'retrace-pictures-'))
const workspaces = join(root, 'resources', 'workspaces')
const demos = readdirSync(workspaces).filter((id) => id !== 'blocked-publish')
for (const id of ['blocked-publish', ...demos])
  cpSync(join(workspaces, id), join(home, 'retrace', 'workspace'), { recursive: true, force: false })
// As of somebody who keeps cases, one of which fails and one of which has answers too many.
const cases = join(home, 'retrace', 'workspace', 'cases')
cpSync(join(root, 'resources', 'cases'), cases, { recursive: true })
const red = JSON.parse(readFileSync(join(cases, 'red-is-blocked.case.json'), 'utf8'))
writeFileSync(
  join(cases, 'white-passes.case.json'),
  JSON.stringify({ ...red, name: 'White passes', expect: { outcome: 'success', path: ['2 false'] } })
)
writeFileSync(
  join(cases, 'left-over.case.json'),
  JSON.stringify({
    ...red,
    name: 'Red is blocked, once announced in chat',
    mocks: { webhook: { status: 200 } },
    answers: [{ node: 4, request: { kind: 'http', method: 'POST' }, answer: { status: 200, body: '' } }]
  })
)
// Modules of the service are one file in each of them: together they are all of these.
const services = demos.flatMap((id) => {
  const file = join(workspaces, id, 'world', 'service_modules.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
})
const own = join(home, 'retrace', 'workspace', 'world', 'service_modules.json')
writeFileSync(own, JSON.stringify(services))
const app = await startApp(undefined, { RETRACE_USER_FOLDER: join(home, 'retrace') })
const { url } = app
const { origin } = new URL(url)
const token = /token=([^&]+)/.exec(url)?.[1] ?? ''
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

async function call(name, params) {
  const answer = await fetch(`${origin}/api/call/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin },
    body: JSON.stringify(params)
  })
  const { ok, data, error } = await answer.json()
  if (!ok) throw new Error(`${name}: ${error.message}`)
  return data
}

const retrace = (args) =>
  new Promise((resolve) =>
    spawn(process.execPath, ['scripts/retrace.mjs', ...args], { cwd: root, stdio: 'ignore' }).once('exit', resolve)
  )

/** Every demonstration: run here on each of its events, and sent by a MISP that ran it. */
async function fill() {
  const { url: listener } = await call('capture.status', {})
  const files = []
  for (const id of demos) {
    const folder = join(workspaces, id)
    for (const workflowId of readdirSync(join(folder, 'workflows'))) {
      const workflow = join(home, `${workflowId}.json`)
      writeFileSync(workflow, JSON.stringify(readJson(join(folder, 'workflows', workflowId, '1.json')).workflow))
      const events = readdirSync(join(folder, 'data')).filter((name) => !name.endsWith('.meta.json'))
      for (const dataId of events.map((name) => name.replace(/\.json$/, ''))) {
        await call('run.start', { workflow: { workflowId }, data: { dataId } })
        const posts = join(home, `${workflowId}-${dataId}.ndjson`)
        const given = ['--data', join(folder, 'data', `${dataId}.json`), '--world', join(folder, 'world')]
        await retrace(['run', workflow, ...given, '--posts', posts])
        if (existsSync(posts)) files.push(posts)
      }
    }
  }
  await call('run.start', { workflow: { workflowId: 'demo-2' }, data: { dataId: 'invoice-phishing' } })
  for (const file of files) await retrace(['send', file, '--to', listener])
  // Two at once, and one whose end was lost.
  await Promise.all(files.slice(0, 2).map((file) => retrace(['send', file, '--to', listener, '--speed', '1'])))
  const cut = join(home, 'cut.ndjson')
  writeFileSync(cut, readFileSync(files[0], 'utf8').trim().split('\n').slice(0, -1).join('\n'))
  await retrace(['send', cut, '--to', listener])
  // One in which MISP had other data at the first node.
  const renamed = join(home, 'renamed.ndjson')
  const [init, first, ...rest] = readFileSync(files[1], 'utf8').trim().split('\n')
  const other = JSON.parse(first)
  const body = JSON.parse(other.body)
  body.data.Event.info += ' (updated)'
  const lines = [init, JSON.stringify({ ...other, body: JSON.stringify(body) }), ...rest]
  writeFileSync(renamed, lines.join('\n'))
  await retrace(['send', renamed, '--to', listener])
  await fetch(`${listener}/health`, { method: 'POST', body: 'ping' })
}
await fill()

/** Another version of a workflow, that blocks other events: so that a change can be looked at. */
async function change() {
  const { text, workflow } = readJson(join(workspaces, 'blocked-publish', 'workflows', 'demo-1', '1.json'))
  const file = join(home, 'changed.json')
  writeFileSync(file, (text ?? JSON.stringify(workflow)).replace('"PAP:RED"', '"tlp:green"'))
  await retrace(['import', file, '--as', 'version', '--workspace', join(home, 'retrace', 'workspace')])
}
await change()

const openBlockedRun = async (page) => {
  await page
    .getByRole('row', { name: /Publishing was refused/ })
    .first()
    .dblclick()
  await page.getByRole('grid', { name: 'Steps' }).waitFor()
}

const verifyAll = async (page) => {
  await page.getByRole('toolbar', { name: 'Runs' }).getByRole('button', { name: 'Verify' }).click()
  await page.getByRole('menuitem', { name: 'Verify all captured runs' }).click()
  await page.getByText(/captured runs? verified:/).waitFor()
}

/** What is shown, and how a person gets there. */
const views = {
  runs: async () => undefined,
  run: openBlockedRun,
  'run-output': async (page) => {
    await openBlockedRun(page)
    await page.getByRole('tab', { name: 'Output' }).click()
    await page.getByRole('button', { name: 'Expand' }).click()
    await page.getByRole('menuitem', { name: '3 levels' }).click()
  },
  'run-changes': async (page) => {
    await page
      .getByRole('row', { name: /Curate network indicators/ })
      .first()
      .dblclick()
    await page.getByRole('grid', { name: 'Steps' }).getByRole('row', { name: /Δ/ }).first().click()
    await page.getByRole('tab', { name: 'Changes' }).click()
  },
  captured: async (page) => {
    await page
      .getByRole('row', { name: /captured/ })
      .first()
      .dblclick()
    await page.getByRole('grid', { name: 'Steps' }).waitFor()
  },
  'verify-all': verifyAll,
  verify: async (page) => {
    await verifyAll(page)
    await page.getByRole('button', { name: /\d different/ }).click()
    await page.getByLabel('Runs: rows').getByRole('row').first().dblclick()
    await page.getByRole('grid', { name: 'Steps' }).waitFor()
    await page.keyboard.press('v')
    await page.getByRole('button', { name: 'Show the value' }).click()
    await page.waitForTimeout(600)
    await page.goto(`${origin}/#/runs`)
    await page.getByRole('button', { name: /Remove the filter verdict/ }).click()
    await page.goBack()
    await page.getByRole('region', { name: 'Verify', exact: true }).waitFor()
  },
  compare: async (page) => {
    const rows = page.getByRole('row', { name: /Block tlp:red.*local/ })
    await rows.filter({ hasText: 'blocked' }).first().click()
    await rows
      .filter({ hasText: 'success' })
      .first()
      .click({ modifiers: ['Control'] })
    await page.keyboard.press('c')
    await page.waitForTimeout(1200)
  },
  blame: async (page) => {
    await page
      .getByRole('row', { name: /Curate network indicators/ })
      .first()
      .dblclick()
    const changed = page.getByRole('grid', { name: 'Steps' }).getByRole('row', { name: /Δ/ })
    await changed.nth(2).click()
    await page.getByRole('tab', { name: 'Output' }).click()
    await page.getByLabel('Search in').selectOption('Hash path')
    const find = page.getByRole('searchbox', { name: 'Find in data' })
    await find.fill('Event._AttributeFlattened.{n}[type=ip-dst].comment')
    await find.press('Enter')
    await page.getByRole('treeitem', { selected: true }).waitFor()
    await page.getByRole('tree').press('Shift+W')
    await page.getByRole('region', { name: 'Who set it' }).waitFor()
  },
  watch: async (page) => {
    await page
      .getByRole('row', { name: /Curate network indicators/ })
      .first()
      .dblclick()
    await page.getByRole('grid', { name: 'Steps' }).getByRole('row').first().waitFor()
    await page.waitForTimeout(500)
    for (const path of [
      'Event._AttributeFlattened.{n}.value',
      'Event._AttributeFlattened.{n}.to_ids',
      'Event.Tag.{n}.name'
    ]) {
      if (await page.getByRole('columnheader', { name: path }).count()) continue
      await page.keyboard.press('w')
      await page.getByRole('combobox', { name: 'Hash path', exact: true }).fill(path)
      await page.getByRole('dialog').getByRole('button', { name: 'Watch', exact: true }).click()
      await page.getByLabel('Watched').getByText(path).waitFor()
      await page.getByRole('button', { name: 'Done' }).click()
    }
  },
  search: async (page) => {
    await page.goto(`${origin}/#/search?q=203.0.113`)
    await page.getByLabel('Search: rows').getByRole('row').first().click()
    await page.getByRole('region', { name: 'Preview' }).waitFor()
  },
  'run-effects': async (page) => {
    await openBlockedRun(page)
    await page.getByRole('tab', { name: 'Effects' }).click()
  },
  effects: async (page) => {
    await openBlockedRun(page)
    await page.keyboard.press('f')
    await page.waitForTimeout(600)
  },
  'data-hash': async (page) => {
    await page.goto(`${origin}/#/data`)
    await page.getByLabel('Data sets: rows').getByRole('row').first().dblclick()
    await page.waitForTimeout(300)
    await page.goto(`${page.url()}/hash`)
    await page.waitForTimeout(600)
  },
  'run-again': async (page) => {
    await openBlockedRun(page)
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByRole('tree', { name: 'Trigger data' }).waitFor()
  },
  editor: async (page) => {
    await page.goto(`${origin}/#/workflows`)
    await page.getByLabel('Workflows: rows').getByRole('row').first().dblclick()
    await page.waitForTimeout(800)
  },
  cases: async (page) => {
    await page.goto(`${origin}/#/cases`)
    await page.getByLabel('Cases: rows').getByRole('row').first().waitFor()
    await page.getByRole('button', { name: 'Run all' }).click()
    await page
      .getByLabel('Cases: rows')
      .getByRole('row', { name: /failed/ })
      .click()
    await page.getByRole('region', { name: 'Preview' }).waitFor()
  },
  'cases-unused': async (page) => {
    await page.goto(`${origin}/#/cases`)
    const row = page.getByLabel('Cases: rows').getByRole('row', { name: /once announced/ })
    await row.waitFor()
    await page.getByRole('button', { name: 'Run all' }).click()
    await row.getByText('stale').waitFor()
    await row.click()
    const ticks = page.getByRole('region', { name: 'Answers that nothing asks for' }).getByRole('checkbox')
    await ticks.first().check()
  },
  'keep-case': async (page) => {
    await openBlockedRun(page)
    await page.keyboard.press('q')
    const dialog = page.getByRole('dialog', { name: 'Keep as case' })
    await dialog.getByRole('button', { name: 'Choose in the data at the end' }).click()
    const tree = dialog.getByRole('tree', { name: 'Data at the end' })
    await tree.getByText('info:').first().click()
    await dialog.getByRole('button', { name: 'Expect Event.info' }).click()
  },
  coverage: async (page) => {
    await page.goto(`${origin}/#/workflows/coverage?workflow=demo-1`)
    await page.getByRole('button', { name: 'Count' }).click()
    await page.getByRole('table', { name: 'What has run' }).waitFor()
    await page.waitForTimeout(600)
  },
  impact: async (page) => {
    await page.goto(`${origin}/#/workflows/impact?workflow=demo-1`)
    await page.getByLabel('Change', { exact: true }).selectOption({ label: 'version 1 → version 2' })
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('table', { name: 'Runs that go differently' }).waitFor()
  },
  upgrade: async (page) => {
    await page.goto(`${origin}/#/workflows/upgrade?from=2.5.1&to=2.5-newest`)
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.locator('.tried-report').first().waitFor()
  },
  problems: async (page) => {
    await page.goto(`${origin}/#/workflows/demo-1`)
    await page.locator('.enode-title').first().waitFor()
    await page.getByRole('button', { name: 'Last run' }).click()
    await page.getByRole('tab', { name: 'Problems' }).click()
    await page.waitForTimeout(600)
  },
  triggered: async (page) => {
    await page.goto(`${origin}/#/triggers/event-publish`)
    await page.waitForTimeout(800)
  },
  workspaces: async (page) => {
    await page.getByTitle(/switch workspace/).click()
    await page.getByRole('dialog').waitFor()
    await page.waitForTimeout(300)
  },
  module: async (page) => {
    await page.goto(`${origin}/#/modules/tag-if`)
    await page.waitForTimeout(600)
  },
  ...Object.fromEntries(
    [
      ...['posts', 'log', 'triggers', 'workflows', 'modules', 'data', 'settings', 'world', 'connect'],
      ...['workflows/blueprints', 'modules/tag-if/execute']
    ].map((view) => [
      view.replaceAll('/', '-'),
      async (page) => {
        await page.goto(`${origin}/#/${view}`)
        await page.waitForTimeout(600)
      }
    ])
  ),
  // Last: it stays open.
  palette: async (page) => {
    await openBlockedRun(page)
    await page.keyboard.press('Control+k')
    await page.waitForTimeout(300)
  }
}

const wanted = process.argv.slice(2)
// What somebody sees who has nothing yet.
const first = await startApp()
const browser = await launchChromium()
mkdirSync(folder, { recursive: true })
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of sizes) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme })
      await page.goto(url)
      for (const [name, go] of Object.entries(views)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue
        await page.goto(`${origin}/#/runs`)
        await page.getByLabel('Runs: rows').getByRole('row').first().waitFor()
        // The list remembers what was selected; without a preview it shows all its columns.
        await page.keyboard.press('Escape')
        await page.getByRole('region', { name: 'Preview' }).waitFor({ state: 'detached' })
        for (const close of await page.getByRole('button', { name: 'Close message' }).all()) await close.click()
        try {
          await go(page)
        } catch (error) {
          console.log(`${name}: ${String(error).split('\n')[0]}`)
        }
        await page.waitForTimeout(500)
        // On a busy machine what a view shows takes its time.
        await page
          .waitForFunction(() => !document.querySelector('.spinner'), null, { timeout: 20_000 })
          .catch(console.log)
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) })
        if (name !== 'watch') continue
        // Other pictures of the run show none.
        await call('watches.set', { runId: /runs\/([^/]+)/.exec(page.url())?.[1] ?? '', paths: [] })
        await page.reload()
      }
      if (wanted.length === 0 || wanted.includes('start')) {
        await page.goto(first.url)
        await page.getByText('Open a blocked run').waitFor()
        await page.waitForTimeout(500)
        await page.screenshot({ path: join(folder, `start-${colorScheme}-${width}.png`) })
      }
      await page.close()
    }
  }
} finally {
  await browser.close()
  await app.close()
  await first.close()
  rmSync(home, { recursive: true, force: true })
}
