import { replaceTags, spelling } from '../../shared/tag-replacement.ts'

// `amber` comes before `amber+strict` in MISP's expression, so tlp:amber+strict is taken for tlp:amber.
const search =
  /(\w*tlp\w*|traffic\W+light\W+protocol)([:\t\n\v\f\r \-=]{1,2})"?(white|clear|green|amber|amber\+strict|red)"?/i
const predicate = spelling(search, 'tlp')

/** Module_tag_replacement_tlp. */
export const execute = replaceTags((tag) => {
  const found = predicate(tag)
  return found === null ? null : `tlp:${found.toLowerCase()}`
})
