import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/contract/json.ts'
import { combine } from '../../src/engine/hash/combine.ts'
import { check, extract, get, insert, remove } from '../../src/engine/hash/hash.ts'
import { normaliseValue } from '../../src/engine/php/decode.ts'
import type { PhpThrow } from '../../src/engine/php/exceptions.ts'

type Args = Readonly<Record<string, Json | undefined>>
interface Case {
  readonly id: string
  readonly method: string
  readonly args: Args & { readonly data: number }
  readonly expected?: Json
  readonly error?: { readonly class: string; readonly message: string }
}
const file = new URL('./fixtures/hash.json', import.meta.url)
const { datasets, cases } = JSON.parse(readFileSync(file, 'utf8')) as { datasets: Json[]; cases: Case[] }

const methods: Readonly<Record<string, (data: Json, args: Args) => Json>> = {
  get: (data, { path = null, default: fallback }) => get(data, path, fallback),
  extract: (data, { path = null }) => extract(data, path),
  check: (data, { path = null }) => check(data, path),
  insert: (data, { path = null, values }) => insert(data, path, values),
  remove: (data, { path = null }) => remove(data, path),
  combine: (data, { keyPath = null, valuePath, groupPath }) => combine(data, keyPath, valuePath, groupPath)
}
const normal = (value: Json | undefined): Json | undefined => (value === undefined ? undefined : normaliseValue(value))

describe('hash paths, as CakePHP 2 follows them', () => {
  it.each(cases.map((c) => [c.id, c] as const))('%s', (_id, { method, args, expected, error }) => {
    const data = normaliseValue(datasets[args.data] as Json)
    const before = JSON.stringify(data)
    const given = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, normal(value)]))
    const run = (): Json => (methods[method] as (data: Json, args: Args) => Json)(data, given)
    if (error)
      expect(run).toThrow(expect.objectContaining({ phpClass: error.class, message: error.message }) as PhpThrow)
    else expect(run()).toEqual(expected)
    expect(JSON.stringify(data)).toBe(before)
  })
})
