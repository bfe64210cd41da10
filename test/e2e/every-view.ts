import type { Page } from '@playwright/test'
import { expect } from './app.ts'

export const rows = (page: Page) => page.getByLabel('Runs: rows').getByRole('row')
export const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash)
export const idOf = async (row: ReturnType<typeof rows>) => ((await row.getAttribute('id')) ?? '').slice('row-'.length)

/** When the page has fetched its views ahead: they come in one file, with what it imports. */
export const viewsLoaded = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => {
    const there = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    const has = (part: string) => there.some(({ name, responseEnd }) => name.includes(`/${part}-`) && responseEnd > 0)
    return ['views', 'json-editor', 'graph'].every((part) => has(part))
  })

/** The address of every view, with ids of the demo workspace. */
export async function everyView(page: Page): Promise<readonly string[]> {
  await expect(rows(page).first()).toBeVisible()
  const first = await idOf(rows(page).first())
  const second = (await rows(page).count()) > 1 ? await idOf(rows(page).nth(1)) : first
  await go(page, '#/workflows')
  const workflow = page.getByLabel('Workflows: rows').getByRole('row').first()
  await expect(workflow).toBeVisible()
  const workflowId = await idOf(workflow)
  return [
    ...[
      'runs',
      'search',
      'search?q=tlp',
      'posts',
      'log',
      'triggers',
      'workflows',
      'cases',
      'modules',
      'data',
      'world',
      'settings',
      'connect'
    ],
    ...[`runs/${first}`, `runs/${first}/step/1`, `runs/${first}/effects`, `runs/${first}?with=${second}`],
    ...['coverage', 'impact', 'upgrade'].map((view) => `workflows/${view}?workflow=${workflowId}`),
    ...[`workflows/${workflowId}`, 'workflows/blueprints', `workflows/run?again=${first}`],
    ...['modules/tag-if', 'modules/tag-if/execute', `modules/tag-if/execute?run=${first}&step=1`],
    ...['triggers/event-publish', 'data/invoice-phishing', 'data/invoice-phishing/hash?as=event-publish']
  ].map((view) => `#/${view}`)
}
