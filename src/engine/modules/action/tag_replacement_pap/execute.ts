import { replaceTags, spelling } from '../../shared/tag-replacement.ts'

const search = /(\w*pap\w*|permissible\W+actions\W+protocol)([:\t\n\v\f\r \-=]{1,2})"?(white|clear|green|amber|red)"?/i
const predicate = spelling(search, 'pap')

/** Module_tag_replacement_pap. */
export const execute = replaceTags((tag) => {
  const found = predicate(tag)
  return found === null ? null : `PAP:${found.toUpperCase()}`
})
