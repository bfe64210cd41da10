import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../src/contract/run-views.ts'
import { countFacets } from '../../../src/host/runs/run-facets.ts'
import { countChildren, rootsOf } from '../../../src/host/runs/run-filter.ts'
import { blankSummary } from '../../../src/engine/replay/run-facts.ts'

const run = (id: string, parent: string | null, more: Partial<RunSummary> = {}): RunSummary => ({
  ...blankSummary(id, '2024-10-21T12:00:00.000Z'),
  parent: parent === null ? null : { runId: parent, nodeId: null, relation: 'again' },
  ...more
})
const tree = [
  run('a', null),
  run('b', 'a'),
  run('c', 'b', { trigger: 'event-publish' }),
  run('d', 'gone'),
  run('e', null, { deletedAt: '2024-10-21T13:00:00.000Z' }),
  run('f', 'e')
]
const byId = new Map(tree.map((one) => [one.id, one]))
const roots = (matches: (one: RunSummary) => boolean) => [...rootsOf(tree, matches, byId)].map(({ id }) => id)

describe('runs as a tree', () => {
  it('lists what has no parent, what lost it, and what has one in the bin', () => {
    expect(roots(({ deletedAt }) => deletedAt === null)).toEqual(['a', 'd', 'f'])
  })
  it('lists the top of the tree in which a run matches', () => {
    expect(roots(({ trigger }) => trigger === 'event-publish')).toEqual(['a'])
  })
  it('does not hang on parents in a circle', () => {
    const circle = [run('x', 'y'), run('y', 'x')]
    expect(rootsOf(circle, () => true, new Map(circle.map((one) => [one.id, one]))).size).toBeGreaterThan(0)
  })
  it('counts the runs directly under each, without those in the bin', () => {
    expect(Object.fromEntries(countChildren([...tree, run('g', 'a', { deletedAt: 'x' })]))).toEqual({
      a: 1,
      b: 1,
      gone: 1,
      e: 1
    })
  })
})

describe('what runs can be narrowed to', () => {
  it('counts triggers, workflows by their name, and sources', () => {
    const facets = countFacets([
      run('a', null, { trigger: 't1', workflowId: '7', workflowName: 'Guard', source: 'misp' }),
      run('b', null, { trigger: 't2', workflowId: '7', workflowName: 'Guard' }),
      run('c', null, { trigger: 't2', deletedAt: null, workflowId: '7', workflowName: 'Another of id 7' }),
      run('e', null, { trigger: 't1', workflowId: '9', workflowName: '' }),
      run('d', null, { trigger: 't3', deletedAt: 'x' })
    ])
    expect(facets).toEqual({
      trigger: [
        { value: 't1', runs: 2 },
        { value: 't2', runs: 2 }
      ],
      workflow: [
        { value: 'Guard', runs: 2 },
        { value: 'Another of id 7', runs: 1 },
        { value: '9', runs: 1 }
      ],
      source: [{ value: 'misp', runs: 1 }],
      verdict: []
    })
  })
})
