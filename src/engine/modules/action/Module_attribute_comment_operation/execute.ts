import { withKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { changeAttributes, changeAttributesAsEdited } from '../../shared/attribute-edit.ts'
import type { Change } from '../../shared/attribute-edit.ts'

/**
 * Module_attribute_comment_operation::_editAttribute. The comment is rendered once, before any attribute: `__currentAttribute` is never
 * there.
 */
const change: Change = (params) => {
  const comment = params.comment ?? ''
  return (attribute) => (attribute.comment === comment ? attribute : withKey(attribute, 'comment', comment))
}

export const execute: Execute = (ctx) => changeAttributes(ctx, change)

const asEdited: Execute = (ctx) => changeAttributesAsEdited(ctx, change)
export const versions = { '2.5.19': { execute: asEdited } }
