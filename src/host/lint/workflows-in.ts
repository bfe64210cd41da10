// Which workflows and blueprints a JSON file holds. Of a folder most files may be something else, which is no problem of theirs.
import { isUtf8 } from 'node:buffer'
import type { Json, JsonMap } from '../../contract/json.ts'
import { looksLikeGraph } from '../../engine/graph/document.ts'
import { workflowsIn } from '../../engine/graph/parse.ts'
import { isMap } from '../../engine/php/values.ts'
import { isCaseName } from '../cases/case-files.ts'

export interface Entry {
  /** Its path in the file. */
  readonly path: readonly (string | number)[]
  readonly value: Json
}

/** Null: something else than workflows. */
export function entriesOf(value: Json): readonly Entry[] | null {
  const list = workflowsIn(value, 'some')
  if (list !== null) {
    const inside = isMap(value) ? ['response'] : []
    return list.map((one, i) => ({ path: [...inside, i], value: one }))
  }
  return isWorkflow(value) ? [{ path: [], value }] : null
}

const graphFields = ['indexed_params', 'module_type'] as const

function isWorkflow(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.length > 0 && looksLikeGraph(value as readonly Json[])
  const map = value as JsonMap
  if (typeof map.format === 'string' && map.format.startsWith('retrace.'))
    return map.format === 'retrace.workflow' || map.format === 'retrace.blueprint'
  if ('Workflow' in map || 'WorkflowBlueprint' in map) return true
  return looksLikeGraph(map) || ('data' in map && ('trigger_id' in map || isGraph(map.data)))
}

const isGraph = (data: Json | undefined): boolean =>
  typeof data === 'object' && data !== null && looksLikeGraph(data as JsonMap | readonly Json[])

/** What cannot be parsed is a damaged workflow where it has the words of one, and not those of another file of Retrace, which may hold one. */
const isDamagedWorkflow = (text: string): boolean =>
  !/"format"\s*:\s*"retrace\.(?!workflow"|blueprint")/.test(text) &&
  (/"Workflow(?:Blueprint)?"\s*:/.test(text) || graphFields.every((name) => text.includes(`"${name}"`)))

/** Nothing but a name is left of what is empty or no text (UTF-16 is none of JSON's), so it may have been a workflow; a case says by its name that it is none. */
export const isDamaged = (bytes: Buffer, name: string): boolean => {
  const text = bytes.toString('utf8')
  const isGone = !isUtf8(bytes) || bytes.includes(0) || text.trim() === ''
  return isGone ? !isCaseName(name) : isDamagedWorkflow(text)
}
