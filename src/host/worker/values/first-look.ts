// What the inspector asks of a step at first, answered together with the run: one way there and back instead of two.
import type { Json } from '../../../contract/json.ts'
import { firstChanges, firstWorldChanges, type FirstLook } from '../../../contract/run-views.ts'
import type { ValueChanges } from '../../../contract/values.ts'
import type { OpenRun } from '../runs/open-run.ts'
import { stepValue } from '../runs/run-book.ts'
import { worldChangesOf } from '../effects/run-world-changes.ts'
import type { Refs } from '../thread/protocol.ts'
import { changesBetween } from './changes.ts'
import { reasonOf } from './reason.ts'

/** Values in the data of a step up to which it is looked at before anybody asks. */
const smallValues = 20_000

export const stepChanges = (run: OpenRun, step: number, limit: number): ValueChanges =>
  changesBetween(stepValue(run, step, 'input'), stepValue(run, step, 'output'), limit, {
    profile: run.fold.profile,
    posts: run.summary.origin === 'captured'
  })

/** Null where looking would make people wait for the steps. `worldIsRead`: the names of what changed need no reading. */
export async function firstLook(
  run: OpenRun,
  step: number,
  refs: Refs,
  worldIsRead: boolean
): Promise<FirstLook | null> {
  const found = run.fold.steps[step - 1]
  if (!found) return step === 0 ? { step, why: null, changes: null, world: null } : null
  if (!isSmall([stepValue(run, step, 'input') ?? null, stepValue(run, step, 'output') ?? null])) return null
  return {
    step,
    why: reasonOf(run, step),
    changes: stepChanges(run, step, firstChanges),
    world:
      found.worldChanges > 0 && worldIsRead && run.fold.changes.length <= firstWorldChanges
        ? await worldChangesOf(run, 0, firstWorldChanges, refs)
        : null
  }
}

function isSmall(values: readonly Json[]): boolean {
  const waiting = [...values]
  let seen = 0
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const inner = Object.values(value)
    seen += inner.length
    if (seen > smallValues) return false
    for (const one of inner) waiting.push(one)
  }
  return true
}
