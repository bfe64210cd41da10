// Lists of hundreds of thousands of items, in every place that adds one to another: no call gets them as its arguments, which would overflow the stack.
import { describe, expect, it } from 'vitest'
import { append, largest, smallest } from '../../src/contract/lists.ts'
import { extract } from '../../src/engine/hash/hash.ts'
import { renderTemplate } from '../../src/engine/jinja/render.ts'
import { createWorld } from '../../src/engine/world/create.ts'
import { mergeRows } from '../../src/host/world/world-store.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { isLong } from './scale.ts'

const { open } = hosting()
const many = 200_000
const list = <T>(item: (i: number) => T): T[] => Array.from({ length: many }, (_, i) => item(i))

describe('lists of any length', () => {
  it('are added and compared', () => {
    const found = [1]
    append(
      found,
      list((i) => i)
    )
    expect([found.length, largest(found, 0), smallest(found), largest([Number.NaN], 0)]).toEqual([
      many + 1,
      many - 1,
      0,
      0
    ])
  })

  it.runIf(isLong)('are rows of an import', async () => {
    const host = await open()
    const text = JSON.stringify(list((i) => ({ Tag: { id: String(i + 1), name: `t${i}` } })))
    expect(await ask(host, 'takeover.import', { name: 'tags.json', text })).toMatchObject([{ count: many }])
  })

  it('are rows of a world, whatever their ids', () => {
    expect(
      mergeRows(
        list((i) => ({ id: String(i) })),
        [{ name: 'new' }]
      ).at(-1)
    ).toEqual({ id: String(many), name: 'new' })
    const events = list((i) => ({ Event: { id: i === 7 ? 'seven' : String(i) } }))
    expect(createWorld({ events }).insertEvent({ info: 'new' })).toBe(String(many))
  })

  it('are members of a class of a pattern', () => {
    expect(extract({ a: [{ b: 'x' }] }, `a.{n}[b=/[\\Q${'a'.repeat(many)}x\\E]/]`)).toEqual([{ b: 'x' }])
  })

  it('are bytes of a template', () => {
    const given = `{% set a = ('a' * ${many}).encode() %}{{ (a ~ '')|length }} {{ 'b'.encode() in a }}`
    expect(renderTemplate(given, {})).toMatchObject({ output: `${many + 3} False` })
  })
})
