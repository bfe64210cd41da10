import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { changesBetween } from '../../../../src/host/worker/values/changes.ts'
import { explainerOf } from '../../../../src/host/worker/values/explain-node.ts'

const attribute = (id: number, type: string) => ({ id: String(id), type, value: `v${id}` })
const all = [attribute(1, 'domain'), attribute(2, 'ip-dst'), attribute(3, 'domain'), attribute(4, 'url')]
const domains = all.filter(({ type }) => type === 'domain')
const filterA = { A: { selector: 'Event._AttributeFlattened.{n}', path: 'type', operator: 'equals', value: 'domain' } }
const roaming = (attributes: Json, enabledFilters: Json): Json => ({
  Event: { id: '1', Attribute: all, _AttributeFlattened: attributes },
  enabledFilters
})

describe('the changes of a node that sets or removes a filter', () => {
  const texts = (before: Json, after: Json, posts: boolean) => changesBetween(before, after, 100, { posts })

  it('are no removed attributes in posts, which show the data through the filter', () => {
    const { words, total } = texts(roaming(all, []), roaming(domains, filterA), true)
    expect(words.map(({ op, text }) => `${op}: ${text}`)).toEqual(['added: filter A set: 2 of 4 attributes pass'])
    expect(total).toBe(1)
    const back = texts(roaming(domains, filterA), roaming(all, []), true)
    expect(back.words.map(({ text }) => text)).toEqual(['filter A removed: 4 attributes in sight again, 2 before'])
  })

  it('are counted in the whole data of a local run, too', () => {
    const { words } = texts(roaming(all, []), roaming(all, filterA), false)
    expect(words.map(({ text }) => text)).toEqual(['filter A set: 2 of 4 attributes pass'])
  })

  it('keep what really changed beside it, and what a second filter takes away for good', () => {
    const edited = [{ ...domains[0]!, value: 'new' }, domains[1]!]
    const { words } = texts(roaming(all, []), roaming(edited, filterA), true)
    expect(words.map(({ text }) => text).slice(1)).toEqual([expect.stringContaining('value: v1 → new')])
    const stored = texts(
      roaming(all, filterA),
      roaming(domains, { ...filterA, B: { ...filterA.A, value: 'url' } }),
      false
    )
    expect(stored.words.map(({ text }) => text)).toEqual([
      'filter B set: 0 of 2 attributes pass',
      expect.stringMatching(/^2 flattened attributes removed from/)
    ])
  })

  it('survive filters that are none', () => {
    for (const bad of ['x', 5, { A: null }, { A: { selector: 7 } }, { A: { selector: 'Event.{s}.{n}' } }] as Json[])
      expect(texts(roaming(all, []), roaming(all, bad), true).total).toBeGreaterThan(0)
  })
})

describe('the sentence on a node of a run', () => {
  const node = (id: number, moduleId: string, filters: Json) => ({
    id,
    data: { id: moduleId, module_type: 'action', indexed_params: {}, saved_filters: filters },
    inputs: {},
    outputs: {}
  })
  const none = { selector: '', path: '', operator: '', value: '' }
  const own = { selector: 'Event._AttributeFlattened.{n}', path: 'type', operator: 'equals', value: 'url' }
  const workflow: Json = {
    name: 'w',
    data: { 2: node(2, 'attribute_ids_flag_operation', none), 3: node(3, 'attribute_ids_flag_operation', own) }
  }
  const said = (nodeId: number, before: Json, view: Json) =>
    explainerOf(workflow)('2.5.1', {
      ...{ nodeId, moduleId: 'attribute_ids_flag_operation', moduleType: 'action', result: 'success', success: true },
      ...{ errors: [], before, after: before, view, params: {} }
    } as never)?.text

  it('says all attributes only where no filter narrows them', () => {
    const whole = roaming(all, [])
    expect(said(2, whole, whole)).toContain('all attributes')
    expect(said(2, roaming(all, filterA), roaming(domains, filterA))).toContain('of 2 of 4 attributes (filter A)')
    expect(said(2, roaming(domains, filterA), roaming(domains, filterA))).toContain('flag of 2 attributes (filter A),')
    expect(said(3, whole, whole)).toContain('the items of `Event._AttributeFlattened.{n}` where `type` equals `url`')
    expect(said(3, roaming(all, filterA), roaming(domains, filterA))).toContain(
      '`url` in what is seen there, 2 of 4 attributes (filter A),'
    )
  })
})
