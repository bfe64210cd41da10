import { afterEach, expect, it, vi } from 'vitest'
import { readWarninglists, WarninglistChecker } from '../../../../src/engine/world/warninglists.ts'
import { seeded } from '../../../attack/scale.ts'

const checkerOf = (lists: readonly (readonly string[])[], type: string): WarninglistChecker =>
  new WarninglistChecker(
    [
      ...readWarninglists(
        lists.map((list) => ({ name: 'L', type, list: [...list], matching_attributes: ['url'] }))
      ).values()
    ],
    false
  )
const matchOf = (checker: WarninglistChecker, value: string): unknown =>
  (checker.check({ type: 'url', value, to_ids: true }).warnings as { readonly match: string }[] | undefined)?.[0]?.match

afterEach(() => void vi.restoreAllMocks())

/** Warninglist::__evalHostname, as it is written: every end of the host, the last label first. */
function slowly(entries: readonly string[], value: string): string | undefined {
  const names = new Set(entries.map((entry) => entry.replace(/^\.+|\.+$/g, '').toLowerCase()))
  const pieces = value.split('/')
  const host = value.includes('//') ? pieces[2] : pieces[0]
  if (host === undefined) return undefined
  let rebuilt = ''
  for (const label of host.replace(/\.+$/, '').split('.').reverse()) {
    rebuilt = rebuilt === '' || rebuilt === '0' ? label : `${label}.${rebuilt}`
    if (names.has(rebuilt)) return rebuilt
  }
  return undefined
}

it('finds the same names as every end of a host looked up by itself', () => {
  const seed = 20_261_128
  const random = seeded(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const name = (): string =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(['a', 'b', '0', '', 'A', 'ä', 'com'])).join('.')
  for (let round = 0; round < 300; round++) {
    const entries = Array.from({ length: Math.floor(random() * 6) }, name)
    const checker = checkerOf([entries], 'hostname')
    for (let i = 0; i < 20; i++) {
      const value = pick(['', 'http://', 'x//', '/'] as const) + name() + pick(['', '/', '/b', '.'])
      expect(matchOf(checker, value), `seed ${seed}: ${JSON.stringify([entries, value])}`).toBe(slowly(entries, value))
    }
  }
})

it('takes the host of a value apart once, however many lists it is looked up in', () => {
  const checker = checkerOf(
    Array.from({ length: 50 }, (_, i) => [`name${i}.org`]),
    'hostname'
  )
  matchOf(checker, 'https://first.example/')
  const split = vi.spyOn(String.prototype, 'split')
  matchOf(checker, 'https://www.name49.com/path')
  expect(split.mock.calls.length).toBeLessThan(3)
})

it('reads the characters of a value once, however many lists of substrings it is looked up in', () => {
  const checker = checkerOf(
    Array.from({ length: 50 }, (_, i) => [`part${i}.`, 'x']),
    'substring'
  )
  matchOf(checker, 'first')
  const value = 'https://www.part49.example/text'
  const read = vi.spyOn(String.prototype, 'charCodeAt')
  expect(matchOf(checker, value)).toBe('x')
  expect(read.mock.calls.length).toBeLessThan(2 * value.length)
})

it.each([
  ['cidr', (i: number) => `10.${i}.0.0/16`, '10.49.1.2', '10.49.0.0/16'],
  ['string', (i: number) => `text ${i}`, 'text 49', 'text 49'],
  ['regex', (i: number) => `/(a|text) ${i}$/`, 'text 49', '/(a|text) 49$/']
])('reads a value once, however many lists it is looked up in: %s', (type, entry, value, match) => {
  const checker = checkerOf(
    Array.from({ length: 50 }, (_, i) => [entry(i)]),
    type
  )
  matchOf(checker, 'first')
  const read = vi.spyOn(String.prototype, 'charCodeAt')
  expect(matchOf(checker, value)).toBe(match)
  expect(read.mock.calls.length).toBeLessThan(2 * value.length)
})

