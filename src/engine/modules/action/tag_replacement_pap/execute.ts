import { replaceTags, spelling } from '../../shared/tag-replacement.ts'

const predicate = spelling('pap', 'permissible\\W+actions\\W+protocol', 'white|clear|green|amber|red')

/** Module_tag_replacement_pap. */
const substitute = (tag: string): string | null => {
  const found = predicate(tag)
  return found === null ? null : `PAP:${found.toUpperCase()}`
}

export const execute = replaceTags(substitute)
export const versions = { '2.5.19': { execute: replaceTags(substitute, { aborts: true }) } }
