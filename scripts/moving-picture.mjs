// Makes docs/retrace.webp, the moving picture of the README, from the app itself: `node scripts/moving-picture.mjs`.
// A publish that a workflow blocked: opened, asked why, what it would have sent, and its event to be run again.
import { join } from 'node:path'
import sharp from 'sharp'
import { startApp } from './app.mjs'
import { launchChromium } from './browser.mjs'
import { root } from './lib.mjs'

const size = { width: 1280, height: 800 }
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

const app = await startApp()
const browser = await launchChromium()
try {
  const page = await browser.newPage({ viewport: size, colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(app.url)
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
  await app.close()
}
