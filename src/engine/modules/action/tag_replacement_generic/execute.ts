import { replaceTags } from '../../shared/tag-replacement.ts'

/** Module_tag_replacement_generic: its search expression is empty, which PHP refuses, so no tag is ever replaced. */
export const execute = replaceTags(() => null)
