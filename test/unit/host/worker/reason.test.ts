import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { StepReason } from '../../../../src/contract/run-views.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import { changesBetween } from '../../../../src/host/worker/values/changes.ts'
import { reasonOf } from '../../../../src/host/worker/values/reason.ts'
import { runAll, workflow } from '../../engine/run/builders.ts'

function why(moduleId: string, params: JsonMap, data: JsonMap, filters?: JsonMap): StepReason | null {
  const made = workflow([{ id: moduleId, params, to: [[], []] }])
  const node = (made['data'] as JsonMap)['2'] as JsonMap
  if (filters) Object.assign(node['data'] as object, { saved_filters: filters })
  const fold = new RunFold()
  for (const event of runAll({ workflow: made, data })) fold.apply(event)
  return reasonOf({ fold, workflow: made }, 1)
}

const attribute = (id: number, ...tags: string[]): Json => ({
  ...{
    id: String(id),
    uuid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    type: 'ip-dst',
    value: `198.51.100.${id}`
  },
  ...{ object_id: '0', to_ids: true, Tag: tags.map((name) => ({ name })) }
})
const event = (attributes: readonly Json[]): JsonMap => ({
  Event: {
    id: '7',
    info: 'Mail',
    uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1b',
    Tag: [],
    Attribute: attributes,
    Object: []
  }
})

describe('why', () => {
  it('names what decided first and whole, and counts the rest, among 20,000 attributes', () => {
    const attributes = Array.from({ length: 20_000 }, (_, i) => attribute(i, ...(i > 19_900 ? ['tlp:red'] : ['x'])))
    const said = why(
      'tag-if',
      { scope: 'attribute', condition: 'in_or', tags: ['tlp:red', 'tlp:amber'] },
      event(attributes)
    )
    expect(said?.verdict).toBe('true')
    expect(said?.text).toMatch(
      /^True: `tlp:red` on attribute `ip-dst 198\.51\.100\.19901`, .* and 96 more are each one of the 2 tags chosen; `[^`]*` finds 20,000 values \(any of\)\.$/
    )
    expect(said?.text.length).toBeLessThan(400)
    const [first] = said?.claims.filter(({ kind }) => kind === 'value') ?? []
    expect(first).toMatchObject({ path: ['Event', '_AttributeFlattened', 19_901, 'Tag', 0, 'name'], value: 'tlp:red' })
  })

  it('reads a parameter that is not saved as its default', () => {
    const said = why('tag-if', { tags: ['tlp:red'] }, event([attribute(1, 'tlp:red')]))
    expect(said?.text).toMatch(/^False: `Event\.Tag\.\{n\}\.name` finds nothing.* \(any of\)\.$/)
  })

  it('says what the own filter of an action left it', () => {
    const filters = { selector: 'Event._AttributeFlattened.{n}', path: 'type', operator: 'equals', value: 'url' }
    const said = why('attribute_ids_flag_operation', {}, event([attribute(1), attribute(2)]), filters)
    expect(said?.text).toBe(
      'No item is left by its own filter, so nothing was saved; MISP counts that as failed (`partial-success`). Its own filter: None of 2 items passes.'
    )
  })
})

describe('changes beyond those that are shown', () => {
  it('are counted', () => {
    const attributes = Array.from({ length: 20_000 }, (_, i) => attribute(i))
    const off = attributes.map((one) => ({ ...(one as JsonMap), to_ids: false }))
    const { words, changes, total } = changesBetween(event(attributes), event(off), 100)
    expect(words.map(({ text }) => text)).toEqual(['to_ids: true → false on 20,000 attributes'])
    expect([changes.length, total]).toEqual([100, 20_000])
  })
})
