// The events of a run as they are kept, for a terminal and for scripts.
import type { Json } from '../../../contract/json.ts'
import { encodeJson } from '../../../engine/php/encode.ts'
import { createMask } from '../mask/run.ts'
import type { RunBook } from '../runs/run-book.ts'
import type { WorkerHandlers } from '../thread/protocol.ts'

/** A page of lines ends behind this much text. */
const pageLength = 32 * 1024 * 1024

export const eventOperations = (book: RunBook): Pick<WorkerHandlers, 'run.events'> => ({
  'run.events': async ({ runId, from, unmasked }, refs) => {
    const { events } = await book.open(refs.run, runId, refs.halt)
    const mask = unmasked ? null : createMask()
    const lines: string[] = []
    let length = 0
    for (const [i, event] of events.entries()) {
      // What an earlier event says is hidden in later ones.
      const shown = mask === null ? event : mask(event)
      if (i < from) continue
      if (length >= pageLength) return { lines, next: i }
      const line = encodeJson(shown as unknown as Json)
      lines.push(line)
      length += line.length
      refs.halt?.check()
    }
    return { lines, next: null }
  }
})
