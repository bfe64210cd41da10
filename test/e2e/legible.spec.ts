// What is read is not cut off and not too small: labels, buttons, headings, tabs and names of nodes in every view, at three sizes of the window;
// in `npm test` at the one with the least room.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { isLong } from '../attack/scale.ts'
import { expect, root, test } from './app.ts'
import { settled } from './axe.ts'
import { everyView, go, rows } from './every-view.ts'
import { captureRuns } from './verify-runs.ts'

/** Texts that are wider or higher than the box that shows them, in the page. */
const clipped = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const selector = [
      ...['label', 'button', 'h1', 'h2', 'h3', '[role=tab]', 'th', '.grid-sort', 'nav a', '.btn', '.tag'],
      // MISP’s own names, of modules and triggers, are whole in their lists, too.
      ...['.gnode .gname', '.enode-title', '.module-name > .ellipsis', '.trigger-name > .ellipsis']
    ].join(',')
    const isShown = (one: Element): boolean => {
      const { width, height } = one.getBoundingClientRect()
      return width > 1 && height > 1 && one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    }
    /** Beyond the window or a box that hides what does not fit, and nothing scrolls there. */
    const isOutside = (one: Element): boolean => {
      const { right } = one.getBoundingClientRect()
      for (let box = one.parentElement; box; box = box.parentElement) {
        if (box.matches('.react-flow__viewport, .react-flow')) return false
        const { overflowX } = getComputedStyle(box)
        if (overflowX === 'auto' || overflowX === 'scroll') return false
        if (overflowX !== 'visible' && right > box.getBoundingClientRect().right + 1) return true
      }
      return right > innerWidth + 1
    }
    // A title that is data (an event's info, a workflow's name) may be any length: it is cut off, with all of it in its tooltip.
    const isData = (one: Element): boolean => one.matches('h1.ellipsis, h2.ellipsis, .link.ellipsis')
    return [...document.querySelectorAll<HTMLElement>(selector)]
      .filter((one) => isShown(one) && !one.matches('.sr-only') && (one.textContent ?? '').trim() !== '')
      .filter((one) => (one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1) || isOutside(one))
      .filter((one) => !isData(one))
      .map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${(one.textContent ?? '').trim().slice(0, 60)}`)
  })

/** Texts and buttons of headers, toolbars and bars of tools that stand over each other. */
const overlapping = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const bars =
      'header, [role=toolbar], .toolbar, .run-head, .compare-head, .graph-bar, .lane-head, .inspector-head, .tabs'
    const boxes = [...document.querySelectorAll<HTMLElement>(bars)].flatMap((bar) =>
      [...bar.querySelectorAll<HTMLElement>('a, button, input, select, h1, h2, .tag, span')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        .filter((one) => one.childElementCount === 0 || one.matches('a, button, h1, h2'))
        .filter((one) => !one.matches('.sr-only, .sr-only *') && !one.parentElement?.closest('button, a, h1, h2'))
        .filter((one) => one.matches('input, select, button, a') || (one.textContent ?? '').trim() !== '')
        .map((one) => ({ one, bar, box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1 && box.height > 1)
    )
    const name = (one: HTMLElement) => `${one.tagName.toLowerCase()} “${(one.textContent ?? '').trim().slice(0, 30)}”`
    return boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(({ one, bar }) => bar === a.bar && !a.one.contains(one) && !one.contains(a.one))
        .filter(({ box }) => a.box.left < box.right - 1 && box.left < a.box.right - 1)
        .filter(({ box }) => a.box.top < box.bottom - 1 && box.top < a.box.bottom - 1)
        .map(({ one }) => `${name(a.one)} over ${name(one)}`)
    )
  })

/** Fields that are narrower than their widest choice. Names of a person's own things may be any length, and an id behind its name may be cut off. */
const cutChoices = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('select')]
      .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((one) => !/workflow|data|event|user|input|base|mock|run$/i.test(`${one.id} ${one.ariaLabel ?? ''}`))
      .flatMap((one) => {
        const whole = one.cloneNode(true) as HTMLSelectElement
        for (const option of whole.options) option.text = option.text.replace(/ \([a-z]+(-[a-z]+)+\)$/, '')
        Object.assign(whole.style, {
          position: 'absolute',
          visibility: 'hidden',
          width: 'max-content',
          maxWidth: 'none'
        })
        one.after(whole)
        const isCut = whole.offsetWidth > one.offsetWidth + 1
        whole.remove()
        return isCut ? [`field ${one.id} ${one.ariaLabel ?? ''}: ${one.value}`] : []
      })
  )

/** Tags in a tree of which less is shown than tells what they are. */
const shrunkTags = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.tree-row > .misp-tag')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth < 60)
      .map((one) => `${one.clientWidth} px of tag ${one.textContent}`)
  )

/** Names that run out of their node. */
const nodeNames = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.gnode .gname, .enode-title')]
      .filter((one) => one.scrollHeight > one.clientHeight + 1)
      .map((one) => one.textContent ?? '')
  )

/** Texts of the graph as large as they are on the screen, the smallest. */
const smallestText = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const viewport = document.querySelector<HTMLElement>('.react-flow__viewport')
    if (!viewport) return Infinity
    const zoom = new DOMMatrix(getComputedStyle(viewport).transform).a
    const walker = document.createTreeWalker(viewport, NodeFilter.SHOW_TEXT)
    let least = Infinity
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const owner = text.parentElement
      if (!owner || (text.textContent ?? '').trim() === '' || getComputedStyle(owner).visibility === 'hidden') continue
      least = Math.min(least, parseFloat(getComputedStyle(owner).fontSize) * zoom)
    }
    return least
  })

const allSizes = {
  '1280': { width: 1280, height: 800 },
  '1920': { width: 1920, height: 1080 },
  '150 %': { width: 853, height: 533 }
} as const
const sizes = isLong ? allSizes : { '150 %': allSizes['150 %'] }

/** All that is wrong with what is shown. */
async function faults(page: Page, view: string): Promise<readonly string[]> {
  await settled(page)
  const least = await smallestText(page)
  return [
    ...(await clipped(page)).map((what) => `${view}: ${what}`),
    ...(await overlapping(page)).map((what) => `${view}: ${what}`),
    ...(await cutChoices(page)).map((what) => `${view}: ${what}`),
    ...(await shrunkTags(page)).map((what) => `${view}: ${what}`),
    ...(await nodeNames(page)).map((what) => `${view}: node ${what}`),
    ...(least < 10.99 ? [`${view}: text of ${least.toFixed(1)} px in the graph`] : [])
  ]
}

/** What a view comes to once somebody has asked it for something. */
const asked: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'cases that failed': async (page) => {
    await go(page, '#/cases')
    await page.getByRole('button', { name: 'Run all' }).click()
    const cases = page.getByLabel('Cases: rows').getByRole('row')
    await cases.filter({ hasText: 'passed' }).first().click()
    await expect(page.getByRole('region', { name: 'Preview' })).toBeVisible()
  },
  'verified runs': async (page) => {
    await go(page, '#/runs')
    await page.getByRole('toolbar', { name: 'Runs' }).getByRole('button', { name: 'Verify' }).click()
    await page.getByRole('menuitem', { name: 'Verify all captured runs' }).click()
    await expect(page.getByText(/captured runs? verified:/)).toBeVisible()
  },
  'a run that differs': async (page) => {
    await go(page, '#/runs')
    await rows(page)
      .filter({ hasText: /told here|told there/ })
      .first()
      .dblclick()
    await page.getByRole('grid', { name: 'Steps' }).press('v')
    await expect(page.getByRole('region', { name: 'Verify', exact: true })).toContainText('differs from what MISP did')
  },
  coverage: async (page) => {
    await go(page, '#/workflows/coverage?workflow=demo-1')
    await page.getByRole('button', { name: 'Count' }).click()
    await expect(page.getByRole('table', { name: 'What has run' })).toBeVisible()
  },
  update: async (page) => {
    await go(page, '#/workflows/upgrade?from=2.5.1&to=2.5-newest')
    await page.getByRole('button', { name: 'Compare' }).click()
    await expect(page.locator('.tried-report').first()).toBeVisible()
  }
}

for (const [name, viewport] of Object.entries(sizes)) {
  test(`cuts off nothing of what cases, verify, coverage and an update say at ${name}`, async ({ app, page }) => {
    test.setTimeout(180_000)
    await page.setViewportSize(viewport)
    cpSync(join(root, 'resources', 'cases'), join(app.folder, 'cases'), { recursive: true })
    await captureRuns(app)
    await page.goto(app.url)
    await expect(rows(page).first()).toBeVisible()
    for (const [state, ask] of Object.entries(asked))
      await test.step(state, async () => {
        await ask(page)
        expect(await faults(page, state)).toEqual([])
      })
  })

  test(`cuts off no label, button, heading or name of a node at ${name}`, async ({ app, page, complaints }) => {
    test.setTimeout(180_000)
    await page.setViewportSize(viewport)
    await page.goto(app.url)
    const found: string[] = []
    for (const view of await everyView(page)) {
      await go(page, view)
      found.push(...(await faults(page, view)))
    }
    expect([...new Set(found)]).toEqual([])
    expect(complaints).toEqual([])
  })
}
