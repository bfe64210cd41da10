// Keys of the app's commands: `g l` and the like are typed one after the other, so that nothing may happen at the first.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../../../src/renderer/', import.meta.url))

it('no command takes the key that begins another one', () => {
  const keys = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\bkeys: '([^']+)'/g)])
    .map(([, stroke]) => stroke as string)
  const firsts = new Set(keys.filter((stroke) => / ./.test(stroke)).map((stroke) => stroke.split(' ')[0]))
  expect(firsts).toContain('g')
  expect(keys.filter((stroke) => firsts.has(stroke))).toEqual([])
})
