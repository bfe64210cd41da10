import { looseEquals } from '../../../php/compare.ts'
import { withKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { changeAttributes, changeAttributesAsEdited, changeOneByOne } from '../../shared/attribute-edit.ts'
import type { Change } from '../../shared/attribute-edit.ts'

/** Module_attribute_ids_flag_operation::_editAttribute. "Toggle" sets the flag, whatever it was. */
const change: Change = (params) => {
  const to_ids = !looseEquals(params.action ?? '', 'remove')
  return (attribute) => withKey(attribute, 'to_ids', to_ids)
}

export const execute: Execute = (ctx) => changeAttributes(ctx, change)

const asEdited: Execute = (ctx) => changeAttributesAsEdited(ctx, change)

const oneByOne: Execute = (ctx) =>
  changeOneByOne(ctx, function* (attribute, params) {
    return change(params)(attribute)
  })

export const versions = { '2.5.19': { execute: asEdited }, '2.4.177': { execute: oneByOne } }
