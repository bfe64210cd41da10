// Takes the pictures in docs/screenshots: every view of the demo workspace, light and dark, at two sizes. `node scripts/screenshots.mjs`.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { ensureChromium } from './browser.mjs'
import { root } from './lib.mjs'

const folder = join(root, 'docs', 'screenshots')
const sizes = [
  [1280, 800],
  [1920, 1080]
]

const home = mkdtempSync(join(tmpdir(), 'retrace-pictures-'))
const child = spawn(process.execPath, ['scripts/start.mjs', '--browser', '--no-open'], {
  cwd: root,
  env: { ...process.env, XDG_DATA_HOME: home, DISPLAY: '', WAYLAND_DISPLAY: '' },
  stdio: ['ignore', 'pipe', 'inherit']
})
const url = await new Promise((resolve, reject) => {
  let text = ''
  child.stdout.on('data', (piece) => {
    text += piece
    const found = /^open (http\S+)$/m.exec(text)?.[1]
    if (found) resolve(found)
  })
  child.once('exit', () => reject(new Error(text)))
})

const openBlockedRun = async (page) => {
  await page
    .getByRole('row', { name: /blocked/ })
    .first()
    .dblclick()
  await page.getByRole('grid', { name: 'Steps' }).waitFor()
}

/** What is shown, and how a person gets there. */
const views = {
  runs: async () => undefined,
  run: openBlockedRun,
  'run-output': async (page) => {
    await openBlockedRun(page)
    await page.getByRole('tab', { name: 'Output' }).click()
    await page.getByRole('button', { name: 'Expand' }).click()
    await page.getByRole('menuitem', { name: '3 levels' }).click()
  },
  'run-effects': async (page) => {
    await openBlockedRun(page)
    await page.getByRole('tab', { name: 'Effects' }).click()
  },
  effects: async (page) => {
    await openBlockedRun(page)
    await page.keyboard.press('f')
    await page.waitForTimeout(600)
  },
  'data-hash': async (page) => {
    await page.goto(`${new URL(url).origin}/#/data`)
    await page.getByLabel('Data sets: rows').getByRole('row').first().dblclick()
    await page.waitForTimeout(300)
    await page.goto(`${page.url()}/hash`)
    await page.waitForTimeout(600)
  },
  'run-again': async (page) => {
    await openBlockedRun(page)
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.locator('.cm-content').waitFor()
  },
  editor: async (page) => {
    await page.goto(`${new URL(url).origin}/#/workflows`)
    await page.getByLabel('Workflows: rows').getByRole('row').first().dblclick()
    await page.waitForTimeout(800)
  },
  module: async (page) => {
    await page.goto(`${new URL(url).origin}/#/modules/tag-if`)
    await page.waitForTimeout(600)
  },
  ...Object.fromEntries(
    [
      ...['posts', 'log', 'triggers', 'workflows', 'modules', 'data', 'settings', 'world', 'connect'],
      ...['workflows/blueprints', 'modules/tag-if/execute']
    ].map((view) => [
      view.replaceAll('/', '-'),
      async (page) => {
        await page.goto(`${new URL(url).origin}/#/${view}`)
        await page.waitForTimeout(600)
      }
    ])
  )
}

const wanted = process.argv.slice(2)
const { path, why } = ensureChromium()
if (!path) throw new Error(why)
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
mkdirSync(folder, { recursive: true })
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of sizes) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme })
      await page.goto(url)
      for (const [name, go] of Object.entries(views)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue
        await page.goto(`${new URL(url).origin}/#/runs`)
        await page.getByLabel('Runs: rows').getByRole('row').first().waitFor()
        try {
          await go(page)
        } catch (error) {
          console.log(`${name}: ${String(error).split('\n')[0]}`)
        }
        await page.waitForTimeout(500)
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) })
      }
      await page.close()
    }
  }
} finally {
  await browser.close()
  child.kill()
  rmSync(home, { recursive: true, force: true })
}
