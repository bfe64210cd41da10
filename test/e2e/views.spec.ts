// Every view without its server. Links to a run and a step, back and forward, steps
// side by side, and a workflow of 500 nodes.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { demoHome, expect, startApp, test } from './app.ts'
import { settled } from './axe.ts'
import { everyView, go, idOf, rows, viewsLoaded } from './every-view.ts'

test('shows every view without its server, says so, and fills it again', async ({ page }) => {
  test.setTimeout(180_000)
  const folder = demoHome()
  const start = () =>
    startApp(['scripts/start.mjs', '--browser', '--no-open'], { RETRACE_USER_FOLDER: join(folder, 'retrace') })
  const first = await start()
  await page.goto(first.url)
  const views = await everyView(page)
  await viewsLoaded(page)
  await first.close()
  await expect(page.getByRole('alert')).toContainText('Connection to Retrace lost')
  const broken: string[] = []
  for (const view of views) {
    await go(page, view)
    // What is on its way cannot come.
    await settled(page, 400)
    const text = (await page.getByRole('main').textContent()) ?? ''
    // A view that waits for an answer that cannot come is as bad as one that broke.
    if (text.trim() === '' || text.includes('This view failed') || /^\s*Loading\b[^.]*…?\s*$/.test(text))
      broken.push(`${view}: ${text.slice(0, 80)}`)
  }
  expect(broken).toEqual([])
  await go(page, '#/data')
  const second = await start()
  await expect(page.getByText('Connection to Retrace lost')).toHaveCount(0, { timeout: 15_000 })
  await expect(page.getByLabel('Data sets: rows').getByRole('row').first()).toBeVisible()
  // Nothing goes on saying that the connection is lost.
  const stale: string[] = []
  for (const view of views) {
    await go(page, view)
    await settled(page, 400)
    if (/connection to Retrace (was|is) lost|HOST_LOST/i.test((await page.locator('body').textContent()) ?? ''))
      stale.push(view)
  }
  expect(stale).toEqual([])
  await second.close()
  rmSync(folder, { recursive: true, force: true })
})

test('opens a link to a step, and goes back and forward', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  const blocked = page.getByRole('row', { name: /Publishing was refused/ })
  await expect(blocked).toBeVisible()
  const id = await idOf(blocked)
  await go(page, `#/runs/${id}/step/2`)
  await expect(page.getByRole('grid', { name: 'Steps' }).getByRole('row', { selected: true })).toContainText(/^2/)
  await page.reload()
  const chosen = page.getByRole('grid', { name: 'Steps' }).getByRole('row', { selected: true })
  await expect(chosen).toContainText(/^2/)
  await page.goBack()
  await expect(rows(page).first()).toBeVisible()
  await page.goForward()
  await expect(chosen).toContainText(/^2/)
  expect(complaints).toEqual([])
})

test('keeps a step beside the next ones', async ({ app, page, complaints }) => {
  await page.goto(app.url)
  await page.getByRole('row', { name: /Publishing was refused/ }).dblclick()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
  await page.keyboard.press('0')
  await page.keyboard.press('b')
  await page.keyboard.press('j')
  const both = page.getByRole('region', { name: 'Inspector' })
  await expect(both).toHaveCount(2)
  await expect(both.first().getByRole('heading').first()).toHaveText('Event Publish')
  await expect(both.last().getByRole('heading').first()).not.toHaveText('Event Publish')
  await page.keyboard.press('b')
  await expect(both).toHaveCount(1)

  expect(complaints).toEqual([])
})

/** A chain of publishing to ZMQ behind a trigger. */
function chain(count: number) {
  const node = (id: number, module: string, type: string, next: number | null) => ({
    id,
    name: module,
    data: { id: module, module_type: type, name: `${module} ${id}`, indexed_params: {}, saved_filters: [], params: [] },
    class: 'block-type-default',
    html: '',
    typenode: false,
    inputs: type === 'trigger' ? {} : { input_1: { connections: [{ node: String(id - 1), input: 'output_1' }] } },
    outputs: {
      output_1: { connections: next === null ? [] : [{ node: String(next), output: 'input_1' }] }
    },
    pos_x: ((id - 1) % 25) * 260,
    pos_y: Math.floor((id - 1) / 25) * 130
  })
  const data = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      String(i + 1),
      node(
        i + 1,
        i === 0 ? 'event-after-save' : 'push-zmq',
        i === 0 ? 'trigger' : 'action',
        i + 1 < count ? i + 2 : null
      )
    ])
  )
  return { name: 'Five hundred', description: '', data }
}

test('opens, searches, pans and selects in the run of a workflow with 500 nodes', async ({ app, page, complaints }) => {
  test.setTimeout(120_000)
  await page.goto(app.url)
  await expect(rows(page).first()).toBeVisible()
  const text = JSON.stringify({ Workflow: chain(500) })
  const data = await page.evaluateHandle((file) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([file], 'five-hundred.json'))
    return transfer
  }, text)
  await page.dispatchEvent('main', 'drop', { dataTransfer: data })
  await expect(page).toHaveURL(/#\/workflows\/.+imported=1/)
  const workflowId = /workflows\/([^?]+)/.exec(page.url())?.[1] ?? ''
  await go(page, `#/workflows/run?workflow=${workflowId}&data=invoice-phishing`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Find a node' }).fill('push-zmq 321')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('node 321')
  const node = page.getByRole('group', { name: /, node 321$/ })
  await expect(node).toBeInViewport()
  // Drawn are those in sight, not all of them.
  expect(await page.locator('.gnode').count()).toBeLessThan(200)
  await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.react-flow__node')]
      .find((one) => one.getAttribute('aria-label')?.endsWith('node 322'))
      ?.click()
  )
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('node 322')
  const box = await page.locator('.react-flow__pane').boundingBox()
  const before = await page.locator('.react-flow__viewport').getAttribute('style')
  await page.mouse.move((box?.x ?? 0) + 30, (box?.y ?? 0) + (box?.height ?? 0) - 20)
  await page.mouse.down()
  await page.mouse.move((box?.x ?? 0) + 160, (box?.y ?? 0) + (box?.height ?? 0) - 60, { steps: 8 })
  await page.mouse.up()
  expect(await page.locator('.react-flow__viewport').getAttribute('style')).not.toBe(before)
  await page.screenshot({ path: test.info().outputPath('five-hundred.png') })
  expect(complaints).toEqual([])
})
