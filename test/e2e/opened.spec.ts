// Files that the app is started with, as “open with” does: told apart by what is in them, and one that cannot be read keeps none back.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, root, startApp, test } from './app.ts'

test('takes a workflow, an event, posts and a case that it is started with, beside a folder', async ({
  page,
  complaints
}) => {
  const home = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const [folder, empty] = [join(home, 'a folder'), join(home, 'empty.json')]
  mkdirSync(folder)
  writeFileSync(empty, '')
  const examples = ['workflow.json', 'event.json', 'posts.ndjson'].map((name) => join(root, 'examples', name))
  const given = (name: string) => JSON.parse(readFileSync(join(root, 'resources', 'cases', name), 'utf8')) as object
  const { workflowFile: _beside, ...red } = given('red-is-blocked.case.json') as { readonly workflowFile: string }
  const inside = join(home, 'red.case.json')
  writeFileSync(inside, JSON.stringify({ ...red, workflow: given('guard.json') }))
  const files = [folder, ...examples, empty, inside]
  const env = { RETRACE_USER_FOLDER: join(home, 'user') }
  const app = await startApp(['scripts/start.mjs', '--browser', '--no-open', ...files], env)
  await page.goto(app.url)
  await expect(page.getByText('a folder cannot be read: it is a folder.')).toBeVisible()
  await expect(page).toHaveURL(/#\/cases$/)
  const rows = (list: string) => page.getByLabel(`${list}: rows`).getByRole('row')
  await expect(rows('Cases')).toHaveCount(1)
  await expect(rows('Cases')).toContainText('An event that is tlp:red is not published')
  await expect(rows('Cases')).toContainText('passed')
  await page.keyboard.type('gr')
  await expect(rows('Runs')).toHaveCount(2)
  await page.keyboard.type('gw')
  await expect(rows('Workflows')).toContainText(['Block tlp:red, announce the rest'])
  await page.keyboard.type('gd')
  await expect(rows('Data sets')).toHaveCount(1)
  expect(complaints).toEqual([])
  await app.close()
  rmSync(home, { recursive: true, force: true })
})
