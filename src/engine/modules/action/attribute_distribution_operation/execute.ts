import { looseEquals } from '../../../php/compare.ts'
import { withKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { changeAttributesAsEdited } from '../../shared/attribute-edit.ts'

/** Module_attribute_distribution_operation::exec. */
export const execute: Execute = (ctx) =>
  changeAttributesAsEdited(ctx, ({ distribution = '', sharing_group_id = '' }) => (attribute) => {
    const changed = withKey(attribute, 'distribution', distribution)
    return looseEquals(distribution, 4) ? withKey(changed, 'sharing_group_id', sharing_group_id) : changed
  })
