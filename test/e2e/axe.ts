// axe in the page that is tested. Its builder for Playwright opens a page of its own for each report and hands every rule that passed from one
// to the other, which takes five to ten times as long as looking does.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type axe from 'axe-core'
import { root } from './app.ts'

/** Its short form: what is handed to the page is less than half as long. */
const source = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

interface Looked {
  /** A selector: nothing outside of it. */
  readonly within?: string
  /** These rules alone. */
  readonly rules?: readonly string[]
}

type Scheme = 'light' | 'dark'

/** All rules in light colours; in dark ones those whose answer other colours can change. */
export const rulesIn = (scheme: Scheme): Looked =>
  scheme === 'light' ? {} : { rules: ['color-contrast', 'link-in-text-block'] }

/** All that axe finds wrong in what is shown. */
export async function violationsOf(page: Page, { within, rules }: Looked = {}): Promise<readonly Violation[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  return page.evaluate(
    async ([selector, only]) => {
      // A colour on its way to another one is neither; one that arrives sends those that inherit it on their way.
      const still = new CSSStyleSheet()
      still.replaceSync('*, *::before, *::after { transition: none !important }')
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, still]
      const { run } = (window as unknown as { readonly axe: typeof axe }).axe
      const { violations } = await run(selector ?? document, {
        resultTypes: ['violations'],
        ...(only ? { runOnly: [...only] } : {})
      })
      return violations.map(({ id, impact, nodes }) => ({
        id,
        impact: impact ?? 'minor',
        nodes: nodes.map(({ html }) => ({ html }))
      }))
    },
    [within, rules] as const
  )
}

/** When nothing of the page has changed for a moment, and nothing is on its way any more; after `most` milliseconds in any case. */
export const settled = (page: Page, most = 5000): Promise<void> =>
  page.evaluate(
    (longest) =>
      new Promise<void>((resolve) => {
        const quiet = 120
        let timer = setTimeout(check, quiet)
        const watch = new MutationObserver(again)
        watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
        const end = setTimeout(done, longest)
        function again() {
          clearTimeout(timer)
          timer = setTimeout(check, quiet)
        }
        function check() {
          if (document.querySelector('main .spinner')) again()
          else done()
        }
        function done() {
          watch.disconnect()
          clearTimeout(end)
          clearTimeout(timer)
          resolve()
        }
      }),
    most
  )
