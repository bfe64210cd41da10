import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerPage } from '../../../src/main/pages.ts'
import { buildMenu } from '../../../src/main/menu.ts'
import { readWindowState, saveWindowState } from '../../../src/main/window-state.ts'
import { temporaryFolders } from '../host/temporary.ts'

const folder = temporaryFolders()
const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]

describe('the window', () => {
  it('comes back where it was', async () => {
    const file = join(folder(), 'window.json')
    await saveWindowState(file, { x: 40, y: 30, width: 1000, height: 700 }, true)
    expect(readWindowState(file, screens)).toEqual({
      version: 1,
      bounds: { x: 40, y: 30, width: 1000, height: 700 },
      maximized: true
    })
  })

  it('is centred when its screen is gone, and has its first size when the file is broken', () => {
    const file = join(folder(), 'window.json')
    writeFileSync(file, JSON.stringify({ version: 1, bounds: { x: 4000, y: 30, width: 1000, height: 700 } }))
    expect(readWindowState(file, screens).bounds).toEqual({ width: 1000, height: 700 })
    writeFileSync(file, '{"version":1,"bounds":{"width":-1}}')
    expect(readWindowState(file, screens).bounds).toEqual({ width: 1280, height: 800 })
  })

  it('is served pages of its own folder only, with the policy', async () => {
    const root = folder()
    const page = join(root, 'page')
    writeFileSync(join(root, 'secret.js'), 'secret')
    const { mkdirSync } = await import('node:fs')
    mkdirSync(page)
    writeFileSync(join(page, 'index.html'), 'page')
    const answer = await answerPage(page, 'app://retrace/runs/1')
    expect([await answer.text(), answer.headers.get('content-security-policy')]).toEqual([
      'page',
      expect.stringContaining("script-src 'self'")
    ])
    expect((await answerPage(page, 'app://retrace/..%2fsecret.js')).status).toBe(404)
    expect((await answerPage(page, 'app://elsewhere/index.html')).status).toBe(404)
  })

  it('has a menu that says commands to the page', () => {
    const said: string[] = []
    const menu = buildMenu('linux', (name) => said.push(name))
    const items = menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    for (const item of items) (item.click as (() => void) | undefined)?.()
    expect(said).toContain('import')
    expect(said).toContain('palette')
  })
})
