// The documentation's site: built without a warning and without a dead link, loads nothing from elsewhere, and every page fits a phone's width.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { isLong, repeat } from '../attack/scale.ts'
import { root } from './app.ts'

const site = join(root, 'out', 'docs')
const at = 'http://docs.test'

test('the documentation is a site of pages that fit, of its own files alone', async ({ page }) => {
  test.skip(!isLong, 'it is built for a quarter of a minute')
  test.setTimeout(300_000)
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
    execFile(process.execPath, ['scripts/docs.mjs', '--as-is'], { cwd: root, env }, (error, out, err) =>
      resolve({ status: error ? 1 : 0, text: out + err })
    )
  })
  expect(text).toMatch(/docs: \d+ pages, \d{3,} links, 0 problems/)
  expect(text).not.toMatch(/warn|deprecat|error /i)
  expect(status).toBe(0)

  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`${page.url()}: ${message.text()}`)
  })
  await page.route('**/*', (route) => {
    const { origin, pathname } = new URL(route.request().url())
    const file = join(site, decodeURI(pathname))
    if (origin === at && existsSync(file)) return route.fulfill({ path: file })
    wrong.push(`${page.url()} asks for ${route.request().url()}`)
    return route.abort()
  })
  const names = readdirSync(site, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.html') && name !== '404.html')
  // Pages of modules are made by one rule: each seventh stands for the others.
  const some = names.filter((name, at) => !name.startsWith('modules/') || at % repeat(7, 1) === 0)
  for (const name of some) {
    await page.goto(`${at}/${name}`)
    await expect(page.locator('h1').first()).toBeVisible()
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      const content = await page.evaluate(() => document.documentElement.scrollWidth)
      if (content > width) wrong.push(`${name} is ${content} px wide at ${width}`)
    }
  }
  expect(wrong).toEqual([])
})
