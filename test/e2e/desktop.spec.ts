// The same in Electron, where its program is installed and there is a display.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, expect, test } from '@playwright/test'

const root = fileURLToPath(new URL('../../', import.meta.url))
const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')
const name =
  { linux: 'electron', win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[
    process.platform as string
  ] ?? 'electron'
const program = join(dist, name)
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY)

test.skip(!existsSync(program) || !hasDisplay, 'Electron’s program or a display is missing')

test('opens the demo run in a window', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const app = await _electron.launch({
    executablePath: program,
    args: [...asRoot, `--user-data-dir=${join(folder, 'user')}`, root],
    env: { ...process.env, RETRACE_WORKSPACE: '' } as Record<string, string>
  })
  const page = await app.firstWindow()
  expect(page.url()).toMatch(/^app:\/\/retrace\//)
  const run = page.getByRole('row', { name: /Publishing was refused/ })
  await expect(run).toContainText('blocked')
  await run.dblclick()
  await expect(page.getByText('The event was not published.').first()).toBeVisible()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})
