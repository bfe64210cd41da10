// How a stored run becomes events, by origin. Captured runs are derived from their posts by host/capture.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { RunOrigin, RunSummary } from '../../../contract/run-views.ts'
import type { Surroundings } from '../../../contract/surroundings.ts'
import { loadCaptured } from '../../capture/derive/captured-loader.ts'
import { loadLogged } from '../../capture/derive/logged-loader.ts'
import type { Pause } from '../../pauses.ts'
import { readRunFile } from '../../runs/run-file.ts'
import type { RunRef } from './protocol.ts'

interface LoadedRun {
  readonly events: readonly RunEvent[]
  /** null when it is not known. */
  readonly workflow: Json
  /** It was made from the run's posts. */
  readonly rebuilt?: boolean
  readonly options: JsonMap
  /** Absent: of runs that Retrace did not run. */
  readonly surroundings?: Surroundings | null
  /** The run as its file begins. */
  readonly begun?: RunSummary
}

export type Loader = (ref: RunRef, pause: Pause) => Promise<LoadedRun>

const loaders: Readonly<Record<RunOrigin, Loader>> = {
  async local(ref, pause) {
    const { header, events, surroundings } = await readRunFile(ref.file, pause)
    return { events, workflow: header.workflow, options: header.options, surroundings, begun: header.summary }
  },
  async captured({ summary, folder, posts = [], workflows = [], limits, profile }, pause) {
    const { id, trigger, outcome, parent } = summary
    const ref = { runId: id, trigger, outcome, folder, posts, parent, workflows, ...(profile ? { profile } : {}) }
    return loadCaptured(ref, pause, limits)
  },
  imported: ({ summary, folder, workflows = [], profile }) => loadLogged(summary.id, folder, workflows, profile?.id)
}

/** `pause` is awaited often: it lets others have the thread, and throws when nobody wants the run any more. */
export const loadRun: Loader = (ref, pause) => loaders[ref.summary.origin](ref, pause)
