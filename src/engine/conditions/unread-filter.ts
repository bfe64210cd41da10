import type { Json } from '../../contract/json.ts'
import { at, dig, isArray, isEmpty } from '../php/values.ts'

/**
 * True for a node whose filter is saved as MISP's modules declare it, as a list of `{text, value}`, instead of by name: WorkflowBaseModule::getFilters
 * finds nothing in it.
 */
export function unreadFilter(node: Json): boolean {
  const saved = dig(node, 'data', 'saved_filters')
  return (
    Array.isArray(saved) && (saved as readonly Json[]).some((one) => isArray(one) && !isEmpty(at(one, 'value') ?? null))
  )
}
