// Finds a Chromium for the browser tests; on Debian as root it installs one.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = [
  process.env.CHROMIUM_PATH,
  // Debian's Chromium without a window: it draws no more than the tests need, in two thirds of the time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
]

export const findChromium = () => places.find((path) => path && existsSync(path)) ?? null

/** The browser, or one line on what is missing. */
export function ensureChromium() {
  const found = findChromium()
  if (found) return { path: found }
  const isRoot = process.getuid?.() === 0
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    return { why: 'no Chromium found; install it, or set CHROMIUM_PATH to its program' }
  }
  if (!isRoot) return { why: 'no Chromium found; `apt-get install chromium` needs root (or set CHROMIUM_PATH)' }
  console.log('installing Chromium with apt-get…')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env, timeout: 300_000 })
  // An older Debian has no package of the shell alone.
  for (const name of ['chromium-headless-shell', 'chromium']) {
    const args = ['install', '-y', '-qq', '--no-install-recommends', name, 'fonts-dejavu-core']
    spawnSync('apt-get', args, { stdio: 'ignore', env, timeout: 900_000 })
    const path = findChromium()
    if (path) return { path }
  }
  return { why: 'no Chromium found, and `apt-get install chromium` failed' }
}

/** As root it has no sandbox to start with; in a container shared memory may be small. */
export const chromiumArgs = ['--no-sandbox', '--disable-dev-shm-usage']

/** That browser, without a window. */
export async function launchChromium() {
  const { path, why } = ensureChromium()
  if (!path) throw new Error(why)
  const { chromium } = await import('@playwright/test')
  return chromium.launch({ executablePath: path, args: chromiumArgs })
}
