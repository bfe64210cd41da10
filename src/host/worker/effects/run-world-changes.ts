import type { WorldDiff } from '../../../contract/effects.ts'
import type { OpenRun } from '../runs/open-run.ts'
import { withWorld } from '../runs/with-world.ts'
import type { Refs } from '../thread/protocol.ts'
import { changeNames } from './change-names.ts'
import { worldDiffOf } from './world-diff.ts'

/** What a run changed in the world, with the names of what it changed. */
export async function worldChangesOf({ fold }: OpenRun, offset: number, limit: number, refs: Refs): Promise<WorldDiff> {
  const diff = worldDiffOf(fold.changes, offset, limit)
  const all = fold.changes.map(({ change }) => change)
  const namesOf = changeNames(fold.normalized ?? null, (await withWorld({}, refs)).world, all)
  return { ...diff, changes: diff.changes.map((entry) => ({ ...entry, names: namesOf(entry.change) })) }
}
