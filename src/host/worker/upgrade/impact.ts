// One input under what was and what would be: another workflow, version of MISP or settings.
import { CodedError } from '../../../contract/errors.ts'
import type { DataSource, RunOptionsInput } from '../../../contract/operations.ts'
import type { UpgradeRun } from '../../../contract/upgrade.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { compareRuns } from '../../../engine/replay/compare/compare-runs.ts'
import { dataPartsAt, partingOf } from '../../../engine/replay/compare/parting.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import type { RunBook } from '../runs/run-book.ts'
import { parseProfile } from '../runs/run-input.ts'
import type { Refs } from '../thread/protocol.ts'
import { partingWords } from './parting-words.ts'
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
): Promise<UpgradeRun> {
  const now = new Date().toISOString()
  const run = async ({ workflow, options }: Side): Promise<ComparedRun> => {
    const rig = await rigFor(workflow, data, { now, ...options }, at)
    return rig.run({ profile: parseProfile(options.profile) })
  }
  let before: ComparedRun
  let after: ComparedRun
  try {
    before = await run(sides.before)
    after = await run(sides.after)
  } catch (error) {
    if (error instanceof CodedError && error.code.startsWith('INPUT_')) return { state: 'refused', why: error.message }
    throw error
  }
  const compared = compareRuns(before, after)
  const parting = partingOf(compared)
  const [was, is] = [before.fold.finished?.outcome ?? null, after.fold.finished?.outcome ?? null]
  if (parting === null) return { state: 'same', outcome: is, dataAt: dataPartsAt(compared) }
  const { nodeId } = parting
  return {
    ...{ state: 'different', outcomes: [was, is], nodeId },
    ...{ ...partingWords(compared, parting), rules: [], endRules: [] }
  }
}
