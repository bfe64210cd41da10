import { replaceTags, spelling } from '../../shared/tag-replacement.ts'

// `amber` comes before `amber+strict` in MISP's expression, so tlp:amber+strict is taken for tlp:amber.
const colours = 'white|clear|green|amber|amber\\+strict|red'
const predicate = spelling('tlp', 'traffic\\W+light\\W+protocol', colours)

/** Module_tag_replacement_tlp. */
const substitute = (tag: string): string | null => {
  const found = predicate(tag)
  return found === null ? null : `tlp:${found.toLowerCase()}`
}

export const execute = replaceTags(substitute)
export const versions = { '2.5.19': { execute: replaceTags(substitute, { aborts: true }) } }
