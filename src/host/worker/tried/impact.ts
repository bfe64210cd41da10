// One input under what was and what would be: another workflow, version of MISP or settings.
import type { DataSource, RunOptionsInput } from '../../../contract/operations.ts'
import type { TriedRun } from '../../../contract/tried.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import type { RunBook } from '../runs/run-book.ts'
import { parseProfile } from '../runs/run-input.ts'
import type { Refs } from '../thread/protocol.ts'
import { comparePair } from './pair.ts'
import { rigFor } from './rig.ts'

interface Side {
  readonly workflow: RawWorkflow
  readonly options: RunOptionsInput & { readonly profile: string }
}

interface Around {
  readonly book: RunBook
  readonly refs: Refs
}

/** Both have the same clock and draw the same ids. */
export async function compareSides(
  sides: { readonly before: Side; readonly after: Side },
  data: DataSource,
  at: Around
): Promise<TriedRun> {
  const now = new Date().toISOString()
  const run = async ({ workflow, options }: Side): Promise<ComparedRun> => {
    const rig = await rigFor(workflow, data, { now, ...options }, at)
    return rig.run({ profile: parseProfile(options.profile) })
  }
  return comparePair(async () => ({ before: await run(sides.before), after: await run(sides.after) }))
}
