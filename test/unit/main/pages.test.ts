// Our pages under their own scheme: what is below the folder, and nothing else, however the address is written.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerPage } from '../../../src/main/pages.ts'
import { temporaryFolders } from '../host/temporary.ts'

const folder = temporaryFolders()

function pages(): string {
  const root = folder()
  const page = join(root, 'page')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), 'page')
  writeFileSync(join(page, 'assets', 'app-1.js'), 'app')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  // What `..\secret.txt` names where the backslash is a letter.
  writeFileSync(join(page, '..\\secret.txt'), 'secret')
  return page
}

describe('app://retrace', () => {
  it('answers its files, and deep links with the page', async () => {
    const page = pages()
    for (const [address, body] of [
      ['app://retrace/', 'page'],
      ['app://retrace/index.html', 'page'],
      ['app://retrace/runs/2024-10_x?a=b.c#d', 'page'],
      ['app://retrace/data/My%20event%20%E2%82%AC', 'page'],
      ['app://retrace/assets/app-1.js', 'app'],
      ['app://retrace/%61ssets/app-1.js', 'app'],
      ['app://retrace/assets/../assets/app-1.js', 'app']
    ] as const) {
      const answer = await answerPage(page, address)
      expect([address, answer.status, await answer.text()]).toEqual([address, 200, body])
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })

  it.each([
    ...[
      '%',
      '%zz',
      '%c3',

      'index.html%00',
      '..%2fsecret.txt',
      '..%5csecret.txt',
      '..\\secret.txt',
      '%2e%2e%2fsecret.txt'
    ],
    ...[
      '%2e%2e/secret.txt',
      '/%2fetc/passwd.txt',
      '%2fetc/hosts.conf',
      'C:%5cWindows%5cwin.ini',
      'C:/Windows/win.ini',
      'assets%5c..%5c..%5csecret.txt'
    ],
    ...[
      'index.html::$DATA',
      'index.html.',
      '.hidden.js',
      '%5c%5chost%5cshare%5ca.txt',
      '..%252fsecret.txt',
      'a'.repeat(5000) + '.js',
      'assets/%2e%2e/%2e%2e/secret.txt'
    ]
  ])('answers 404 to %s', async (path) => {
    const answer = await answerPage(pages(), `app://retrace/${path}`)
    expect([answer.status, await answer.text()]).toEqual([404, 'not found'])
  })

  it.each([
    'app://retrace.example/',
    'app://retrace:1/',
    'file:///etc/passwd',
    'https://retrace/',
    'app:',
    'no address',
    ''
  ])('answers 404 to %s, which is none of its own', async (address) => {
    expect((await answerPage(pages(), address)).status).toBe(404)
  })
})
