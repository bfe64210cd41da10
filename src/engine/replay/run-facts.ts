// What is said of a run beside its steps.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { at, dig, isMap } from '../php/values.ts'

/** A run of which nothing is known but its id and start. */
export const blankSummary = (id: string, startedAt: string): RunSummary => ({
  id,
  origin: 'local',
  source: null,
  state: 'running',
  outcome: null,
  outcomeText: '',
  trigger: '',
  workflowId: null,
  workflowName: null,
  event: null,
  startedAt,
  durationMs: null,
  steps: 0,
  errors: 0,
  effects: 0,
  worldChanges: 0,
  size: 0,
  name: null,
  pinned: false,
  parent: null,
  confidence: null,
  deletedAt: null,
  words: ''
})

/** What names the event of a run, wherever its trigger put it. */
export function eventOf(data: Json | undefined): RunSummary['event'] {
  const event = [at(data, 'Event'), dig(data, 'response', 0, 'Event')].find(isMap)
  if (event === undefined) return null
  const text = (value: Json | undefined): string | null =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null
  return { id: text(event.id), uuid: text(event.uuid), info: (text(event.info) ?? '').slice(0, 200) }
}

/** Options as shells need them to show policies and to run again: pinned data may be as large as an event and stays here. */
export function shownOptions({ pins, ...options }: JsonMap): JsonMap {
  if (!isMap(pins ?? null)) return options
  const small = Object.entries(pins as JsonMap).map(([node, pin]) => {
    const { data, ...rest } = pin as JsonMap
    return [node, data === undefined ? rest : { ...rest, kept: true }] as const
  })
  return { ...options, pins: Object.fromEntries(small) }
}
