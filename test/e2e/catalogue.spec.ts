// Triggers and modules of the catalogue in the editor: at length every module, in `npm test` those that have all kinds of fields between them.
import type { Locator } from '@playwright/test'
import type { ModuleDefinition } from '../../src/contract/modules.ts'
import { isLong } from '../attack/scale.ts'
import { call, expect } from './app.ts'
import { graph, node, test } from './editor-app.ts'

/** The modules of one kind, in the order in which the palette and the table of triggers have them. */
const modulesOf = async (url: string, type: ModuleDefinition['module_type']) =>
  (await call(url, 'modules.list', {})).filter(({ module_type }) => module_type === type)

const fieldOf: Readonly<Record<string, string>> = {
  select: 'select',
  picker: '.picker input[role="combobox"]',
  hashpath: 'input[role="combobox"]',
  textarea: 'textarea',
  input: 'input:not([type]), input[type="text"]',
  checkbox: 'input[type="checkbox"]',
  radio: 'input[type="radio"]'
}

/** Gives a parameter another value, as its kind of field takes it, and sees that the value stands. */
async function edit(fields: Locator, type: string): Promise<void> {
  const field = fields.first()
  if (type === 'select') {
    // What the service has may come while the field is there: it has other options then.
    await expect(async () => {
      const last = (await field.locator('option').last().getAttribute('value')) ?? ''
      await field.selectOption(last, { timeout: 1000 })
      await expect(field).toHaveValue(last, { timeout: 1000 })
    }).toPass()
  } else if (type === 'checkbox') {
    const was = await field.isChecked()
    await field.setChecked(!was)
    await expect(field).toBeChecked({ checked: !was })
  } else if (type === 'radio') {
    await fields.last().check()
    await expect(fields.last()).toBeChecked()
  } else if (type !== 'picker') {
    await field.fill('edited')
    await expect(field).toHaveValue('edited')
  }
}

test('starts a workflow with every trigger of the catalogue', async ({ apps, page, complaints }) => {
  test.setTimeout(120_000)
  const { url } = await apps.open()
  await page.goto(url)
  const triggers = await modulesOf(url, 'trigger')
  const create = page.getByRole('grid', { name: 'Triggers', exact: true }).getByRole('button', { name: 'Create…' })
  for (const [i, { id, name }] of triggers.entries()) {
    await page.evaluate(() => (location.hash = '#/triggers'))
    await expect(create).toHaveCount(triggers.length - i)
    await create.first().click()
    await expect(node(page, name)).toHaveCount(1)
    await node(page, name).click()
    await expect(page.getByRole('region', { name: 'Side panel' })).toContainText(`${id} · 1`)
  }
  await page.evaluate(() => (location.hash = '#/triggers'))
  await expect(create).toHaveCount(0)
  expect(complaints).toEqual([])
})

/** Places of modules that have all kinds of fields between them, those that are not always shown apart, and of the last one. */
function withEachField(catalogue: readonly ModuleDefinition[]): readonly number[] {
  const seen = new Set<string>()
  return [...catalogue.entries()].flatMap(([i, { params }]) => {
    const kinds = params.map(({ type, display_on }) => (display_on ? `${type}, not always` : type))
    const isNew = kinds.some((kind) => !seen.has(kind))
    for (const kind of kinds) seen.add(kind)
    return isNew || i === catalogue.length - 1 ? [i] : []
  })
}

test(`adds and edits ${isLong ? 'every module of the catalogue' : 'modules with each kind of field'}, and takes blueprints`, async ({
  apps,
  page,
  complaints
}) => {
  test.setTimeout(180_000)
  const { url } = await apps.open()
  await page.goto(url)
  await page.getByRole('link', { name: 'Workflows' }).click()
  await page.getByRole('button', { name: 'New workflow…' }).first().click()
  await page.getByRole('button', { name: 'Create' }).click()
  const palette = page.getByRole('region', { name: 'Modules to add' })
  const side = page.getByRole('region', { name: 'Side panel' })
  const modules = palette.getByRole('group', { name: /Logic|Actions/ }).getByRole('button')
  await expect(modules.first()).toBeVisible()
  const catalogue = [...(await modulesOf(url, 'logic')), ...(await modulesOf(url, 'action'))]
  // MISP's own and Mattermost's, which the demonstration's world lists.
  await expect(modules).toHaveCount(39)
  const edited = new Set<string>()
  const chosen = isLong ? [...catalogue.keys()] : withEachField(catalogue)
  for (const [before, i] of chosen.entries()) {
    // Each stands alone, so that no connection is refused.
    await graph(page).focus()
    await page.keyboard.press('Escape')
    await modules.nth(i).click()
    await expect(page.locator('.react-flow__node-module')).toHaveCount(before + 2)
    for (const { id, type } of catalogue[i]?.params ?? []) {
      const row = side.locator(`[data-param="${id}"]`)
      // A parameter that hangs on another one's value is shown with that value only.
      if ((await row.count()) === 0) continue
      const field = row.locator(fieldOf[type] ?? 'no such type')
      await expect(field.first()).toBeVisible()
      await edit(field, type)
      edited.add(type)
    }
  }
  expect([...edited].sort()).toEqual(
    [...new Set(catalogue.flatMap(({ params }) => params.map(({ type }) => type)))].sort()
  )
  await graph(page).focus()
  await page.keyboard.press('ControlOrMeta+a')
  await expect(side).toContainText(`${chosen.length + 1} nodes selected`)
  await page.keyboard.press('b')
  await page.getByLabel('Name', { exact: true }).fill('Everything')
  await page.getByRole('button', { name: 'Save blueprint' }).click()
  await expect(palette.getByRole('button', { name: 'Everything' })).toBeVisible()
  await graph(page).focus()
  await page.keyboard.press('Delete')
  await expect(page.locator('.react-flow__node-module')).toHaveCount(0)
  await palette.getByRole('button', { name: 'Everything' }).click()
  await expect(page.locator('.react-flow__node-module')).toHaveCount(chosen.length + 1)
  for (let i = 0; i < 2; i++) await page.keyboard.press('ControlOrMeta+z')
  await expect(page.locator('.react-flow__node-module')).toHaveCount(chosen.length + 1)
  expect(complaints).toEqual([])
})
