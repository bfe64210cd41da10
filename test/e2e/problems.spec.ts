// What the editor warns of beyond what MISP refuses: each warning is in the list of problems, leads to its node and marks it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Json } from '../../src/contract/json.ts'
import { graph } from '../unit/engine/graph/raw-graph.ts'
import type { NodeSpec } from '../unit/engine/graph/raw-graph.ts'
import { expect, test } from './app.ts'
import { violationsOf } from './axe.ts'

type Nodes = Readonly<Record<number, NodeSpec>>

const hook: NodeSpec = { module: 'webhook', params: { url: 'https://example.org' } }
const condition = (params: Readonly<Record<string, string>>, ...to: number[][]): NodeSpec => ({
  module: 'generic-if',
  params: { operator: 'in', value: 'tlp:red', hash_path: 'Event.Tag.{n}.name', ...params },
  to
})

/** By what is made up in each: the words of the warning, and the node that it is about. */
const made: readonly (readonly [name: string, nodes: Nodes, warning: RegExp, node: number])[] = [
  [
    'a blocking module in a non-blocking workflow',
    { 1: { module: 'event-after-save', to: [[2]] }, 2: { module: 'stop-execution' } },
    /Stop execution: Blocking module might not work as intended\./,
    2
  ],
  [
    'a blocking module behind a concurrent task',
    {
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'concurrent-task', to: [[3]] },
      3: { module: 'stop-execution' }
    },
    /This path leads to a blocking node from a non-blocking context/,
    3
  ],
  [
    'core format that is not given',
    {
      1: { module: 'log-after-save', to: [[2]] },
      2: { module: 'tag-if', params: { tags: ['a'] }, to: [[3], []] },
      3: hook
    },
    /IF :: Tag: Potential data format issue\./,
    2
  ],
  [
    'a disabled module',
    { 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'push-zmq' } },
    /Push to ZMQ: Module disabled\./,
    2
  ],
  [
    'recursion',
    { 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'publish-event' } },
    /The workflow can trigger itself: node 2 \(publish-event\) can fire `event-publish`/,
    2
  ],
  [
    'equals on a path with {n}',
    { 1: { module: 'event-publish', to: [[2]] }, 2: condition({ operator: 'equals' }, [3], []), 3: hook },
    /Node 2 \(IF :: Generic\): .*the path has \{n\}/,
    2
  ],
  [
    'a value that a parameter does not know',
    { 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'webhook', params: { url: 'u', content_type: 'xml' } } },
    /Node 2 \(Webhook\): .xml. is not a valid value for .Content type./,
    2
  ],
  [
    'a filter label that was never set',
    {
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'generic-filter-reset', params: { 'filtering-label': 'B' }, to: [[3]] },
      3: hook
    },
    /Node 2 removes filters, but no filter is set before it/,
    2
  ],
  [
    'a node that is never reached',
    { 1: { module: 'event-publish', to: [[2]] }, 2: hook, 3: { module: 'push-zmq' } },
    /Node 3 is never reached: there is no path from the trigger\./,
    3
  ],
  [
    'a hash path that matches nothing in the chosen data',
    { 1: { module: 'event-publish', to: [[2]] }, 2: condition({ hash_path: 'Event.Tagg.{n}.name' }, [3], []), 3: hook },
    /Hash path `Event\.Tagg\.\{n\}\.name` matches nothing in the chosen data\. The nearest key there is Tag\./,
    2
  ]
]

async function disable(page: Page, module: string): Promise<void> {
  await page.evaluate(() => (location.hash = '#/modules'))
  await page.getByRole('searchbox', { name: 'Search modules' }).fill(module)
  const one = page.getByRole('switch', { name: `${module} enabled` })
  await one.click()
  await expect(one).not.toBeChecked()
}

test('lists each warning, leads to its node and marks it', async ({ app, page, complaints }, info) => {
  test.setTimeout(120_000)
  const folder = info.outputPath('graphs')
  mkdirSync(folder, { recursive: true })
  const files = made.map(([name, nodes], i) => {
    const file = join(folder, `${i}.json`)
    writeFileSync(file, JSON.stringify({ Workflow: { name, trigger_id: 'x', data: graph(nodes) as Json } }))
    return file
  })
  await page.goto(app.url)
  await disable(page, 'Push to ZMQ')
  await page.getByRole('link', { name: 'Workflows' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await (await chooser).setFiles(files)
  await expect(page.getByText(`${files.length} files imported`)).toBeVisible()
  const side = page.getByRole('region', { name: 'Side panel' })
  for (const [name, , warning, node] of made) {
    await page.evaluate(() => (location.hash = '#/workflows'))
    await page.getByRole('grid', { name: 'Workflows' }).getByRole('row', { name }).dblclick()
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
    await side.getByRole('tab', { name: /Problems/ }).click()
    await side.getByLabel('Test hash paths on').selectOption('invoice-phishing')
    const problem = side.getByRole('list', { name: 'Problems' }).getByRole('listitem').filter({ hasText: warning })
    await expect(problem, name).toHaveCount(1)
    await expect(page.locator(`.react-flow__node[data-id="${node}"] .enode-warning`), name).toBeVisible()
    await problem.getByRole('button').click()
    await expect(page.locator(`.react-flow__node[data-id="${node}"]`), name).toHaveClass(/selected/)
  }
  // The last one's rule is explained beside it, by keyboard too.
  const rule = side.getByText('PATH_NO_MATCH', { exact: true })
  await rule.focus()
  await page.keyboard.press('Enter')
  await expect(side.getByText('A hash path matches nothing in the chosen data.', { exact: true })).toBeVisible()
  const violations = await violationsOf(page, { within: '.side' })
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  expect(complaints).toEqual([])
})
