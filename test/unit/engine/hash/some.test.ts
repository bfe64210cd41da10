import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { extract } from '../../../../src/engine/hash/hash.ts'
import { compileSome } from '../../../../src/engine/hash/some.ts'
import { EMPTY_OBJECT, values } from '../../../../src/engine/php/values.ts'
import type { PhpArray } from '../../../../src/engine/php/values.ts'

const data: readonly PhpArray[] = [
  [],
  ['a', { b: 'c' }, null, 5],
  { a: 'x', b: ['x', 'y'], c: { d: null, 0: 'zero', '01': 'one' }, e: EMPTY_OBJECT, constructor: 'own' },
  { Tag: [{ name: 'tlp:red' }, { name: 'tlp:amber', local: false }, 'odd'], Event: { info: '', Tag: [] } },
  { 0: { n: 1 }, 2: { n: 2 }, x: { n: 3 } },
  { 1: { n: 1 }, 4: { n: [{ n: 2 }] }, 9: 'text' },
  { 1: { n: 1 }, x: { n: 0 }, 4294967295: { n: 3 } }
]
const paths =
  'a b c 1 2 01 Tag.{n}.name {n} {s} {*} {n}.n {*}.n {s}.{n} b.{n} b.0 b.{*} Tag.0.name Tag.name c.d constructor toString Event.info {n}.b.{n} e.{n} a.{n} Tag.{n}.{n} missing.{n}.x'
const seen = (array: PhpArray, path: string): { readonly all: Json[]; readonly found: boolean | undefined } => {
  const all: Json[] = []
  const some = compileSome(path, (value) => {
    all.push(value)
    return false
  })
  return { all, found: some?.(array) }
}

describe('asking whether some extracted value passes', () => {
  it.each(paths.split(' '))('sees what extract finds at %s, in the same order', (path) => {
    for (const array of data) {
      const { all, found } = seen(array, path)
      expect(all).toEqual(values(extract(array, path)))
      expect(found).toBe(false)
    }
  })
  it('stops at the first value that passes', () => {
    const asked: Json[] = []
    const some = compileSome('{n}', (value) => asked.push(value) > 0 && value === 2)
    expect(some?.([1, 2, 3])).toBe(true)
    expect(asked).toEqual([1, 2])
  })
  it('leaves conditions and empty paths to extract', () => {
    for (const path of ['', '0', '{n}[a=1]', 'a[b]']) expect(compileSome(path, () => true)).toBeNull()
  })
})
