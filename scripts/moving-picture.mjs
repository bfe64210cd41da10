// Makes docs/retrace.webp, the moving picture of the README, from the app itself: `node scripts/moving-picture.mjs`.
// A publish that a workflow blocked: opened, asked why, what it would have sent, and its event to be run again.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import sharp from 'sharp'
import { ensureChromium } from './browser.mjs'
import { root } from './lib.mjs'

const size = { width: 1280, height: 800 }
const home = mkdtempSync(join(tmpdir(), 'retrace-picture-'))
const child = spawn(process.execPath, ['scripts/start.mjs', '--browser', '--no-open'], {
  cwd: root,
  env: { ...process.env, XDG_DATA_HOME: home, RETRACE_CAPTURE_PORT: '0', DISPLAY: '', WAYLAND_DISPLAY: '' },
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

/** What is done, and for how many milliseconds its result is shown. */
const scenes = [
  [async () => undefined, 1600],
  [
    async (page) => {
      await page.getByRole('button', { name: 'Open a blocked run' }).click()
      await page.getByRole('grid', { name: 'Steps' }).waitFor()
    },
    3200
  ],
  [(page) => step(page, /IF :: Tag/), 2600],
  [(page) => page.getByRole('tab', { name: 'Output' }).click(), 1800],
  [
    async (page) => {
      await step(page, /Send Mail/)
      await page.getByRole('tab', { name: 'Effects' }).click()
    },
    2800
  ],
  [
    async (page) => {
      await page.getByRole('button', { name: 'Run again' }).click()
      await page.getByRole('tree', { name: 'Trigger data' }).waitFor()
    },
    2600
  ]
]

const step = (page, name) => page.getByRole('grid', { name: 'Steps' }).getByRole('row', { name }).click()

const { path, why } = ensureChromium()
if (!path) throw new Error(why)
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
try {
  const page = await browser.newPage({ viewport: size, colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(url)
  await page.getByRole('button', { name: 'Open a blocked run' }).waitFor()
  const pictures = []
  for (const [act] of scenes) {
    await act(page)
    await page.waitForTimeout(700)
    pictures.push(await page.screenshot())
  }
  const file = join(root, 'docs', 'retrace.webp')
  const { size: bytes } = await sharp(pictures, { join: { animated: true } })
    .webp({ quality: 80, effort: 6, loop: 0, delay: scenes.map(([, ms]) => ms), minSize: true })
    .toFile(file)
  console.log(`docs/retrace.webp: ${scenes.length} pictures, ${Math.ceil(bytes / 1024)} KB`)
} finally {
  await browser.close()
  child.kill()
  rmSync(home, { recursive: true, force: true })
}
