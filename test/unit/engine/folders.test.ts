// Each folder of the engine opens with what it is and what it may import; the layers' check enforces the same.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'

interface Rule {
  readonly name: string
  readonly to: { readonly pathNot?: string }
}
const require = createRequire(import.meta.url)
const { forbidden } = require('../../../.dependency-cruiser.cjs') as { forbidden: readonly Rule[] }
const engine = new URL('../../../src/engine/', import.meta.url)
const folders = readdirSync(engine, { withFileTypes: true }).filter((entry) => entry.isDirectory())

/** Folders that the rule of a folder lets it import, itself left out. */
const allowed = (folder: string): readonly string[] =>
  (/\(([^)]*)\)/.exec(forbidden.find(({ name }) => name === `engine-${folder}`)?.to.pathNot ?? '')?.[1] ?? '')
    .split('|')
    .filter((name) => name !== folder)

describe('a folder of the engine', () => {
  it.each(folders.map(({ name }) => name))('%s says what it may import', (name) => {
    const readme = new URL(`${name}/README.md`, engine)
    expect(existsSync(readme)).toBe(true)
    const said = /^May import: (.*)\.$/m.exec(readFileSync(readme, 'utf8'))?.[1]
    expect(said).toBe(allowed(name).join(', ') || 'nothing of the engine')
  })
})
