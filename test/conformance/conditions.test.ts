import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/contract/json.ts'
import { normaliseValue } from '../../src/engine/php/decode.ts'
import type { PhpThrow } from '../../src/engine/php/exceptions.ts'
import { profiles } from '../../src/engine/profiles/profiles.ts'
import { evaluateCondition, extractData, getItemsMatchingCondition } from '../../src/engine/conditions/conditions.ts'

interface Case {
  readonly id: string
  readonly data: Json
  readonly items: Json
  readonly operator: Json
  readonly value: Json
  readonly path: Json
  readonly expected?: Json
  readonly error?: { readonly class: string; readonly message: string }
}
const file = new URL('./fixtures/conditions.json', import.meta.url)
const fixtures = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly Case[]>>

const functions: Readonly<Record<string, (c: Case) => Json>> = {
  evaluateCondition: (c) =>
    evaluateCondition(normaliseValue(c.data), c.operator, normaliseValue(c.value), profiles['2.5.1']),
  getItemsMatchingCondition: (c) =>
    getItemsMatchingCondition(normaliseValue(c.items), normaliseValue(c.value), c.operator, c.path, profiles['2.5.1']),
  extractData: (c) => extractData(normaliseValue(c.data), normaliseValue(c.path))
}

describe.each(Object.entries(functions))('%s, as MISP 2.5.1 answers', (name, run) => {
  it.each((fixtures[name] as readonly Case[]).map((c) => [c.id, c] as const))('%s', (_id, c) => {
    if (c.error) expect(() => run(c)).toThrow(expect.objectContaining({ phpClass: c.error.class }) as PhpThrow)
    else expect(run(c)).toEqual(c.expected)
  })
})
