// Every view under axe, in both colours. It looks at each view as it is when it opens; what a view comes to is looked at where that is tested, in
// every run.
import { isLong } from '../attack/scale.ts'
import { expect, test } from './app.ts'
import { rulesIn, settled, violationsOf } from './axe.ts'
import { everyView, go } from './every-view.ts'

test.skip(!isLong, 'at length only')

test('has no serious accessibility issue in any view, in light and in dark colours', async ({
  app,
  page,
  complaints
}) => {
  test.setTimeout(180_000)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(app.url)
  const found: string[] = []
  for (const view of await everyView(page)) {
    await go(page, view)
    await settled(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const violations = await violationsOf(page, rulesIn(colorScheme))
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${view} ${colorScheme}: ${id}: ${nodes[0]?.html}`)
    }
    if (await page.getByText('This view failed').count()) found.push(`${view}: broke`)
  }
  expect(found).toEqual([])
  expect(complaints).toEqual([])
})
