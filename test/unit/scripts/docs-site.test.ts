// What looks for dead links in the documentation's site; the site itself: test/e2e/docs.spec.ts.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
// @ts-expect-error a script of the build, without types
import { problemsOf } from '../../../scripts/docs-links.mjs'
import { temporaryFolders } from '../host/temporary.ts'

interface Checked {
  readonly pages: number
  readonly links: number
  readonly problems: readonly string[]
}
const check = problemsOf as (folder: string, base?: string) => Checked
const folder = temporaryFolders()

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
