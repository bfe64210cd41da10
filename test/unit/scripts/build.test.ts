// What is built: nothing in it asks for a package that is slow to read.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const built = join(import.meta.dirname, '../../../out/node')

it('brings zod along, so that no command and no thread reads its package', () => {
  const files = (readdirSync(built, { recursive: true }) as string[]).filter((name) => name.endsWith('.mjs'))
  expect(files).toContain('cli.mjs')
  const asking = files.filter((name) => /(?:from|import\(?) ?["']zod/.test(readFileSync(join(built, name), 'utf8')))
  expect(asking).toEqual([])
})
