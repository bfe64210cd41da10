// What npm installs of the package: only what it needs at run time, in the tested versions, on every Node that it says it runs on.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
// @ts-expect-error a script, without types
import * as script from '../../../scripts/package-npm.mjs'

interface Installed {
  readonly version: string
  readonly integrity?: string
  readonly engines?: { readonly node?: string }
}

const { manifest, shrinkwrap } = script as {
  readonly manifest: Readonly<Record<string, unknown>>
  readonly shrinkwrap: () => { readonly packages: Readonly<Record<string, Installed>> }
}
const own = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../package.json', import.meta.url)), 'utf8')
) as Readonly<Record<string, Readonly<Record<string, string>>>>

const numbers = (version: string): readonly number[] => version.split('.').map(Number)

/** Whether a version is at least another one. */
function isAtLeast(version: readonly number[], other: readonly number[]): boolean {
  const at = [0, 1, 2].find((i) => (version[i] ?? 0) !== (other[i] ?? 0))
  return at === undefined || (version[at] ?? 0) > (other[at] ?? 0)
}

/** Ranges as packages write them: `>=20`, `^20.19.0`, `20 || >=22`. */
function allows(range: string, node: string): boolean {
  return range.split('||').some((part) => {
    const [, sign, version] = /^(>=|\^|)\s*v?(\d+(?:\.\d+)*)(?:\.x)?$/.exec(part.trim()) ?? []
    if (version === undefined) throw new Error(`a range that is not read here: ${part}`)
    const wanted = numbers(version)
    const has = numbers(node)
    return isAtLeast(has, wanted) && (sign === '>=' || has[0] === wanted[0])
  })
}

describe('the npm package', () => {
  it('has neither packages of developers nor a lock against publishing, and needs what the project needs', () => {
    expect(manifest).toMatchObject({ name: 'misp-retrace', bin: { retrace: expect.any(String) } })
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['private']))
    expect(manifest['devDependencies']).toBeUndefined()
    expect(manifest['dependencies']).toEqual(own['dependencies'])
  })

  it('pins whatever it installs, and none of it needs a newer Node than it says itself', () => {
    const least = /^>=(\d+\.\d+)$/.exec(own['engines']!['node']!)![1]!
    const { '': _self, ...others } = shrinkwrap().packages
    expect(Object.keys(others).length).toBeGreaterThan(20)
    for (const [name, { version, integrity, engines }] of Object.entries(others)) {
      expect([name, version, integrity]).toEqual([name, expect.any(String), expect.stringMatching(/^sha512-/)])
      for (const node of [`${least}.0`, '22.12.0', '24.0.0', '26.0.0'])
        expect([name, engines?.node, node, allows(engines?.node ?? '>=0', node)]).toEqual([
          name,
          engines?.node,
          node,
          true
        ])
    }
  })
})
