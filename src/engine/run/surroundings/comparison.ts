// Whether a repeat goes the way of the run that it repeats, event by event.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { Afterword } from './afterword.ts'

/** Follows a repeat beside the events of the run's own file. */
export class Comparison {
  #next = 0
  #difference: string | null = null
  #left = 0

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
    this.#left = mostContainers
    const [was, is] = [recorded.data as unknown as JsonMap, data as unknown as JsonMap]
    // What may be large comes last.
    const names = Object.keys(is).sort((a, b) => Number(bulk.has(a)) - Number(bulk.has(b)))
    return names.length === Object.keys(was).length && names.every((name) => this.#isEqual(was[name], is[name]))
  }

  #isEqual(a: Json | undefined, b: Json | undefined): boolean {
    if (a === b) return true
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
    // A repeat must not take twice the time of a run: of large data a part is looked at.
    if (this.#left-- <= 0) return true
    if (Array.isArray(a)) return Array.isArray(b) && this.#areEqualLists(a, b)
    return this.#areEqualMaps(a as JsonMap, b as JsonMap)
  }

  #areEqualLists(a: readonly Json[], b: readonly Json[]): boolean {
    if (a.length !== b.length) return false
    const step = Math.max(1, Math.floor(a.length / mostItems))
    for (let i = 0; i < a.length; i += step) if (!this.#isEqual(a[i] as Json, b[i] as Json)) return false
    return true
  }

  #areEqualMaps(a: JsonMap, b: JsonMap): boolean {
    const names = Object.keys(a)
    const others = Object.keys(b)
    if (names.length !== others.length) return false
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string
      if (name !== others[i] || !this.#isEqual(a[name] as Json, b[name] as Json)) return false
    }
    return true
  }

  /** What is said at the end: nothing when all is as it was. */
  afterword(): readonly Afterword[] {
    const where = this.#difference ?? (this.#next < this.events.length ? 'its end' : null)
    if (where === null) return []
    return [{ code: 'REPEAT_DIFFERS', text: `This repeat differs from the run that it repeats, from ${where} on.` }]
  }
}

const mostItems = 6
/** Lists and maps of one event. */
const mostContainers = 40
const bulk = new Set(['before', 'after', 'view', 'original', 'normalized', 'data', 'effect', 'post', 'walk'])

const placeOf = ({ type, nodeId }: RunEvent): string =>
  nodeId === null ? `the event ${type}` : `node ${nodeId} (${type})`
