// Whether a repeat goes the way of the run that it repeats, event by event.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { Afterword } from './afterword.ts'

/** Follows a repeat beside the events of the run's own file. */
export class Comparison {
  #next = 0
  #difference: string | null = null

  constructor(
    private readonly events: readonly RunEvent[],
    private readonly ids: { readonly was: string; readonly is: string }
  ) {}

  take(event: RunEvent): void {
    if (this.#difference !== null || event.runId !== this.ids.is) return
    const recorded = this.events[this.#next++]
    if (recorded === undefined || !this.#isSame(recorded, event)) this.#difference = placeOf(event)
  }

  #isSame(recorded: RunEvent, event: RunEvent): boolean {
    const { seq, at, nodeId, type, data } = event
    if (seq !== recorded.seq || at !== recorded.at || nodeId !== recorded.nodeId || type !== recorded.type) return false
    if (type === 'trigger.fired' || type === 'run.started') {
      // They name runs, which have other ids.
      const text = (value: unknown, id: string): string => JSON.stringify(value).replaceAll(id, '')
      return text(recorded.data, this.ids.was) === text(data, this.ids.is)
    }
    return isSame(recorded.data as unknown as Json, data as unknown as Json)
  }

  /** What is said at the end: nothing when all is as it was. */
  afterword(): readonly Afterword[] {
    const where = this.#difference ?? (this.#next < this.events.length ? 'its end' : null)
    if (where === null) return []
    return [{ code: 'REPEAT_DIFFERS', text: `This repeat differs from the run that it repeats, from ${where} on.` }]
  }
}

const placeOf = ({ type, nodeId }: RunEvent): string =>
  nodeId === null ? `the event ${type}` : `node ${nodeId} (${type})`

/** Equal values. Those that are shared are not walked. */
function isSame(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const names = Object.keys(a)
  const others = Object.keys(b)
  return (
    names.length === others.length &&
    names.every((name, i) => name === others[i] && isSame((a as JsonMap)[name] as Json, (b as JsonMap)[name] as Json))
  )
}
