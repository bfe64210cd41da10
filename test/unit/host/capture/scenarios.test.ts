// What is promised of grouping, on streams of fixed seeds: `test/bench` scores all situations with as many as wanted.
import { describe, expect, it } from 'vitest'
import { isLong } from '../../../attack/scale.ts'
import { longRunFile } from '../../../bench/ui-workloads.ts'
import { Grouping, groupPosts } from '../../../../src/host/capture/group/all.ts'
import { understand } from '../../../../src/host/capture/understand/understand.ts'
import { interleave } from './interleave.ts'
import { recordedRuns, type RecordedRun } from './recorded-runs.ts'
import { graphsOf, scenarios } from './scenarios.ts'
import { score, type Way } from './scoring.ts'

const seeds = isLong ? [701, 708, 715] : [701]

/** Share of posts in right runs, and the number of wrong runs that were given a confidence of 0.9 or more. */
function scored(name: string, given: boolean, way: Way): readonly [right: number, wronglySure: number] {
  const scenario = scenarios.find((one) => one.name === name)
  if (!scenario) throw new Error(`no scenario "${name}"`)
  const scores = seeds.map((seed) => {
    const options = scenario.make(seed)
    return score(interleave(options), given ? graphsOf(options.runs) : new Map(), false, way)
  })
  const sum = (pick: (one: (typeof scores)[number]) => number): number =>
    scores.reduce((all, one) => all + pick(one), 0)
  return [
    sum(({ rightPosts }) => rightPosts) / sum(({ posts }) => posts),
    sum(({ sure, sureRight }) => sure - sureRight)
  ]
}

const ways = [
  [true, 'batch'],
  [true, 'live'],
  [false, 'batch'],
  [false, 'live']
] as const

describe('grouping', () => {
  it.each(['alone', 'differ in event or trigger', 'one trigger, 8 events', 'one workflow, 8 events'])(
    'puts every post into its run: %s',
    (name) => {
      for (const [given, way] of ways) expect([given, way, ...scored(name, given, way)]).toEqual([given, way, 1, 0])
    }
  )

  it.each([
    '2 copies',
    '5 copies',
    '8 copies',
    '8 copies, one second',
    '8 copies, some cut',
    '8 copies, late branches'
  ])('puts 98 % of posts into their run when runs of one workflow over one event interleave: %s', (name) => {
    for (const [given, way] of ways) {
      const [right, wronglySure] = scored(name, given, way)
      expect(right, `${given ? 'given' : 'withheld'} ${way}`).toBeGreaterThanOrEqual(0.98)
      expect(wronglySure).toBe(0)
    }
  })

  it.each(['8 copies, debug posts', '2 workflows of a trigger, one event'])('tells apart: %s', (name) => {
    for (const [given, way] of ways) expect(scored(name, given, way)[0]).toBeGreaterThanOrEqual(0.95)
  })

  it('keeps a run together in which every node comes again and again, as its posts arrive', () => {
    const grouping = new Grouping()
    for (const [i, line] of longRunFile(7).split('\n').entries()) {
      const { at, target, body } = JSON.parse(line) as { at: string; target: string; body: string }
      const meta = { at: Date.parse(at), source: 'default', method: 'POST', target, headers: [] }
      const { summary, end } = understand(i + 1, { meta, body: Buffer.from(body) }, {})
      grouping.add(summary, end)
    }
    expect(grouping.finish().map(({ posts }) => posts.length)).toEqual([383])
  })
})

describe('a workflow of the trigger that the run is not of', () => {
  /** Each run alone, as if nothing else had come. */
  const confidences = (run: RecordedRun, graphs: ReturnType<typeof graphsOf>): readonly number[] =>
    groupPosts(
      interleave({ seed: 1, runs: [run], atOnce: 1 }).posts.map(
        ({ at, target, body }, i) =>
          understand(
            i + 1,
            { meta: { at, source: '', method: 'POST', target, headers: [] }, body: Buffer.from(body) },
            {}
          ).summary
      ),
      graphs
    ).runs.map(({ confidence }) => confidence)

  it('makes no run less sure', () => {
    const all = recordedRuns()
    const texts = all.map(({ workflow }) => JSON.stringify(workflow))
    const named = [
      'run-207-enrich-nested-pass',
      'run-214-natural-add-attribute-after-save-job1',
      'run-214-natural-add-attribute-after-save-job2'
    ]
    const less = all.flatMap((run, at) => {
      if (!isLong && at % 3 !== 0 && !named.includes(run.id)) return []
      const others = all.filter(({ trigger }, i) => trigger === run.trigger && texts[i] !== texts[at])
      const [alone, among] = [confidences(run, new Map()), confidences(run, graphsOf(others.slice(0, 6)))]
      return alone.some((one, i) => one >= 0.9 && (among[i] ?? 0) < 0.9) ? [run.id] : []
    })
    // Two of them end where another workflow would go on, and one fires another run of its trigger.
    expect(less).toEqual(named)
  })
})
