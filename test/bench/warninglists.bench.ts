// 100,000 attributes against warninglists: every match type, a generated list of 1,000,000 names among them. Prints seconds, and the time
// of reading the attributes alone (as JSON) as a baseline.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonMap } from '../../src/contract/json.ts'
import { readWarninglists, WarninglistChecker } from '../../src/engine/world/warninglists.ts'

const quick = process.argv.includes('--quick')
const attributes = quick ? 10_000 : 100_000
const names = quick ? 100_000 : 1_000_000
const folder = process.env['RETRACE_WARNINGLISTS'] ?? join(process.cwd(), '..', 'shared', 'data', 'warninglists')

/** The same numbers every time. */
let seed = 42
const random = (below: number): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed % below
}

const official = existsSync(folder)
  ? readdirSync(folder)
      .map((name) => join(folder, name, 'list.json'))
      .filter((file) => existsSync(file))
      .map((file) => JSON.parse(readFileSync(file, 'utf8')) as JsonMap)
  : []
const all = ['ip-src', 'ip-dst', 'domain', 'hostname', 'url', 'md5', 'email-src', 'domain|ip']
const own: JsonMap[] = [
  {
    name: 'a million names',
    type: 'hostname',
    list: Array.from({ length: names }, (_, i) => `host${i}.example${i % 997}.org`)
  },
  {
    name: 'strings',
    type: 'string',
    list: Array.from({ length: 50_000 }, (_, i) => `d41d8cd98f00b204e9800998ecf8${i}`)
  },
  { name: 'networks', type: 'cidr', list: Array.from({ length: 20_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`) },
  { name: 'parts', type: 'substring', list: Array.from({ length: 2_000 }, (_, i) => `part${i}.cdn.`) },
  { name: 'patterns', type: 'regex', list: ['/^https?:\\/\\/(www\\.)?example\\.(org|com)\\//i', '/\\.local$/'] }
].map((list): JsonMap => ({ ...list, enabled: true, matching_attributes: all, version: 1, description: '' }))

const values: readonly (() => readonly [string, string])[] = [
  () => ['ip-dst', `${random(224)}.${random(256)}.${random(256)}.${random(256)}`],
  () => ['domain', `host${random(names * 2)}.example${random(997)}.org`],
  () => ['hostname', `a.b.host${random(names * 2)}.example${random(997)}.org`],
  () => ['url', `https://www.example${random(50)}.org/path/${random(1e6)}`],
  () => ['md5', `d41d8cd98f00b204e9800998ecf8${random(100_000)}`],
  () => ['domain|ip', `host${random(names)}.example.org|10.${random(256)}.${random(256)}.1`]
]
const rows = Array.from({ length: attributes }, (_, i): JsonMap => {
  const [type, value] = (values[i % values.length] as (typeof values)[number])()
  return { id: String(i), type, value, to_ids: true }
})

const seconds = (work: () => unknown): number => {
  const startedAt = performance.now()
  work()
  return (performance.now() - startedAt) / 1000
}

const baseline = seconds(() => JSON.parse(JSON.stringify(rows)))
const lists = [...official, ...own]
const entries = lists.reduce((sum, list) => sum + (list['list'] as readonly unknown[]).length, 0)
const checker = new WarninglistChecker([...readWarninglists(lists).values()], false)
let hits = 0
const check = (): void => {
  hits = 0
  for (const row of rows) if (checker.check(row) !== row) hits++
}
const first = seconds(check)
const again = seconds(check)
console.log(`${rows.length} attributes, ${lists.length} lists (${official.length} official), ${entries} entries`)
console.log(
  `first check ${first.toFixed(2)} s (indexes built), again ${again.toFixed(2)} s, ${hits} attributes on a list`
)
console.log(
  `baseline (the attributes as JSON and back) ${baseline.toFixed(2)} s: first ${(first / baseline).toFixed(1)} of it, again ${(again / baseline).toFixed(1)}`
)
