import { describe, expect, it } from 'vitest'
import { scale } from '../../../attack/scale.ts'
import { buildGraph, type GraphIndex } from '../../../../src/host/capture/group/graph.ts'
import { groupPosts } from '../../../../src/host/capture/group/all.ts'
import { interleave, random } from './interleave.ts'
import { recordedRuns, type RecordedRun } from './recorded-runs.ts'
import { score, summariesOf, type Score } from './scoring.ts'

const runs = recordedRuns()
const graphsOf = (list: readonly RecordedRun[]): Map<string, GraphIndex[]> => {
  const graphs = new Map<string, GraphIndex[]>()
  for (const workflow of new Set(list.map((run) => run.workflow))) {
    const built = buildGraph(workflow)
    if (built !== null) graphs.set(built.trigger, [...(graphs.get(built.trigger) ?? []), built.graph])
  }
  return graphs
}
const eventOf = (run: RecordedRun): string => {
  const { normalized } = (JSON.parse(run.posts[0]!.body) as { data: { normalized: { Event?: { uuid?: string } } } })
    .data
  return normalized.Event?.uuid ?? ''
}
const total = (scores: readonly Score[]): Score =>
  scores.reduce(
    (a, b) =>
      Object.fromEntries(
        Object.entries(a).map(([key, value]) => [key, value + b[key as keyof Score]])
      ) as unknown as Score
  )

describe('grouping', () => {
  it('finds every recorded run alone, with and without its graph', () => {
    for (const run of runs.filter((_, i) => i % scale(4, 1) === 0)) {
      for (const known of [graphsOf([run]), new Map<string, GraphIndex[]>()]) {
        const { summaries, ends } = summariesOf(run.posts)
        const found = groupPosts(summaries, known, (seq) => ends.get(seq))
        const inits = summaries.filter(({ kind }) => kind === 'init').length
        expect([run.id, found.runs.length, found.unassigned]).toEqual([run.id, inits, []])
      }
    }
  })

  it('puts every post into its run when runs differ in event or trigger', () => {
    const scores: Score[] = []
    for (let seed = 1; seed <= scale(6, 15); seed++) {
      const next = random(seed)
      const used = new Set<string>()
      const chosen: RecordedRun[] = []
      for (let i = 0; i < 300 && chosen.length < 8; i++) {
        const run = runs[Math.floor(next() * runs.length)]!
        const key = `${run.trigger} ${eventOf(run)}`
        if (eventOf(run) === '' || used.has(key)) continue
        used.add(key)
        chosen.push(run)
      }
      scores.push(score(interleave({ seed, runs: chosen, atOnce: 8 }), graphsOf(chosen)))
    }
    const { posts, rightPosts, sure, sureRight } = total(scores)
    expect(rightPosts / posts).toBe(1)
    expect(sureRight).toBe(sure)
  })

  it.each([
    ['with the graph', true, false, 0.98],
    ['without it', false, false, 0.98],
    ['with the graph and concurrent branches', true, true, 0.98]
  ])('tells up to 8 runs of one workflow over one event apart, %s', (_, given, jobs, least) => {
    const chosen = runs
      .filter((run) => run.posts.length > 2 && (!jobs || run.branches.length > 0))
      .filter((__, i) => i % (jobs ? scale(2, 1) : scale(20, 4)) === 0)
    const scores = chosen.map((run, i) =>
      score(
        interleave({ seed: i, runs: new Array<RecordedRun>(8).fill(run), atOnce: 8, jobs, cut: i % 2 === 0 ? 0.2 : 0 }),
        given ? graphsOf([run]) : new Map()
      )
    )
    const { posts, rightPosts, sure, sureRight } = total(scores)
    expect(rightPosts / posts).toBeGreaterThanOrEqual(least)
    expect(sureRight / sure).toBeGreaterThanOrEqual(0.99)
  })

  it.each([
    [0, 0.98],
    [0.3, 0.9]
  ])('joins late concurrent branches to runs without a graph, share of runs cut %d', (cut, least) => {
    const scores = runs
      .filter(({ branches }) => branches.length > 0)
      .filter((_, i) => i % scale(3, 1) === 0)
      .map((run, i) => {
        const copies = new Array<RecordedRun>(8).fill(run)
        return score(interleave({ seed: 1000 + i, runs: copies, atOnce: 8, jobs: true, late: true, cut }), new Map())
      })
    const { posts, rightPosts, sure, sureRight } = total(scores)
    expect(rightPosts / posts).toBeGreaterThanOrEqual(least)
    expect(sureRight).toBe(sure)
  })

  it('is never sure of a run that another workflow of the trigger contests', () => {
    const scores = ['event-publish', 'event-after-save'].flatMap((trigger) => {
      const list = runs.filter((run) => run.trigger === trigger && run.posts.length > 2)
      return [1, 2, 3, 4].slice(0, scale(2, 4)).map((seed) => {
        const next = random(seed)
        const first = eventOf(list[Math.floor(next() * list.length)]!)
        const same = list.filter((run) => eventOf(run) === first)
        const chosen = Array.from({ length: 8 }, () => same[Math.floor(next() * same.length)]!)
        return score(interleave({ seed, runs: chosen, atOnce: 8, cut: 0.3, jobs: true }), new Map())
      })
    })
    const { sure, sureRight } = total(scores)
    expect(sureRight).toBe(sure)
  })

  const nestedRuns = scale(800, 10_000)
  it(`finds the parents of nested runs, ${nestedRuns} of them too`, () => {
    const run = runs.find(({ id }) => id === 'run-207-enrich-nested-pass')!
    const { summaries } = summariesOf(run.posts)
    const [init, ...inner] = summaries
    const nested = inner.slice(0, 3)
    const posts = [init!, ...Array.from({ length: nestedRuns }, () => nested).flat(), ...inner.slice(3)].map(
      (post, i) => ({
        ...post,
        seq: i + 1
      })
    )
    const found = groupPosts(posts)
    expect(found.runs.length).toBe(nestedRuns + 1)
    expect(found.parents.size).toBe(nestedRuns)
    expect([...found.parents.values()].every(({ runId, nodeId }) => runId === 1 && nodeId === '2')).toBe(true)
  })

  it('leaves what is ambiguous below 0.9', () => {
    // Two workflows with the same first node and nothing to tell their data apart.
    const post = (target: string, node: string, data: object): { at: number; target: string; body: string } => ({
      at: 0,
      target,
      body: JSON.stringify({
        source: { node_id: node, module_id: 'x', filters: '', parameters: '' },
        timestamp: '2025-01-01T00:00:00+00:00',
        data
      })
    })
    const { summaries } = summariesOf([
      post('/t/init?type=blocking', '', { original: { a: 1 }, normalized: {} }),
      post('/t/init?type=blocking', '', { original: { a: 2 }, normalized: {} }),
      post('/t/exec/custom?result=success', '2', {}),
      post('/t/exec/other?result=success', '3', {})
    ])
    expect(groupPosts(summaries).runs.every(({ confidence }) => confidence < 0.9)).toBe(true)
  })
})
