// What the README and the page of the start show is what a person gets who types it: in the checkout, and where only the npm package is installed.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, isShown } from '../../scripts/docs/console-blocks.ts'
import { timeless } from '../../scripts/docs/timeless.ts'
// @ts-expect-error a script, without types
import * as script from '../../scripts/package-npm.mjs'

const { packageNpm } = script as { readonly packageNpm: () => Promise<string> }
const root = fileURLToPath(new URL('../../', import.meta.url))

/** npm and npx run under the Node of this test, which need not be the one that is found first. */
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  RETRACE_USER_FOLDER: join(root, 'out', 'package-test'),
  npm_config_update_notifier: 'false'
}

/** Both outputs together, as a terminal shows them. */
const typed = (command: string, cwd: string): Promise<string> =>
  new Promise((resolve) => {
    execFile('sh', ['-c', `{ ${command}; } 2>&1`], { cwd, env }, (_error, out) => resolve(timeless(out).trimEnd()))
  })

const pages = ['README.md', 'docs/start.md']
const shown = pages.flatMap((page) =>
  blocksOf(readFileSync(join(root, page), 'utf8')).map((block) => [page, block.command, block.shown] as const)
)

describe('the README', () => {
  it('begins with the two commands that set up a fresh machine', () => {
    const indented = readFileSync(join(root, 'README.md'), 'utf8').match(/^ {4}\S.*$/gm)
    expect(indented?.slice(0, 2)).toEqual(['    npm ci && npm start', '    npm ci && npm test'])
  })

  it('is short, shows the app moving in a few hundred kilobytes, and asks for no other retrace', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8')
    expect(text.split('\n').length).toBeLessThan(130)
    const [, picture = ''] = /!\[.+\]\((docs\/.+\.webp)\)/.exec(text) ?? []
    const bytes = readFileSync(join(root, picture))
    expect(bytes.length).toBeLessThan(600 * 1024)
    expect(bytes.toString('latin1').split('ANMF').length - 1).toBeGreaterThan(3)
    expect(text).not.toMatch(/npx retrace/)
  })

  it('has commands that are tried below', () => {
    expect(shown.length).toBeGreaterThan(8)
  })
})

// The README's lines are those of a POSIX shell.
const isWindows = process.platform === 'win32'

describe.skipIf(isWindows)('in a checkout, as it is written', { timeout: 60_000 }, () => {
  it.each(shown)('%s: %s', async (_page, command, text) => {
    const printed = await typed(command, root)
    expect(isShown(text, printed), printed).toBe(true)
  })
})

describe.skipIf(isWindows)('in an empty folder with the npm package, as it is written', { timeout: 60_000 }, () => {
  const empty = mkdtempSync(join(tmpdir(), 'retrace-installed-'))
  afterAll(() => rmSync(empty, { recursive: true, force: true }))
  let installing: string
  beforeAll(async () => {
    const tarball = await packageNpm()
    installing = await typed(`npm install --no-audit --no-fund --prefer-offline '${tarball}'`, empty)
  }, 300_000)

  it('is installed without a warning about the version of Node', () => {
    expect(installing).toContain('added ')
    expect(installing).not.toContain('EBADENGINE')
  })

  it.each(shown)('%s: %s', async (_page, command, text) => {
    const printed = await typed(command, empty)
    expect(isShown(text, printed), printed).toBe(true)
  })
})
