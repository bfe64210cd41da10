// The tab that tests share is as new for each of them.
import type { Page } from '@playwright/test'
import { expect, preferText, test } from './app.ts'
import { emptied, leave, openTab } from './tab.ts'

/** What a page can tell of what was there before it. */
const told = (page: Page) =>
  page.evaluate(async () => ({
    stored: { ...localStorage },
    session: sessionStorage.getItem('left'),
    isDark: matchMedia('(prefers-color-scheme: dark)').matches,
    isStill: matchMedia('(prefers-reduced-motion: reduce)').matches,
    width: innerWidth,
    clipboard: (await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })).state
  }))

test('finds nothing of the test before in its tab', async ({ app, browser }) => {
  const context = await openTab(browser)
  const open = async (name: string): Promise<Page> => {
    const page = await emptied(context, name)
    await page.goto(app.url)
    return page
  }
  const page = await open('one')
  const fresh = await told(page)
  await preferText(page)
  await page.reload()
  const heard: string[] = []
  page.on('console', (message) => heard.push(message.text()))
  await page.evaluate(() => {
    localStorage.setItem('left', 'here')
    sessionStorage.setItem('left', 'here')
  })
  await context.grantPermissions(['clipboard-read'])
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 853, height: 533 })
  await (await context.newPage()).goto(app.url)
  const changed = await told(page)
  for (const key of ['stored', 'session', 'isDark', 'isStill', 'width', 'clipboard'] as const)
    expect(changed[key], key).not.toEqual(fresh[key])

  await leave(context)
  const next = await open('two')
  expect(next).toBe(page)
  expect(context.pages()).toEqual([page])
  expect(await told(next)).toEqual(fresh)
  await next.evaluate(() => console.log('nobody hears this'))
  expect(heard).toEqual([])
  await context.close()
})
