// The app in a real browser, production build: how long a person waits. `npm run bench -- ui [--quick]
// [--part=manySteps]`.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from '@playwright/test'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { emptyPage, parsing, timed } from './baselines.ts'
import { eventText } from './event.ts'
// @ts-expect-error a script, without types
import * as browsers from '../../scripts/browser.mjs'
import { chain, diamonds, longRunFile, postsFile } from './ui-workloads.ts'

const { launchChromium } = browsers as { readonly launchChromium: () => Promise<Browser> }
const root = process.cwd()
const quick = process.argv.includes('--quick')
const folder = mkdtempSync(join(tmpdir(), 'retrace-ui-bench-'))

interface Started {
  readonly url: string
  readonly close: () => Promise<void>
}

// It knows its own place, so it is not bundled.
const { startApp } = (await import(pathToFileURL(join(root, 'scripts', 'app.mjs')).href)) as {
  readonly startApp: (args: readonly string[]) => Promise<Started>
}
const start = (workspace: string): Promise<Started> =>
  startApp(['scripts/start.mjs', '--browser', '--no-open', '--workspace', workspace])

/** Calls operations as the CLI of another machine would: over HTTP with the token. */
function caller(url: string) {
  const token = /token=([^&]+)/.exec(url)?.[1] ?? ''
  const post = async (path: string, body: string | Buffer, type: string): Promise<JsonMap> => {
    const answer = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type, origin: new URL(url).origin },
      body: body as BodyInit
    })
    const value = (await answer.json()) as { ok: boolean; data: JsonMap; error?: unknown }
    if (!value.ok) throw new Error(`${path}: ${JSON.stringify(value.error)}`)
    return value.data
  }
  return {
    call: (name: string, params: JsonMap) => post(`/api/call/${name}`, JSON.stringify(params), 'application/json'),
    upload: (text: string) => post('/api/upload', Buffer.from(text), 'application/octet-stream')
  }
}

/** The number of its steps, once it is done. */
async function waitForRun(call: ReturnType<typeof caller>['call'], runId: string): Promise<number> {
  for (;;) {
    const { runs } = (await call('runs.list', { limit: 5 })) as { readonly runs: readonly JsonMap[] } & JsonMap
    const run = runs.find(({ id }) => id === runId)
    // Its size is known once it is on disk.
    if (run && run['state'] !== 'running' && Number(run['size']) > 0) return Number(run['steps'])
    await new Promise((done) => setTimeout(done, 100))
  }
}

const rows: (readonly [what: string, measured: string, target: string])[] = []
const ms = (value: number): string => `${Math.round(value)} ms`

/** A row for what takes the baseline's time of the same run, so that figures of different machines can be held against each other. */
function baseline(what: string, measured: number, base: number): void {
  rows.push([`  beside ${what}, ${ms(base)}`, `${(measured / base).toFixed(1)} x`, ''])
}

/** The share of frames under 20 ms while something is scrolled, or a slider is moved, in every one of 90 frames. */
async function frames(page: Page, selector: string): Promise<string> {
  const share = await page.evaluate(async (wanted) => {
    const box = document.querySelector(wanted)
    if (!box) throw new Error(`nothing matches ${wanted}`)
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
    const times: number[] = []
    let last = performance.now()
    for (let i = 0; i < 90; i++) {
      if (box instanceof HTMLInputElement) {
        write?.call(box, String(Math.round((Number(box.max) * i) / 90)))
        box.dispatchEvent(new Event('input', { bubbles: true }))
      } else box.scrollTop += 180
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      times.push(now - last)
      last = now
    }
    return times.slice(1).filter((time) => time < 20).length / (times.length - 1)
  }, selector)
  return `${Math.round(100 * share)} %`
}

async function memory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number }
  return usedSize / 1e6
}

