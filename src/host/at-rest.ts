// What a host does while nobody waits for it: long runs are made ready to be opened, runs are put on the index of the search. A terminal's short
// command does it once, for what it brought in.
import { indexedRun } from './operations/find.ts'
import { runRef } from './operations/forward.ts'
import type { Services } from './operations/services.ts'
import { outlineFile } from './runs/outline.ts'
import { Indexing, siftInPortions } from './runs/indexing.ts'
import { Preparing, worthPreparing } from './runs/preparing.ts'
import { removeFile } from './store/files.ts'
import type { EngineClient } from './worker/thread/engine-client.ts'

export function prepareRuns(
  services: Services,
  engine: EngineClient,
  logMistake: (context: string, error: unknown) => void
): Preparing {
  const { runs } = services.workspace
  const preparing = new Preparing({
    prepare: async (id) => (runs.get(id) === undefined ? undefined : engine.prepare(runRef(services, id))),
    known: () => services.capture.known(),
    drop: (id) => removeFile(outlineFile(services.workspace.runFile(id), id)),
    failed: (error) => logMistake('outline', error)
  })
  preparing.begin(runs.list({}, '', null, newestAtStart).runs)
  return preparing
}

/** Among them are those that somebody may open first. */
const newestAtStart = 500

const mostIndexedAtRest = 64 * 1024 * 1024

/** A run that cannot be read is told to whoever opens it. */
export function indexRuns(
  services: Services,
  { search }: EngineClient,
  logMistake: (context: string, error: unknown) => void
): Indexing {
  const { folder, runs } = services.workspace
  return new Indexing({
    async unknown() {
      await services.capture.known()
      const over = runs
        .list({}, '', null, Infinity)
        .runs.filter(({ state }) => state === 'done' || state === 'cancelled')
      const unknown = await siftInPortions(
        over,
        (run) => indexedRun(services, run),
        (portion) => search.sift(folder, true, portion, null)
      )
      return unknown.map(({ id }) => id)
    },
    async learn(id) {
      const run = runs.get(id)
      // A larger one is read when somebody searches.
      if (run && run.size <= mostIndexedAtRest && services.workspace.writable)
        await search.learn({ ...runRef(services, id), keep: true }, indexedRun(services, run).stamp)
    },
    failed: (error) => logMistake('index', error)
  })
}

export async function prepareNow(services: Services, engine: EngineClient, ids: readonly string[]): Promise<void> {
  const { runs } = services.workspace
  const found = ids.map((id) => runs.get(id)).filter((run) => run !== undefined)
  for (const id of worthPreparing(found)) await engine.prepare({ ...runRef(services, id), keep: true })
}
