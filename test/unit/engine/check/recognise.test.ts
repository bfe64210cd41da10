import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import type { RawGraph } from '../../../../src/contract/workflow.ts'
import { recognise, traceOfVersion, tracesOf, tracesOfLists } from '../../../../src/engine/check/recognise.ts'

const node = (id: number, type: string, module: string, version?: string) => ({
  id,
  data: { id: module, module_type: type, ...(version === undefined ? {} : { module_version: version }) }
})
const graph = (...nodes: readonly ReturnType<typeof node>[]): RawGraph =>
  Object.fromEntries(nodes.map((one) => [String(one.id), one])) as unknown as RawGraph

const publish = node(1, 'trigger', 'event-publish', '0.1')
const of = (given: RawGraph, otherwise: Parameters<typeof recognise>[1] = '2.5.1') => {
  const { profile, isOther, traces } = recognise(tracesOf(given), otherwise)
  return { profile, isOther, said: traces.map(({ text }) => text) }
}

describe('recognise', () => {
  it('says nothing of what every version has', () => {
    expect(tracesOf(graph(publish, node(2, 'action', 'webhook')))).toEqual([])
    expect(of(graph(publish))).toEqual({ profile: '2.5.1', isOther: false, said: [] })
  })

  it('says once what several nodes say, whatever their ids look like', () => {
    const ids = { ...graph(publish), a: { ...node(2, 'logic', 'filter-tag'), id: 'a b' } }
    const given = { ...ids, c: { ...node(3, 'logic', 'filter-tag'), id: 'c d' } } as unknown as RawGraph
    expect(of(given).said).toEqual(['Node a b is filter-tag, which only MISP 2.5-newest and 2.5.19 have.'])
  })

  it('takes modules and triggers that only newer versions have for the newest that has them all', () => {
    expect(of(graph(node(1, 'trigger', 'adhoc_7'), node(2, 'logic', 'filter-tag', '0.3')))).toEqual({
      profile: '2.5-newest',
      isOther: true,
      said: [
        'Node 1 is adhoc_7, which only MISP 2.5-newest and 2.5.19 have.',
        'Node 2 is filter-tag, which only MISP 2.5-newest and 2.5.19 have.'
      ]
    })
    expect(of(graph(publish, node(2, 'action', 'run-workflow')), '2.5.19')).toMatchObject({
      profile: '2.5.19',
      isOther: false
    })
    expect(of(graph(publish, node(2, 'action', 'ai-extract-indicators')), '2.5.19').profile).toBe('2.5-newest')
  })

  it('takes the version that a node was saved with for a lower bound: updates leave it behind', () => {
    const newer = node(2, 'action', 'send-report-to-cti-info-extractor', '0.2')
    const older = node(2, 'action', 'webhook', '0.4')
    expect(of(graph(publish, node(2, 'action', 'webhook', '0.7')), '2.4.177').profile).toBe('2.5-newest')
    expect(of(graph(publish, newer), '2.5.19')).toMatchObject({ profile: '2.5-newest', isOther: true })
    expect(of(graph(publish, older))).toEqual({
      profile: '2.5.1',
      isOther: false,
      said: [
        'Node 2 was saved with version 0.4 of webhook, the one of MISP 2.4.177; MISP keeps that until somebody saves the workflow in its editor.'
      ]
    })
    expect(of(graph(publish, node(2, 'action', 'webhook', '9.9')))).toMatchObject({ isOther: false, said: [] })
  })

  it('names those that have it, or those that do not where they are fewer', () => {
    const said = (...nodes: readonly ReturnType<typeof node>[]) => tracesOf(graph(...nodes)).map(({ text }) => text)
    expect(said(node(2, 'action', 'ai-extract-indicators'))).toEqual([
      'Node 2 is ai-extract-indicators, which only MISP 2.5-newest has.'
    ])
    expect(said(node(2, 'logic', 'count-if'))).toEqual(['Node 2 is count-if, which MISP 2.4.177 does not have.'])
    expect(said(node(2, 'action', 'reload-full-event'))).toEqual([
      'Node 2 is reload-full-event, which MISP 2.4.198 and 2.4.177 do not have.'
    ])
    expect(said(node(2, 'action', 'stop-execution', '0.2'))).toEqual([
      'Node 2 was saved with version 0.2 of stop-execution; MISP 2.4.177 has an older one.'
    ])
  })

  it('says of MISP’s own lists what it has and what it does not have', () => {
    const row = (id: string, version: string): JsonMap => ({ id, version, module_type: 'logic' })
    const usual =
      'if concurrent-task distribution-if generic-filter-data generic-filter-reset organisation-if published-if'
    const rows = [...usual.split(' '), 'tag-if', 'threat-level-if'].map((id) => row(id, '0.2'))
    const said = tracesOfLists(rows).map(({ text }) => text)
    expect(said).toContain('This MISP has version 0.2 of distribution-if, the one of MISP 2.4.177.')
    expect(said).toContain('This MISP does not have filter-tag, which MISP 2.5-newest and 2.5.19 have.')
    expect(said).toContain('This MISP does not have count-if, nor does MISP 2.4.177.')
  })

  it('takes what MISP itself lists as it is', () => {
    const listed = traceOfVersion({ type: 'action', id: 'webhook', version: '0.4' }, 'MISP', true)
    expect(recognise([listed!], '2.5.1')).toMatchObject({ profile: '2.4.177', isOther: true })
  })

  it('says the same of many nodes once, and nothing of what is no node', () => {
    const many = Array.from({ length: 3000 }, (_, i) => node(i + 2, 'logic', 'filter-tag', '0.3'))
    expect(tracesOf(graph(publish, ...many)).length).toBe(1)
    const odd = {
      1: 'x',
      2: null,
      3: [],
      4: { data: 'x' },
      5: { data: { id: {}, module_type: 7, module_version: {} } }
    }
    expect(tracesOf(odd as unknown as RawGraph)).toEqual([])
  })
})