/** Runs a chain of so many nodes on an event, and shows the output of its first step. */
async function showOutput(app: Started, page: Page, event: string, nodes: number): Promise<void> {
  const { call, upload } = caller(app.url)
  const { uploadId } = await upload(event)
  const { id } = (await call('data.import', { name: 'event.json', uploadId: uploadId as Json })) as {
    readonly id: string
  } & JsonMap
  const { runId } = (await call('run.start', { workflow: { json: chain(nodes) }, data: { dataId: id } })) as {
    readonly runId: string
  } & JsonMap
  await waitForRun(call, runId)
  await page.evaluate((hash) => (location.hash = hash), `#/runs/${runId}/step/1`)
  await page.getByRole('tab', { name: 'Output' }).click()
  await page.getByRole('tree').getByRole('treeitem').first().waitFor()
}

async function largeEvent(app: Started, page: Page): Promise<void> {
  const event = eventText(quick ? 1000 : 14_600)
  await showOutput(app, page, event, 12)
  const steps: number[] = []
  for (let step = 2; step < 8; step++) {
    steps.push(
      await timed(async () => {
        await page.keyboard.press('j')
        await page.getByRole('row', { selected: true }).getByText(String(step), { exact: true }).first().waitFor()
        await page.getByRole('tree').getByRole('treeitem').first().waitFor()
      })
    )
  }
  steps.sort((a, b) => a - b)
  rows.push([`select a step, ${(event.length / 1e6).toFixed(0)} MB event (median)`, ms(steps[3] ?? 0), '100 ms'])
}

/** Milliseconds until the steps of a run are shown, and its graph. Asked in the page: from outside it would be asked ever more rarely. */
interface Opening {
  readonly steps: number
  readonly graph: number
}

/** As after a restart, and once more when the host has its data in memory. */
async function openingOf(page: Page, runId: string): Promise<readonly [fromDisk: Opening, again: Opening]> {
  const open = async (): Promise<Opening> => {
    await page.evaluate(() => (location.hash = '#/runs'))
    await page.getByLabel('Runs: rows').getByRole('row').first().waitFor()
    await page.waitForTimeout(1000)
    return page.evaluate(async (hash) => {
      const began = performance.now()
      const shown = async (selector: string, least: number): Promise<number> => {
        while (document.querySelectorAll(selector).length < least) await new Promise(requestAnimationFrame)
        return performance.now() - began
      }
      location.hash = hash
      return { steps: await shown('[aria-label="Steps"] [role="row"]', 6), graph: await shown('.react-flow__node', 1) }
    }, `#/runs/${runId}/step/1`)
  }
  const fromDisk = await open()
  await page.reload()
  return [fromDisk, await open()]
}

async function manySteps(app: Started, page: Page): Promise<void> {
  const levels = quick ? 9 : 12
  const { runId } = (await caller(app.url).call('run.start', {
    workflow: { json: diamonds(levels) },
    data: { json: { Event: { id: '1', info: 'small' } } }
  })) as { readonly runId: string } & JsonMap
  const count = await waitForRun(caller(app.url).call, runId)
  await app.close()
  const workspace = join(folder, 'manySteps')
  const file = join(folder, 'long.ndjson')
  writeFileSync(file, longRunFile(levels))
  await importFile(file, workspace)
  const again = await start(workspace)
  try {
    // As a newcomer's page: one that stayed open would wait for its next try to connect.
    await page.goto('about:blank')
    await page.goto(again.url)
    const { runs } = (await caller(again.url).call('runs.list', {})) as { readonly runs: readonly JsonMap[] } & JsonMap
    const captured = String(runs.find(({ origin }) => origin !== 'local')?.['id'])
    for (const [what, id] of [
      ['executed', runId],
      ['captured', captured]
    ] as const) {
      const [fromDisk, inMemory] = await openingOf(page, id)
      rows.push([`open a run of ${count} ${what} steps, after a restart`, ms(fromDisk.steps), '300 ms'])
      const [of, read] = what === 'executed' ? ['file', join(workspace, 'runs', `${id}.ndjson`)] : ['posts', file]
      baseline(`JSON.parse of its ${of}`, fromDisk.steps, await parsing(read))
      rows.push(['  its graph', ms(fromDisk.graph), ''])
      rows.push([`  once more, in a new page`, ms(inMemory.steps), '300 ms'])
    }
    await page.waitForTimeout(1500)
    rows.push(['frames under 20 ms, scrolling its timeline', await frames(page, '[aria-label="Steps"]'), '95 %'])
    rows.push(['  scrubbing through it', await frames(page, '.scrubber'), '95 %'])
  } finally {
    await again.close()
  }
}

