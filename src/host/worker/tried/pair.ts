// Two runs on one input, as what was and what would be: where they part, in words.
import { CodedError } from '../../../contract/errors.ts'
import type { TriedRun } from '../../../contract/tried.ts'
import { compareRuns, type Compared } from '../../../engine/replay/compare/compare-runs.ts'
import { dataPartsAt, partingOf, type Parting } from '../../../engine/replay/compare/parting.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import type { Causes } from './causes.ts'
import { partingWords } from './parting-words.ts'

interface Pair {
  readonly before: ComparedRun
  readonly after: ComparedRun
  /** Asked only where they part. */
  readonly causes?: (parted: { readonly compared: Compared; readonly parting: Parting }) => Promise<Causes>
}

const notAsked = (): Promise<Causes> => Promise.resolve({ rules: [], endRules: [] })

/** `run`: what is no input for the workflow makes it throw INPUT_…, which is an answer, too. */
export async function comparePair(run: () => Promise<Pair>): Promise<TriedRun> {
  let pair: Pair
  try {
    pair = await run()
  } catch (error) {
    if (error instanceof CodedError && error.code.startsWith('INPUT_')) return { state: 'refused', why: error.message }
    throw error
  }
  const { before, after, causes = notAsked } = pair
  const compared = compareRuns(before, after)
  const parting = partingOf(compared)
  const [was, is] = [before.fold.finished?.outcome ?? null, after.fold.finished?.outcome ?? null]
  if (parting === null) return { state: 'same', outcome: is, dataAt: dataPartsAt(compared) }
  const told = await causes({ compared, parting })
  const { nodeId } = parting
  return { state: 'different', outcomes: [was, is], nodeId, ...partingWords(compared, parting), ...told }
}
