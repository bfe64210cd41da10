// Where two runs of one workflow on the same data part: the first line at which a step came to something else, reported, sent or changed
// something else, or which only one of them has; else their ends. Roaming data alone is no other way.
import type { ComparedStep, DifferencePlace } from '../../../contract/comparison.ts'
import { isSameEffects } from './compare-runs.ts'
import type { Compared } from './compare-runs.ts'
import type { Side } from './side.ts'

export interface Parting {
  /** The line, from 0; null: every step is the same, the ends are not. */
  readonly row: number | null
  /** Null: before the first node, or behind the last. */
  readonly nodeId: number | null
  /** What differs there; empty where only one of the runs came there. */
  readonly in: readonly DifferencePlace[]
}

const seen: ReadonlySet<DifferencePlace> = new Set(['result', 'errors', 'effects', 'world'])

/** What of a line is seen outside of the run: that a template was rendered is not, what became of its text is. */
function seenOf(
  { a, b, sameness }: Compared,
  { a: one, b: other, in: places }: ComparedStep
): readonly DifferencePlace[] {
  return places.filter((place) => {
    if (!seen.has(place) || place !== 'effects' || one === null || other === null) return seen.has(place)
    const sent = ({ run }: Side, step: number) =>
      run.fold.data[step - 1]!.effects.filter(({ effect }) => effect.kind !== 'template')
    return !isSameEffects(sent(a, one), sent(b, other), sameness)
  })
}

/** Null where both went the same way to the same end. */
export function partingOf(compared: Compared): Parting | null {
  const { a, b, rows, ends } = compared
  const row = rows.findIndex((line) => line.a === null || line.b === null || seenOf(compared, line).length > 0)
  if (row >= 0) {
    const line = rows[row]!
    // One of them never came to a node.
    const isAtStart = a.run.fold.steps.length === 0 || b.run.fold.steps.length === 0
    const thrown = (a.run.fold.finished?.throwable ?? b.run.fold.finished?.throwable)?.nodeId ?? null
    const nodeId = isAtStart ? thrown : (nodeOf(a, line.a) ?? nodeOf(b, line.b))
    return { row, nodeId, in: seenOf(compared, line) }
  }
  const [one, other] = [a.run.fold.finished, b.run.fold.finished]
  if (ends === null && one?.outcome === other?.outcome) return null
  return { row: null, nodeId: one?.throwable?.nodeId ?? other?.throwable?.nodeId ?? null, in: ['result'] }
}

/** The first node behind which the roaming data differs; null where it is the same all the way. */
export function dataPartsAt({ a, rows }: Compared): number | null {
  const line = rows.find(({ in: places }) => places.includes('input') || places.includes('output'))
  return line === undefined ? null : nodeOf(a, line.a)
}

/** A step of a run that a node fired stands for that node. */
function nodeOf({ run, walkOf }: Side, step: number | null): number | null {
  if (step === null) return null
  const walk = walkOf[step - 1]
  return walk && walk.fired !== '' ? walk.firedBy : (run.fold.steps[step - 1]?.nodeId ?? null)
}
