import { withKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { changeAttributes } from '../../shared/attribute-edit.ts'

/** Module_attribute_comment_operation::exec. The comment is rendered once, before any attribute: `__currentAttribute` is never there. */
export const execute: Execute = (ctx) =>
  changeAttributes(ctx, (params) => {
    const comment = params.comment ?? ''
    return (attribute) => (attribute.comment === comment ? attribute : withKey(attribute, 'comment', comment))
  })
