// The documentation's site: built without a warning, with links that lead to pages and places that exist.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
// @ts-expect-error a script of the build, without types
import { problemsOf } from '../../../scripts/docs-links.mjs'
import { isLong } from '../../attack/scale.ts'
import { temporaryFolders } from '../host/temporary.ts'

interface Checked {
  readonly pages: number
  readonly links: number
  readonly problems: readonly string[]
}
const check = problemsOf as (folder: string, base?: string) => Checked
const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = temporaryFolders()

it.runIf(isLong)(
  'is built without a warning or a dead link, and loads nothing from elsewhere',
  { timeout: 240_000 },
  async () => {
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve) => {
      const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
      execFile(process.execPath, ['scripts/docs.mjs', '--as-is'], { cwd: root, env }, (error, out, err) =>
        resolve({ status: error ? 1 : 0, text: out + err })
      )
    })
    expect(text).toMatch(/docs: \d+ pages, \d{3,} links, 0 problems/)
    expect(text).not.toMatch(/warn|deprecat|error /i)
    expect(status).toBe(0)
    const assets = join(root, 'out', 'docs', 'assets')
    const scripts = readdirSync(assets, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:js|css)$/.test(name)
    )
    const outside = scripts.filter((name) =>
      /googletagmanager|google-analytics|fonts\.g|algolia\.net|url\(["']?https?:/.test(
        readFileSync(join(assets, name), 'utf8')
      )
    )
    expect(outside).toEqual([])
  }
)

it('says which link leads nowhere, which place is missing and what comes from elsewhere', () => {
  const site = folder()
  mkdirSync(join(site, 'modules'))
  const put = (name: string, html: string): void => writeFileSync(join(site, name), html)
  put(
    'index.html',
    '<a href="/modules/a.html#there">a</a> <a href="modules/a.html#gone">b</a> <a href="/none.html">c</a>'
  )
  put('modules/a.html', '<h1 id="there">A</h1> <a href="../index.html">up</a> <script src="https://cdn.example/x.js">')
  expect(check(site)).toEqual({
    pages: 2,
    links: 4,
    problems: [
      'index.html: modules/a.html#gone: that page has no such place',
      'index.html: /none.html leads nowhere',
      'modules/a.html: loads https://cdn.example/x.js from elsewhere'
    ]
  })
})
