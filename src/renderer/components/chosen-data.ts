// What a person chose as data, wherever it is.
import { isUnknownMap, type JsonMap } from '../../contract/json.ts'
import type { DataSource } from '../../contract/operations.ts'
import type { DataSummary } from '../../contract/workspace.ts'
import type { Chosen } from '../stores/chosen.ts'

/** The trigger whose normalisation is MISP's plain conversion into core format. */
export const coreFormatTrigger = 'event-publish'

export const emptyPaste: Chosen = { kind: 'paste', text: '' }

/** Why it cannot be used yet; null when it can. */
export function problemOf(chosen: Chosen): string | null {
  if (chosen.kind !== 'paste') return null
  if (chosen.text.trim() === '') return 'Paste or type JSON: an event as MISP exports it, or any object.'
  try {
    return isUnknownMap(JSON.parse(chosen.text)) ? null : 'The data is not a JSON object.'
  } catch (error) {
    return error instanceof Error ? error.message : 'Invalid JSON.'
  }
}

/** As operations take it; null while it cannot be used. With a trigger: what its workflow starts with. */
export function sourceOf(chosen: Chosen, trigger?: string): DataSource | null {
  const as = trigger === undefined ? {} : { trigger }
  switch (chosen.kind) {
    case 'paste':
      return problemOf(chosen) === null ? { json: JSON.parse(chosen.text) as JsonMap, ...as } : null
    case 'data':
      return { dataId: chosen.id, ...(chosen.index === null ? {} : { index: chosen.index }), ...as }
    case 'file':
      return { uploadId: chosen.uploadId, ...(chosen.index === null ? {} : { index: chosen.index }), ...as }
    case 'step':
      return { runId: chosen.runId, step: chosen.step, which: chosen.which, ...as }
  }
}

export function nameOf(chosen: Chosen, sets: readonly DataSummary[]): string {
  const entry = (index: number | null) => (index === null ? '' : ` [${index}]`)
  switch (chosen.kind) {
    case 'paste':
      return 'pasted data'
    case 'data':
      return `${sets.find((one) => one.id === chosen.id)?.name ?? chosen.id}${entry(chosen.index)}`
    case 'file':
      return `${chosen.name}${entry(chosen.index)}`
    case 'step':
      return chosen.step === 0 ? 'trigger data' : `${chosen.which} of step ${chosen.step}`
  }
}
