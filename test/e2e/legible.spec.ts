// What is read is not cut off and not too small: labels, buttons, headings, tabs and names of nodes in every view, at three sizes of the window.
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { settled } from './axe.ts'
import { everyView, go } from './every-view.ts'

/** Texts that are wider or higher than the box that shows them, in the page. */
const clipped = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const selector = [
      ...['label', 'button', 'h1', 'h2', 'h3', '[role=tab]', 'th', '.grid-sort', 'nav a', '.btn', '.tag'],
      ...['.gnode .gname', '.enode-title']
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

const sizes = {
  '1280': { width: 1280, height: 800 },
  '1920': { width: 1920, height: 1080 },
  '150 %': { width: 853, height: 533 }
} as const

for (const [name, viewport] of Object.entries(sizes)) {
  test(`cuts off no label, button, heading or name of a node at ${name}`, async ({ app, page, complaints }) => {
    test.setTimeout(180_000)
    await page.setViewportSize(viewport)
    await page.goto(app.url)
    const found: string[] = []
    for (const view of await everyView(page)) {
      await go(page, view)
      await settled(page)
      found.push(...(await clipped(page)).map((what) => `${view}: ${what}`))
      found.push(...(await overlapping(page)).map((what) => `${view}: ${what}`))
      found.push(...(await nodeNames(page)).map((what) => `${view}: node ${what}`))
      const least = await smallestText(page)
      if (least < 10.99) found.push(`${view}: text of ${least.toFixed(1)} px in the graph`)
    }
    expect([...new Set(found)]).toEqual([])
    expect(complaints).toEqual([])
  })
}
