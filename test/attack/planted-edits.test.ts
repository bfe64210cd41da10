// Runs with one edit planted in them: the comparison names the step that was edited, what of it, and no other one. Half of the edits are made
// in a run's events, half by running an edited workflow, event or answer.
import { describe, expect, it } from 'vitest'
import type { ComparedStep } from '../../src/contract/comparison.ts'
import { scale } from './scale.ts'
import { planted, plantedByRunning, plantedInPosts } from './planted-edits.ts'
import type { Planted } from './planted-edits.ts'
import { compareRuns } from '../../src/engine/replay/compare/compare-runs.ts'

/** What is wrong with how the edit was named; null when it was named at its step and nothing else was. */
function misnamed({ a, b, step, places, what }: Planted): string | null {
  const { rows, start } = compareRuns(a, b)
  if (step === 0) {
    const own = rows.filter(({ cause }) => cause === 'itself')
    if (start.length === 0) return `${what}: the data that they started with are called the same`
    return own.length === 0 ? null : `${what}: ${told(own)} instead of the data that they started with`
  }
  if (start.length > 0) return `${what} at ${step}: the data that they started with are said to differ`
  const own = rows.filter(({ cause }) => cause === 'itself')
  const [first, ...others] = own
  if (first === undefined) return `${what} at ${step}: nothing differs by itself`
  if (others.length > 0) return `${what} at ${step}: ${told(own)} differ by themselves`
  // Of two that changed places either is named; a branch that leads nowhere any more is not started.
  const isTask = first.a === step - 1 && a.fold.steps[step - 2]?.moduleId === 'concurrent-task'
  // Which of two visits of one node is missing nobody can tell where both came to the same.
  const nodeOf = (number: number | null) => a.fold.steps[(number ?? 0) - 1]?.nodeId
  const isAgain = first.a === step + 1 && nodeOf(first.a) === nodeOf(step)
  const isNear =
    isAgain || isTask || (what === 'two steps in another order' && (first.a === step + 1 || first.b === step + 1))
  if (first.a !== step && first.b !== step && !isNear) return `${what} at ${step}: ${told(own)} is named`
  const missing = places.filter((place) => first.state === 'different' && !first.in.includes(place))
  if (missing.length > 0) return `${what} at ${step}: ${missing.join()} are not named, but ${first.in.join()}`
  const early = rows.find((row) => row.state !== 'same' && row.a !== null && row.a < (first.a ?? step))
  return early && early !== first ? `${what} at ${step}: ${told([early])} differs before it` : null
}

const told = (rows: readonly ComparedStep[]): string =>
  rows.map(({ state, a, b, in: places }) => `${state} ${a}/${b} (${places.join()})`).join('; ')

function failures(make: (seed: number) => Planted | null, count: number, from: number): readonly string[] {
  const wrong: string[] = []
  let made = 0
  for (let seed = from; made < count; seed++) {
    const edit = make(seed)
    if (edit === null) continue
    made++
    const problem = misnamed(edit)
    if (problem !== null) wrong.push(`seed ${seed}: ${problem}`)
  }
  return wrong
}

describe('planted edits', () => {
  const count = scale(30, 400, 1000)

  it('are named at their step, and nothing else is, where a run’s events were edited', () => {
    expect(failures(planted, count, 1)).toEqual([])
  })

  it('are named at their step, and nothing else is, where the edited thing was run', () => {
    expect(failures(plantedByRunning, count, 1)).toEqual([])
  })

  it('are not seen where there are none, on another day with other UUIDs', () => {
    const wrong: string[] = []
    for (let seed = 1; seed <= count / 2; seed++) {
      const { a, b } = plantedByRunning(seed, 'nothing') ?? {}
      if (!a || !b) continue
      const { rows, start } = compareRuns(a, b)
      const different = rows.filter(({ state }) => state !== 'same')
      if (different.length > 0 || start.length > 0) wrong.push(`seed ${seed}: ${start.join()} ${told(different)}`)
    }
    expect(wrong).toEqual([])
  })

  it('are named in captured posts beside the run that sent them, and nothing is where none was edited', () => {
    expect(failures(plantedInPosts, count, 1)).toEqual([])
    const wrong: string[] = []
    for (let seed = 1; seed <= count; seed++) {
      const { a, b } = plantedInPosts(seed, 'nothing') ?? {}
      if (!a || !b) continue
      const { rows, start } = compareRuns(a, b)
      const different = rows.filter(({ state }) => state !== 'same')
      if (different.length > 0 || start.length > 0) wrong.push(`seed ${seed}: ${start.join()} ${told(different)}`)
    }
    expect(wrong).toEqual([])
  })
})
