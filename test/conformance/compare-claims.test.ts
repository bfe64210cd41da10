// What the summary of a comparison and its lines claim is held against the two runs.
import { describe, expect, it } from 'vitest'
import type { ComparedStep } from '../../src/contract/comparison.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { shownValue } from '../../src/contract/sentence.ts'
import type { Claim } from '../../src/contract/sentence.ts'
import { compareRuns } from '../../src/engine/replay/compare/compare-runs.ts'
import type { Compared } from '../../src/engine/replay/compare/compare-runs.ts'
import { decidingRow } from '../../src/engine/replay/compare/deciding.ts'
import { startDifferences, stepDifferences } from '../../src/engine/replay/compare/step-differences.ts'
import type { PartDifferences } from '../../src/engine/replay/compare/step-differences.ts'
import { partChanges, shownDifferences } from '../../src/host/worker/compare/part-words.ts'
import { summaryOf } from '../../src/host/worker/compare/summary.ts'
import { planted, plantedByRunning } from '../attack/planted-edits.ts'
import { scale } from '../attack/scale.ts'
import { contradictions } from './claims/hold.ts'

type Compares = Claim & { readonly kind: 'ran' | 'compared' }

const leavesOf = (value: Json): readonly string[] =>
  typeof value === 'object' && value !== null
    ? [shownValue(value), ...Object.values(value).flatMap((inner) => leavesOf(inner))]
    : [shownValue(value)]

/** Counts and states by what the lines themselves say. */
function against(compared: Compared, claim: Compares): string | null {
  const { rows, nodes, a, b } = compared
  if (claim.kind === 'ran') {
    const { fold } = compared[claim.run].run
    const step = claim.step === null ? undefined : fold.steps[claim.step - 1]
    if (claim.of === 'outcome') return fold.finished?.outcome === claim.value ? null : `it is ${fold.finished?.outcome}`
    if (claim.of === 'profile') return fold.started?.profile === claim.value ? null : `it is ${fold.started?.profile}`
    if (claim.of === 'thrown')
      return fold.finished?.throwable?.class === claim.value ? null : `it is ${fold.finished?.throwable?.class}`
    if (claim.of === 'end') {
      const told = compared.ends?.[claim.run === 'a' ? 0 : 1]
      const all = leavesOf(told ?? null)
      return claim.value === 'nothing' || all.includes(claim.value) ? null : 'its end does not tell that'
    }
    if (step === undefined) return 'no such step'
    if (claim.of === 'decision') return null
    const truth = { 'was true': 'output_1', 'was false': 'output_2' }[claim.value]
    if (truth !== undefined) return step.branch === truth ? null : `it took ${step.branch}`
    return (claim.value === 'succeeded') === (step.success && step.result === 'success') ? null : `it is ${step.result}`
  }
  const differs = (cause: ComparedStep['cause']) =>
    rows.filter((row) => row.state === 'different' && row.cause === cause)
  const counts: { readonly [of: string]: number } = {
    same: rows.filter(({ state }) => state === 'same').length,
    before: differs('before').length,
    itself: differs('itself').length,
    'only a': rows.filter(({ state }) => state === 'only a').length,
    'only b': rows.filter(({ state }) => state === 'only b').length,
    'nodes only a': [...a.graph.keys()].filter((id) => !nodes.toB.has(id)).length,
    'nodes only b': [...b.graph.keys()].filter((id) => ![...nodes.toB.values()].includes(id)).length
  }
  const right = counts[claim.of]
  return right === undefined || right === claim.n ? null : `${right} were found`
}

function contradicted(compared: Compared): readonly string[] {
  const wrong: string[] = []
  const ids = (run: 'a' | 'b') =>
    compared[run].run.fold.steps.map(({ nodeId, moduleId }) => [String(nodeId), moduleId] as const)
  const nodes = new Map([...ids('b'), ...ids('a')])
  const comparison = (claim: Compares): string | null => against(compared, claim)
  const lines = summaryOf(compared, decidingRow(compared))
  expect(lines.length).toBeLessThanOrEqual(5)
  for (const line of lines) {
    // Values are those of the parts, which are held below.
    const isOfPart = (claim: Claim): boolean =>
      claim.kind === 'value' || (claim.kind === 'count' && claim.of.in === 'changes')
    const claims = line.claims.map((claim): Claim => {
      const { from, to } = claim
      return isOfPart(claim) ? { kind: 'said', value: line.text.slice(from, to), from, to } : claim
    })
    const held = contradictions({ ...line, claims }, { nodes, comparison })
    for (const problem of held) if (!problem.startsWith('no term')) wrong.push(problem)
  }
  const hear = (part: PartDifferences): void => {
    const { words, changes } = partChanges(compared, part, Infinity)
    for (const said of words)
      wrong.push(
        ...contradictions(said, {
          ...{ input: part.before, output: part.after, params: {} as JsonMap },
          changes: said.of.map((at) => changes[at]!)
        })
      )
  }
  for (const part of startDifferences(compared)) hear(part)
  for (const row of compared.rows)
    for (const part of stepDifferences(compared, row))
      hear(shownDifferences(compared, part, row.a as number, row.b as number))
  return wrong
}

describe('what a comparison claims', () => {
  it.each([
    ['of edited runs', planted],
    ['of runs of edited things', (seed: number) => plantedByRunning(seed)]
  ])('holds in both %s', (_what, make) => {
    const wrong: string[] = []
    for (let seed = 1; seed <= scale(30, 600); seed++) {
      const pair = make(seed)
      if (pair === null) continue
      for (const problem of contradicted(compareRuns(pair.a, pair.b))) wrong.push(`seed ${seed}: ${problem}`)
    }
    expect(wrong.slice(0, 15)).toEqual([])
  })
})
