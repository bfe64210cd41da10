// Workflows and blueprints as files of the workspace: the list, what a kill leaves, nodes moved and copied, own mocks, folders of blueprints.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { graph } from '../unit/engine/graph/raw-graph.ts'
import { demoHome, expect, startApp, test } from './app.ts'

const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash)
const node = (page: Page, name: string) => page.locator('.react-flow__node-module').filter({ hasText: name })
const message = (page: Page) => page.locator('[data-param="message"]').locator('input, textarea').first()

/** Opens a demonstration in place of what is open. */
async function openDemo(page: Page, name: RegExp): Promise<void> {
  await go(page, '#/workflows')
  await page.getByRole('button', { name: /^Demonstrations/ }).click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
  await expect(page.getByRole('status').filter({ hasText: /^Demonstration: / })).toBeVisible()
  await go(page, '#/workflows')
  await expect(page.getByLabel('Workflows: rows').getByRole('row').first()).toBeVisible()
}

test('loses no edit when the app is killed, nor what is typed until it is back', async ({ page }) => {
  const folder = demoHome('publish-guard')
  const start = () =>
    startApp(['scripts/start.mjs', '--browser', '--no-open'], { RETRACE_USER_FOLDER: join(folder, 'retrace') })
  const first = await start()
  await page.goto(first.url)
  await go(page, '#/workflows/publish-guard')
  await node(page, 'Stop execution').click()
  await message(page).fill('Before the kill.')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await first.kill()
  await expect(page.getByRole('alert')).toContainText('Connection to Retrace lost')
  await message(page).fill('Typed while it was gone.')
  const second = await start()
  expect(second.url).toBe(first.url)
  await expect(page.getByText('Connection to Retrace lost')).toHaveCount(0, { timeout: 15_000 })
  const draft = join(folder, 'retrace', 'workspace', 'drafts', 'publish-guard.json')
  await expect.poll(() => readFileSync(draft, 'utf8').includes('Typed while it was gone.')).toBe(true)
  await second.kill()
  const third = await start()
  await page.goto('about:blank')
  await page.goto(third.url)
  await go(page, '#/workflows/publish-guard')
  await expect(page.getByText(/Restored unsaved changes from/)).toBeVisible()
  await node(page, 'Stop execution').click()
  await expect(message(page)).toHaveValue('Typed while it was gone.')
  await third.close()
  rmSync(folder, { recursive: true, force: true })
})

test('exports, deletes and brings back a workflow from the list', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await openDemo(page, /^Open Block publishing on tlp:red/)
  await go(page, '#/workflows')
  const grid = page.getByRole('grid', { name: 'Workflows', exact: true })
  const row = grid.getByRole('row', { name: /Block tlp:red, announce/ })
  await row.click({ button: 'right' })
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as MISP JSON' }).click()
  expect(readFileSync(await (await download).path(), 'utf8')).toContain('tlp:red is not published.')
  await row.click()
  await page.keyboard.press('Delete')
  await expect(row).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toBeVisible()
  await row.dblclick()
  await expect(node(page, 'Stop execution')).toBeVisible()
  expect(complaints).toEqual([])
})

test('runs a workflow with its own mocks without being told', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await openDemo(page, /^Open .*[Ee]xercises/)
  await go(page, '#/workflows/run')
  const set = page.getByRole('combobox', { name: 'Mock set' })
  await expect(set).toHaveValue('')
  await page.getByLabel('Workflow', { exact: true }).selectOption('exercise-hashlookup')
  await expect(set).toHaveValue('exercise-hashlookup-recorded')
  await page.getByLabel('Workflow', { exact: true }).selectOption('exercise-block')
  await expect(set).toHaveValue('')
  // What a person chose stands.
  await page.getByLabel('Workflow', { exact: true }).selectOption('exercise-hashlookup')
  await set.selectOption('')
  await page.getByRole('combobox', { name: 'Data', exact: true }).selectOption('open-event')
  await expect(set).toHaveValue('')
  await set.selectOption('exercise-hashlookup-recorded')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page).toHaveURL(/#\/runs\//)
  await expect(page.getByText('success', { exact: true }).first()).toBeVisible()
  expect(complaints).toEqual([])
})