/** CidrTool::contains of IPv4 addresses: each prefix length of the list, the shortest first, as a text that is in the list or not. */
function containing(entries: readonly string[], address: string): string | undefined {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  for (let bits = 0; bits <= 32; bits++) {
    const network = number - (number % 2 ** (32 - bits))
    const parts = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256)
    const text = `${parts.join('.')}/${bits}`
    if (entries.includes(text)) return text
  }
  return undefined
}

it('finds the same networks as every prefix length tried by itself', () => {
  const seed = 20_261_130
  const random = seeded(seed)
  const below = (most: number): number => Math.floor(random() * most)
  const address = (): string => `${[0, 10, 127, 128, 255][below(5)]}.${below(3)}.${below(2) * 255}.${below(4) * 85}`
  for (let round = 0; round < 300; round++) {
    const entries = Array.from({ length: below(12) }, () => `${address()}/${below(33)}`)
    const checker = checkerOf([entries], 'cidr')
    for (const value of [...Array.from({ length: 20 }, address), ...entries.map((entry) => entry.split('/')[0]!)])
      expect(matchOf(checker, value), `seed ${seed}: ${JSON.stringify([entries, value])}`).toBe(
        containing(entries, value)
      )
  }
})

it('makes no text for the names of a list to find them', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `.Host${i}.example.org`)
  const checker = checkerOf([names], 'hostname')
  const lower = vi.spyOn(String.prototype, 'toLowerCase')
  expect(matchOf(checker, 'x.host4999.example.org')).toBe('host4999.example.org')
  expect(lower.mock.calls.length).toBeLessThan(500)
})

it('finds the first entry of a list that a text has', () => {
  const seed = 20_261_129
  const random = seeded(seed)
  const text = (most: number): string =>
    Array.from({ length: Math.floor(random() * most) }, () => 'ab.'[Math.floor(random() * 3)]).join('')
  for (let round = 0; round < 500; round++) {
    const entries = Array.from({ length: 4 }, () => text(6)).filter((entry) => entry !== '')
    const value = text(12)
    const found = entries.find((entry) => value.includes(entry))
    expect(matchOf(checkerOf([entries], 'substring'), value), `seed ${seed}: ${value}`).toBe(found)
  }
})

it('reads a list of names without an object for each', () => {
  const checker = checkerOf([Array.from({ length: 5000 }, (_, i) => `a.host${i}.example.org`)], 'hostname')
  const set = vi.spyOn(Map.prototype, 'set')
  expect(matchOf(checker, 'x.a.host4999.example.org')).toBe('a.host4999.example.org')
  expect(set.mock.calls.length).toBeLessThan(100)
})

it('cuts out of a text only what an entry may begin with', () => {
  const checker = checkerOf([['part1.cdn.', 'part2.cdn.']], 'substring')
  const text = `${'0123456789'.repeat(50)}part2.cdn.`
  matchOf(checker, 'x')
  const slice = vi.spyOn(String.prototype, 'slice')
  expect(matchOf(checker, text)).toBe('part2.cdn.')
  expect(slice.mock.calls.length).toBeLessThan(20)
})

/** The mixing of src/engine/world/text-table.ts, of which an attacker knows everything. */
const mixed = (name: string): number => {
  let hash = 0x2f6b9a31
  for (let i = name.length - 1; i >= 0; i--) {
    const step = Math.imul(hash ^ name.charCodeAt(i), 0x5bd1e995)
    hash = step ^ (step >>> 15)
  }
  return hash
}

it('looks at few names also where many fall together on purpose', () => {
  const together: string[] = []
  for (let i = 0; together.length < 300; i++) if ((mixed(`n${i}`) & 1023) === 7) together.push(`n${i}`)
  const checker = checkerOf([together], 'hostname')
  for (const name of together) expect(matchOf(checker, `x.${name}`)).toBe(name)
  expect(matchOf(checker, 'n.elsewhere')).toBe(undefined)
})
