import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { convert, type Scope } from '../../src/engine/format/workflow-format.ts'
import { codeOf } from '../../src/engine/modules/implementations.ts'
import { normaliseValue } from '../../src/engine/php/decode.ts'
import type { PhpThrow } from '../../src/engine/php/exceptions.ts'
import { createWorld } from '../../src/engine/world/create.ts'
import { asMap } from '../../src/engine/php/values.ts'
import { profiles } from '../../src/engine/profiles/profiles.ts'
import type { WorldData } from '../../src/engine/world/world.ts'

interface Case {
  readonly id: string
  readonly via: string
  readonly trigger?: string
  readonly scope?: Scope
  readonly input: Json
  readonly expected?: Json
  readonly error?: string
}
const file = new URL('./fixtures/normalize.json', import.meta.url)
const { world, cases } = JSON.parse(readFileSync(file, 'utf8')) as { world: WorldData; cases: Case[] }

function normalize(c: Case): Json {
  const input = normaliseValue(c.input)
  const handle = createWorld(world)
  if (c.via === 'trigger') return codeOf('2.5.1').normalize(c.trigger ?? '', input, handle) as Json
  return convert(asMap(input), handle, profiles['2.5.1'], c.scope ?? '')
}

describe('core format, as MISP 2.5.1 makes it of what its triggers receive', () => {
  it.each(cases.map((c) => [c.id, c] as const))('%s', (_id, c) => {
    const before = JSON.stringify(c.input)
    if (c.error) expect(() => normalize(c)).toThrow(expect.objectContaining({ phpClass: c.error }) as PhpThrow)
    else expect(normalize(c)).toEqual(c.expected)
    expect(JSON.stringify(c.input)).toBe(before)
  })

  it('keeps the order of keys that PHP gives', () => {
    const ordered = cases.filter((c) => c.expected !== undefined)
    for (const c of ordered) expect(JSON.stringify(normalize(c))).toBe(JSON.stringify(c.expected))
  })

  it('shares what it does not change with its input', () => {
    const attribute: JsonMap = { id: '1', type: 'text', value: 'x', Galaxy: [{ id: '1' }], ShadowAttribute: [] }
    const out = convert({ Event: { id: '9', Attribute: [attribute] } }, createWorld({}), profiles['2.5.1'])
    const [converted] = (out.Event as JsonMap).Attribute as JsonMap[]
    expect(converted?.Galaxy).toBe(attribute.Galaxy)
  })

  it('takes keys that JavaScript treats specially for ordinary ones', () => {
    const event = JSON.parse(
      '{"Event":{"__proto__":{"a":1},"Attribute":[{"id":"1","__proto__":"x","value1":"y"}]}}'
    ) as JsonMap
    const out = JSON.stringify(convert(event, createWorld({}), profiles['2.5.1']))
    expect(out).toContain('"__proto__":{"a":1}')
    expect(out).toContain('"__proto__":"x"')
    expect(out).not.toContain('value1')
  })
})
