import { looseEquals } from '../../../php/compare.ts'
import { withKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { changeAttributes } from '../../shared/attribute-edit.ts'

/** Module_attribute_ids_flag_operation::exec. "Toggle" sets the flag, whatever it was. */
export const execute: Execute = (ctx) =>
  changeAttributes(ctx, (params) => {
    const to_ids = !looseEquals(params.action ?? '', 'remove')
    return (attribute) => withKey(attribute, 'to_ids', to_ids)
  })