test('aligns, duplicates and undoes', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await openDemo(page, /^Open Block publishing on tlp:red/)
  await go(page, '#/workflows/publish-guard')
  await page.getByRole('application', { name: 'Workflow graph' }).focus()
  const tops = () =>
    page
      .locator('.react-flow__node-module')
      .evaluateAll((nodes) => new Set(nodes.map((one) => Math.round(one.getBoundingClientRect().top))).size)
  const before = await tops()
  expect(before).toBeGreaterThan(1)
  await page.keyboard.press('ControlOrMeta+a')
  await page.getByRole('group', { name: 'Align' }).getByRole('button', { name: 'Align top' }).click()
  await expect.poll(tops).toBe(1)
  await page.getByRole('application', { name: 'Workflow graph' }).focus()
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(tops).toBe(before)
  await node(page, 'Send Mail').click()
  await page.keyboard.press('ControlOrMeta+d')
  await expect(node(page, 'Send Mail')).toHaveCount(2)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(node(page, 'Send Mail')).toHaveCount(1)
  await page.keyboard.press('ControlOrMeta+Shift+z')
  await expect(node(page, 'Send Mail')).toHaveCount(2)
  expect(complaints).toEqual([])
})

test('imports a folder of blueprints, and updates by uuid and timestamp', async ({ app, page, complaints }, info) => {
  const folder = join(info.outputDir, 'checkout')
  mkdirSync(join(folder, 'blueprints'), { recursive: true })
  const put = (name: string, timestamp: number) => {
    const data = Object.values(graph({ 1: { module: 'webhook', params: { url: 'https://example.org' } } }))
    const uuid = '0f3b7c1e-58a4-4b52-9d0e-6a1f2c3d4e51'
    const row = { uuid, name, description: '', timestamp: String(timestamp), data }
    writeFileSync(join(folder, 'blueprints', 'one.json'), JSON.stringify({ WorkflowBlueprint: row }))
    writeFileSync(join(folder, 'README.md'), 'no blueprint')
  }
  const take = async () => {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('toolbar', { name: 'Blueprints' }).getByRole('button', { name: 'Import a folder…' }).click()
    await (await chooser).setFiles(folder)
  }
  await page.goto(app.url)
  await go(page, '#/workflows/blueprints')
  const row = page.getByLabel('Blueprints: rows').getByRole('row')
  for (const [name, timestamp, said, shown] of [
    ['One', 1_700_000_000, '1 added, 0 updated, 0 unchanged', 'One'],
    ['One, newer', 1_700_100_000, '0 added, 1 updated, 0 unchanged', 'One, newer'],
    ['One, older', 1_600_000_000, '0 added, 0 updated, 1 unchanged', 'One, newer']
  ] as const) {
    put(name, timestamp)
    await take()
    await expect(page.getByText(said)).toBeVisible()
    await expect(row).toContainText(shown)
  }
  await page.getByLabel('Overwrite newer versions').check()
  await take()
  await expect(page.getByText('0 added, 1 updated, 0 unchanged')).toBeVisible()
  await expect(row).toContainText('One, older')
  await expect(row).toContainText('default')
  expect(complaints).toEqual([])
})

test('moves the editor’s canvas at once for who wants no motion', async ({ app, page, complaints }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(app.url)
  await page.evaluate(() => (location.hash = '#/workflows/demo-1'))
  await expect(page.locator('.enode-title').first()).toBeVisible()
  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Zoom in' }).click()
  const places = await page.evaluate(async () => {
    const viewport = document.querySelector<HTMLElement>('.react-flow__viewport')!
    const seen = new Set([viewport.style.transform])
    const observer = new MutationObserver(() => seen.add(viewport.style.transform))
    observer.observe(viewport, { attributes: true, attributeFilter: ['style'] })
    ;[...document.querySelectorAll('button')].find((button) => button.textContent.trim() === 'Layout')!.click()
    while (seen.size === 1) await new Promise(requestAnimationFrame)
    for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame)
    observer.disconnect()
    return seen.size
  })
  // Where it was, and where it is then.
  expect(places).toBe(2)
  expect(complaints).toEqual([])
})

test('breaks no word of a node’s name, however far away the nodes are', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await go(page, '#/workflows/demo-1')
  await expect(page.locator('.enode-title').first()).toBeVisible()
  const search = page.getByRole('searchbox', { name: 'Search modules and blueprints' })
  for (const name of ['Tag Replacement - TLP', 'Tag Replacement - PAP']) {
    await search.fill(name)
    await page.locator('.palette-item').first().click()
    await expect(page.locator('.enode-title', { hasText: name })).toBeVisible()
  }
  const broken = () =>
    page.locator('.enode-title').evaluateAll((titles) =>
      titles.flatMap((title) => {
        const node = title.firstChild!
        const words = [...(node.textContent ?? '').matchAll(/\S+/g)]
        return words.flatMap(({ 0: word, index: at }) => {
          const range = document.createRange()
          range.setStart(node, at)
          range.setEnd(node, at + word.length)
          return range.getClientRects().length > 1 ? [word] : []
        })
      })
    )
  await page.getByRole('button', { name: 'Show the whole graph' }).click()
  await expect(page.locator('.editor-canvas.far')).toBeVisible()
  expect(await broken()).toEqual([])
  expect(complaints).toEqual([])
})
