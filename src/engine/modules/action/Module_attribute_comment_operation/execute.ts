import { withKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { changeAttributes, changeAttributesAsEdited, changeOneByOne } from '../../shared/attribute-edit.ts'
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

/** Renders the comment for each attribute, which the template sees as `__currentAttribute`; one that equals the template keeps it. */
const oneByOne: Execute = (ctx) =>
  changeOneByOne(ctx, function* (attribute, params, data) {
    const template = params.comment ?? ''
    const seen = { ...data, __currentAttribute: attribute }
    const comment = yield* ctx.render(template, seen, 'comment')
    return attribute.comment === template ? attribute : withKey(attribute, 'comment', comment)
  })

export const versions = { '2.5.19': { execute: asEdited }, '2.4.177': { execute: oneByOne } }
