// Two runs compared: chosen in the list or from a run, read from the summary to the places, by mouse and with the keyboard alone.
import type { Page } from '@playwright/test'
import { expect, preferText, test } from './app.ts'
import { violationsOf } from './axe.ts'

const rows = (page: Page) => page.getByLabel('Runs: rows').getByRole('row')
const line = (page: Page) => page.getByRole('grid', { name: 'Lines' }).getByRole('row', { selected: true })
const parts = (page: Page) => page.getByRole('region', { name: 'Differences of the line' })

const green = {
  Event: {
    ...{ id: '1842', uuid: '8e85c1d3-ae9a-4b7c-a2af-fbc373ae95a1', info: 'Paper Lantern, for everybody' },
    ...{ org_id: '1', orgc_id: '2', distribution: '1', published: false, date: '2024-10-21', timestamp: '1729491600' },
    ...{ Attribute: [], Tag: [{ id: '9', name: 'tlp:green', colour: '#33ff00' }] }
  }
}

/** The blocked run of the demonstration once more, on an event without the tag that blocked it. */
async function runGreen(page: Page): Promise<void> {
  await preferText(page)
  await rows(page).filter({ hasText: 'blocked' }).first().dblclick()
  await page.getByRole('button', { name: 'Run again' }).click()
  const editor = page.getByRole('textbox', { name: 'Trigger data' })
  await expect(editor).toContainText('Paper Lantern')
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(JSON.stringify(green))
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('link', { name: 'Original run' })).toBeVisible()
}

async function issuesOf(page: Page): Promise<readonly string[]> {
  const violations = await violationsOf(page)
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('compares a run with its original by mouse: summary, graph, timeline, places', async ({
  app,
  page,
  complaints
}) => {
  await preferText(page)
  await page.goto(app.url)
  await runGreen(page)
  await page.getByRole('link', { name: 'Compare with original' }).click()
  await expect(page.getByRole('region', { name: 'Run A' })).toContainText('blocked')
  const summary = page.getByRole('region', { name: 'What differs' }).getByRole('listitem')
  await expect(summary.first()).toContainText('A was blocked')
  expect(await summary.count()).toBeLessThanOrEqual(5)

  // What decided is looked at first; the graph has it, too, with the state in words.
  await expect(parts(page)).toContainText('Why')
  const graph = page.getByRole('region', { name: 'Graph of both runs' })
  await expect(graph.getByText('only in A').first()).toBeVisible()
  await graph.getByRole('group', { name: /^Stop execution, node/ }).click()
  await expect(line(page)).toContainText('only in A')
  await expect(parts(page)).toContainText('Run B has no step here')

  // From the summary to what they started with, and its places.
  await summary.filter({ hasText: 'They started with different data' }).getByRole('button').click()
  await expect(line(page)).toContainText('Trigger data')
  await expect(parts(page).getByRole('region', { name: 'Input' })).toContainText('tlp:green')
  await parts(page).getByRole('button', { name: 'Raw diff' }).click()
  await expect(parts(page).getByRole('table', { name: 'Raw diff' })).toContainText('tlp:green')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await issuesOf(page), colorScheme).toEqual([])
  }

  const count = await page.getByRole('grid', { name: 'Lines' }).getByRole('row').count()
  await page.getByRole('button', { name: 'Only differences' }).click()
  expect(await page.getByRole('grid', { name: 'Lines' }).getByRole('row').count()).toBeLessThanOrEqual(count)
  // In a small window, as at 150 %, the name and both ways into the runs stay whole.
  const size = page.viewportSize() ?? { width: 1280, height: 800 }
  await page.setViewportSize({ width: 853, height: 533 })
  await page.getByRole('grid', { name: 'Lines' }).getByRole('row').filter({ hasText: 'input differs' }).first().click()
  for (const part of [
    parts(page).getByRole('heading', { level: 2 }).first(),
    parts(page).getByRole('link', { name: /^A / }),
    parts(page).getByRole('link', { name: /^B / })
  ])
    await expect(part).toBeInViewport({ ratio: 0.99 })
  await page.setViewportSize(size)

  // Swapped, the same line is shown in the same way.
  const chosen = page.getByRole('grid', { name: 'Lines' }).getByRole('row').filter({ hasText: 'only in A' }).first()
  await chosen.click()
  const node = await line(page).getByRole('gridcell').nth(3).textContent()
  await page.getByRole('button', { name: 'Swap' }).click()
  await expect(page.getByRole('region', { name: 'Run B' })).toContainText('blocked')
  await expect(line(page)).toContainText('only in B')
  await expect(line(page).getByRole('gridcell').nth(3)).toHaveText(node ?? '')
  await expect(page.getByRole('button', { name: 'Only differences' })).toHaveAttribute('aria-pressed', 'true')
  await expect(parts(page).getByRole('button', { name: 'Raw diff' })).toHaveAttribute('aria-pressed', 'true')
  // The chosen node is seen, with nothing over it.
  const inGraph = graph.getByRole('group', { name: new RegExp(`^${(node ?? '').split(' · ')[0]}, node`) })
  expect(
    await inGraph.evaluate((one) => {
      const { left, top, right, bottom } = one.getBoundingClientRect()
      const at = (x: number, y: number) => one.contains(document.elementFromPoint(x, y))
      return [at(left + 6, top + 6), at(right - 12, top + 6), at(left + 6, bottom - 6)]
    })
  ).toEqual([true, true, true])
  await parts(page).getByRole('link', { name: /^B / }).click()
  await expect(page.getByRole('grid', { name: 'Steps' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('chooses the other run and goes from difference to difference with the keyboard alone', async ({
  app,
  page,
  complaints
}) => {
  await preferText(page)
  await page.goto(app.url)
  await runGreen(page)
  // From here on no mouse: M asks for the other run, and finds the original first.
  await page.keyboard.press('m')
  const dialog = page.getByRole('dialog', { name: 'Compare with…' })
  await expect(dialog.getByRole('option').first()).toContainText('original run')
  expect(await issuesOf(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\?with=/)
  await expect(page.getByRole('region', { name: 'Run A' })).toContainText('blocked')
  await page.keyboard.press('0')
  await expect(line(page)).toContainText('Trigger data')
  const seen: string[] = []
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press(']')
    const told = (await line(page).textContent()) ?? ''
    if (seen.at(-1) === told) break
    seen.push(told)
  }
  expect(seen.length).toBeGreaterThan(1)
  expect(seen.filter((told) => told.includes('same'))).toEqual([])
  await page.keyboard.press('[')
  await expect(line(page)).toHaveText(seen.at(-2) ?? '')
  await page.keyboard.press('e')
  await expect(page.getByRole('grid', { name: 'Lines' })).toBeFocused()
  // Into the differences, the raw ones and back.
  await page.keyboard.press('Enter')
  await expect(page.locator('#compare-parts')).toBeFocused()
  await page.keyboard.press('d')
  await expect(page.getByRole('button', { name: 'Raw diff' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('h')
  await expect(page.getByRole('button', { name: 'Only differences' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('s')
  await expect(page.getByRole('region', { name: 'Run B' })).toContainText('blocked')
  await page.keyboard.press('Escape')
  await expect(rows(page).first()).toBeVisible()

  // Two in the list: C compares them.
  await page.getByRole('grid', { name: 'Runs', exact: true }).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+ArrowDown')
  await page.keyboard.press(' ')
  await page.keyboard.press('c')
  await expect(page.getByRole('grid', { name: 'Lines' })).toBeVisible()
  expect(complaints).toEqual([])
})
