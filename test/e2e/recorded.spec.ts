// What MISP recorded, through the real editor: every graph opens with the problems that MISP reports, the well-formed ones go out as they came;
// the published blueprints are imported, inserted, run, exported and imported again. In npm test some of them, all in npm run test:long. Nothing
// of it is in the project: without it, nothing to do.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { sample } from '../attack/scale.ts'
import { expect, root, test } from './app.ts'

const shared = join(root, '..', 'shared')
const vectors = join(shared, 'vectors', 'graphs.json')
const published = join(shared, 'data', 'blueprints')

interface Recorded {
  readonly id: string
  readonly graph: Readonly<Record<string, unknown>> | readonly unknown[]
  readonly results: Readonly<Record<string, { readonly expected?: { readonly saved?: boolean } }>>
}

/** As the host names a workflow's file. */
const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)

const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash)

async function choose(page: Page, button: string, files: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button, exact: true }).click()
  await (await chooser).setFiles([...files])
}

async function downloaded(page: Page, press: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent('download')
  await press()
  return readFileSync(await (await download).path(), 'utf8')
}

test('opens every recorded graph, with MISP’s verdict, and exports the well-formed ones as they came', async ({
  app,
  page,
  complaints
}, info) => {
  test.skip(!existsSync(vectors), 'the recorded graphs are not here')
  test.setTimeout(400_000)
  const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as { readonly cases: readonly Recorded[] }
  const folder = info.outputPath('graphs')
  mkdirSync(folder, { recursive: true })
  const files = sample(cases, 5)
    // Without a node there is nothing that tells a workflow from data.
    .filter(({ graph }) => JSON.stringify(graph).includes('"module_type"'))
    .map(({ id, graph }) => {
      const file = join(folder, `${id}.json`)
      writeFileSync(file, JSON.stringify({ Workflow: { name: id, trigger_id: 'event-publish', data: graph } }, null, 2))
      return file
    })
  await page.goto(app.url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await choose(page, 'Import', files)
  await expect(page.getByText(`${files.length} files imported`)).toBeVisible({ timeout: 120_000 })
  for (const { id, graph, results } of cases) {
    if (!files.includes(join(folder, `${id}.json`))) continue
    await go(page, `#/workflows/${idOf(id)}`)
    await expect(page.getByRole('heading', { name: id, exact: true })).toBeVisible()
    const nodes = Object.entries(graph).filter(([key]) => key !== '_frames').length
    await expect(page.locator('.react-flow__node-module')).toHaveCount(nodes)
    const saved = results.addWorkflow?.expected?.saved
    if (saved === undefined) continue
    await expect(page.locator('.problems-button.error')).toHaveCount(saved ? 0 : 1)
    if (!saved) continue
    const text = await downloaded(page, async () => {
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      await page.getByRole('menuitem', { name: 'MISP workflow (JSON)' }).click()
    })
    expect(text).toBe(readFileSync(join(folder, `${id}.json`), 'utf8'))
  }
  expect(complaints).toEqual([])
})

test('imports the published blueprints, inserts, runs and exports them, and knows them again', async ({
  app,
  page,
  complaints
}, info) => {
  test.skip(!existsSync(published), 'the published blueprints are not here')
  test.setTimeout(300_000)
  const all = (readdirSync(published, { recursive: true }) as string[]).filter((name) => name.endsWith('.json')).sort()
  const files = sample(all, 3).map((name) => join(published, name))
  await page.goto(app.url)
  await go(page, '#/workflows/blueprints')
  await choose(page, 'Import files…', files)
  await expect(page.getByText(/added, 0 updated/)).toBeVisible()
  const list = page.getByLabel('Blueprints: rows').getByRole('row')
  const count = await list.count()
  expect(count).toBeGreaterThan(0)
  const folder = info.outputPath('blueprints')
  mkdirSync(folder, { recursive: true })
  const exported: string[] = []
  for (let i = 0; i < count; i++) {
    await go(page, '#/workflows/blueprints')
    await list.nth(i).click()
    const file = join(folder, `${i}.json`)

    writeFileSync(file, await downloaded(page, () => page.getByRole('button', { name: 'Export', exact: true }).click()))
    exported.push(file)
    await page.getByRole('button', { name: 'New workflow from blueprint' }).click()
    await expect(page.getByRole('application', { name: 'Workflow graph' })).toBeVisible()
    await page.keyboard.press('ControlOrMeta+Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click()
    await expect(page).toHaveURL(/#\/runs\//)
    await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
  }
  await go(page, '#/workflows/blueprints')
  await choose(page, 'Import files…', exported)
  await expect(page.getByText(`0 added, 0 updated, ${count} unchanged`)).toBeVisible()
  await go(page, '#/workflows?new')
  await page.getByRole('button', { name: 'Create' }).click()
  const pieces = page.getByRole('group', { name: 'Blueprints' }).getByRole('button')
  await expect(pieces).toHaveCount(count)
  let nodes = 1
  for (let i = 0; i < count; i++) {
    await pieces.nth(i).click()
    await expect.poll(() => page.locator('.react-flow__node-module').count()).toBeGreaterThan(nodes)
    nodes = await page.locator('.react-flow__node-module').count()
  }
  expect(complaints).toEqual([])
})
