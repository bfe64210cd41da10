// Inputs under what was and what would be: another workflow, version of MISP or settings.
import type { DataSource, RunOptionsInput } from '../../../contract/operations.ts'
import type { TriedRun } from '../../../contract/tried.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import type { RunBook } from '../runs/run-book.ts'
import { parseProfile } from '../runs/run-input.ts'
import type { DataRefs, Refs } from '../thread/protocol.ts'
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

/** For one input after another. Both runs have the same clock and draw the same ids. */
export async function comparingSides(
  { before, after }: { readonly before: Side; readonly after: Side },
  at: Around
): Promise<(data: DataSource, refs: DataRefs) => Promise<TriedRun>> {
  const now = new Date().toISOString()
  const rigOf = async ({ workflow, options }: Side) => {
    const profile = parseProfile(options.profile)
    const rig = await rigFor(workflow, { now, ...options }, at)
    return (data: DataSource, refs: DataRefs): Promise<ComparedRun> => rig(data, refs).run({ profile })
  }
  const [was, is] = [await rigOf(before), await rigOf(after)]
  return (data, refs) => comparePair(async () => ({ before: await was(data, refs), after: await is(data, refs) }))
}
