// Comparisons of runs that are open. The one that was looked at last is kept: its lines are asked for one by one.
import type { RunSummary } from '../../../contract/run-views.ts'
import { compareRuns } from '../../../engine/replay/compare/compare-runs.ts'
import type { Compared } from '../../../engine/replay/compare/compare-runs.ts'
import type { Clock } from '../../../engine/replay/compare/own-values.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import { uuidsOf } from '../../../engine/run/surroundings/clock.ts'
import type { OpenRun } from '../runs/open-run.ts'
import { unixTime } from '../runs/run-input.ts'

/** Seconds that a run here may wait until it reads its clock; that the clocks of MISP and of this machine may be apart. */
const waiting = 5
const apart = 10

function clockOf({ summary, options, surroundings }: OpenRun): Clock | null {
  if (surroundings) return { from: surroundings.now, to: surroundings.now }
  const { now } = typeof options['now'] === 'string' ? unixTime(options['now']) : {}
  if (now !== undefined) return { from: now, to: now }
  const started = Math.floor(Date.parse(summary.startedAt) / 1000)
  if (!Number.isFinite(started) || summary.origin === 'imported') return null
  if (summary.origin === 'local') return { from: started, to: started + waiting }
  return { from: started - apart, to: started + Math.ceil((summary.durationMs ?? 0) / 1000) + apart }
}

/** More are not made again. */
const mostDrawn = 100_000

function drawnBy({ surroundings }: OpenRun): Pick<ComparedRun, 'drawn'> {
  if (!surroundings || surroundings.uuids.drawn > mostDrawn) return {}
  const draw = uuidsOf(surroundings.uuids.seed)
  return { drawn: new Set(Array.from({ length: surroundings.uuids.drawn }, draw)) }
}

const sideOf = (run: OpenRun): ComparedRun => ({
  ...{ fold: run.fold, events: run.events, workflow: run.workflow, rebuilt: run.rebuilt },
  origin: run.summary.origin,
  clock: clockOf(run),
  ...drawnBy(run),
  ...(run.surroundings ? { settings: run.surroundings.settings } : {})
})

interface Kept {
  readonly runs: readonly [OpenRun, OpenRun]
  /** How far they had come. */
  readonly state: string
  readonly compared: Compared
}

export class Comparing {
  #last: Kept | null = null

  of(a: OpenRun, b: OpenRun): Compared {
    const state = [a, b].map(({ events }) => events.length).join()
    const last = this.#last
    if (last?.runs[0] === a && last.runs[1] === b && last.state === state) return last.compared
    const compared = compareRuns(sideOf(a), sideOf(b))
    this.#last = { runs: [a, b], state, compared }
    return compared
  }
}

const together = 'who answered, and how long anything took'

/** What is not compared, in words. */
export function leftOut(a: RunSummary, b: RunSummary): readonly string[] {
  const told = [`Times of the run’s own clock, new UUIDs, ids of runs, ${together}`]
  const origins = [a.origin, b.origin]
  if (origins.includes('imported')) told.push('Data, parameters and errors: MISP’s log does not have them')
  if (origins.includes('captured') && origins.includes('local'))
    told.push('Filtered data of the run here: it is compared as its posts would show it')
  if (origins.some((origin) => origin !== 'local')) told.push('Effects and database changes: posts do not tell them')
  return told
}
