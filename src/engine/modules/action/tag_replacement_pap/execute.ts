import { replaceTags, spelling } from '../../shared/tag-replacement.ts'

const predicate = spelling('pap', 'permissible\\W+actions\\W+protocol', 'white|clear|green|amber|red')

/** Module_tag_replacement_pap. */
export const execute = replaceTags((tag) => {
  const found = predicate(tag)
  return found === null ? null : `PAP:${found.toUpperCase()}`
})
