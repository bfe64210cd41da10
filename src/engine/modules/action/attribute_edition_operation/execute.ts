import type { Execute } from '../../context.ts'
import { rememberAttributes } from '../../shared/attributes.ts'

/** Module_attribute_edition_operation::exec: the base of the editing modules changes nothing itself. */
export const execute: Execute = (ctx) => {
  rememberAttributes(ctx)
  return true
}
