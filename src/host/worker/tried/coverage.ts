// What a stored run, or one that is run now, touches of a workflow.
import type { Hits } from '../../../contract/coverage.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { DataSource, RunOptionsInput } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { CoverageCounter } from '../../../engine/replay/coverage.ts'
import { RunFold } from '../../../engine/replay/fold.ts'
import type { RunBook } from '../runs/run-book.ts'
import { parseProfile } from '../runs/run-input.ts'
import type { Refs } from '../thread/protocol.ts'
import { rigFor } from './rig.ts'

interface Asked {
  readonly workflow: RawWorkflow
  readonly runId: string | undefined
  readonly data: DataSource | undefined
  readonly options: RunOptionsInput & { readonly profile: string }
}

/** Null: the data is no input for it. */
export async function touched(
  { workflow, runId, data, options }: Asked,
  at: { readonly book: RunBook; readonly refs: Refs }
): Promise<Hits | null> {
  const { book, refs } = at
  const profile = parseProfile(options.profile)
  const counter = new CoverageCounter(workflow, profile)
  if (runId !== undefined) counter.add((await book.open(refs.run, runId, refs.halt)).fold)
  else if (data !== undefined) {
    try {
      const { events } = await (await rigFor(workflow, options, at))(data).run({ profile })
      const fold = new RunFold()
      // Without the runs that it fired, which are of other workflows.
      for (const event of events) if (event.runId === events[0]?.runId) fold.apply(event)
      counter.add(fold)
    } catch (error) {
      if (error instanceof CodedError && error.code.startsWith('INPUT_')) return null
      throw error
    }
  }
  return counter.hits()
}
