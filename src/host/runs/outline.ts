// runs/outlines/<id>.json: what a long run shows before its data is asked for, so that it opens without being read. Made from the run
// and made again whenever that changed: whoever deletes these files loses nothing.
import { dirname, join } from 'node:path'
import type { Json } from '../../contract/json.ts'
import { isPackedSteps } from '../../contract/packed-steps.ts'
import type { PackedRunDetail } from '../../contract/packed-steps.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { writeAtomic } from '../store/files.ts'
import { pathOf } from '../store/paths.ts'
import { parseJson, readText } from '../store/reading.ts'

export interface Outline {
  readonly detail: PackedRunDetail
  /** null when it is not known. */
  readonly workflow: Json
  readonly rebuilt: boolean
}

/** Shorter ones are read faster than a person sees. */
const fewSteps = 1000
const fewBytes = 1_000_000

export const isLong = ({ steps, size }: Pick<RunSummary, 'steps' | 'size'>): boolean =>
  steps >= fewSteps || size >= fewBytes

/** Beside the file that the run has, or would have if it were a local one. */
export const outlineFile = (runFile: string, id: string): string =>
  pathOf(join(dirname(runFile), 'outlines'), id, '.json')

/** The outline of a run that `key` tells from every other state of it; null when there is none that is good. Never throws. */
export async function readOutline(file: string, key: string): Promise<Outline | null> {
  try {
    const text = await readText(file)
    if (text === null) return null
    const { key: written, ...outline } = parseJson(text, 'the outline') as Outline & { readonly key: string }
    return written === key && isPackedSteps(outline.detail.steps) ? outline : null
  } catch {
    return null
  }
}

export const writeOutline = (file: string, key: string, outline: Outline): Promise<void> =>
  writeAtomic(file, JSON.stringify({ format: 'retrace.outline', version: 1, key, ...outline }))