async function hugeEvent(app: Started, page: Page): Promise<void> {
  const text = eventText(quick ? 2000 : 146_000)
  await showOutput(app, page, text, 5)
  await page.getByRole('treeitem', { name: /^.?_AttributeFlattened/ }).click()
  await page.waitForTimeout(500)
  rows.push(['frames under 20 ms, scrolling its tree', await frames(page, '[role="tree"]'), '95 %'])
  rows.push([
    `renderer memory, ${(text.length / 1e6).toFixed(0)} MB event open`,
    `${Math.round(await memory(page))} MB`,
    '300 MB'
  ])
}

const importFile = (file: string, workspace: string): Promise<unknown> =>
  new Promise((done) =>
    spawn(process.execPath, ['scripts/retrace.mjs', 'import', file, '--workspace', workspace, '--json'], {
      cwd: root,
      stdio: 'ignore'
    }).once('exit', done)
  )

/** Many captured runs, brought in as people bring them: as a file of posts. */
async function manyRuns(_: Started, page: Page): Promise<void> {
  const count = quick ? 2000 : 100_000
  const file = join(folder, 'posts.ndjson')
  writeFileSync(file, postsFile(count))
  const workspace = join(folder, 'many')
  const importing = await timed(() => importFile(file, workspace))
  rows.push([`import ${count} runs from a file`, `${(importing / 1000).toFixed(1)} s`, '10 s'])
  baseline('reading the file', importing, await parsing(file))
  const app = await start(workspace)
  try {
    await searchMany(app, page, count)
  } finally {
    await app.close()
  }
}

async function searchMany(app: Started, page: Page, count: number): Promise<void> {
  rows.push([
    `open a workspace of ${count} runs`,
    ms(
      await timed(async () => {
        await page.goto(app.url)
        await page.getByLabel('Runs: rows').getByRole('row').first().waitFor()
      })
    ),
    '1000 ms'
  ])
  rows.push([
    'search in them',
    ms(
      await timed(async () => {
        await page.getByRole('searchbox', { name: 'Search runs' }).fill(`event ${count - 7}`)
        await page
          .getByLabel('Runs: rows')
          .getByText(`event ${count - 7}`)
          .waitFor()
      })
    ),
    ''
  ])
}

function bundleSizes(): void {
  const assets = join(root, 'out', 'renderer', 'assets')
  const sizes = readdirSync(assets)
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => statSync(join(assets, name)).size)
  rows.push(['bundle, all parts', `${(sizes.reduce((sum, size) => sum + size, 0) / 1000).toFixed(0)} kB`, ''])
}

async function firstContent(app: Started, page: Page): Promise<void> {
  const empty = await emptyPage(page)
  const opening = await timed(async () => {
    await page.goto(app.url)
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
  })
  rows.push(['first content', ms(opening), '700 ms'])
  baseline('an empty page', opening, empty)
}

const parts = { firstContent, largeEvent, manySteps, hugeEvent, manyRuns }
const wanted = process.argv.find((arg) => arg.startsWith('--part='))?.slice('--part='.length)

/** Every part has an app and a browser of its own, so that none pays for another's memory. */
async function measure(name: string, part: (app: Started, page: Page) => Promise<void>): Promise<void> {
  const app = await start(join(folder, name))
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    if (part !== firstContent) await page.goto(app.url)
    await part(app, page)
  } catch (error: unknown) {
    rows.push([name, `failed: ${String(error).split('\n').slice(0, 4).join(' ')}`, ''])
  } finally {
    await browser.close()
    await app.close()
  }
}

try {
  for (const [name, part] of Object.entries(parts)) if (!wanted || wanted === name) await measure(name, part)
  if (!wanted) bundleSizes()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const [what, measured, target] of rows)
  console.log(`${what.padEnd(52)} ${measured.padStart(12)}${target ? `   target ${target}` : ''}`)
