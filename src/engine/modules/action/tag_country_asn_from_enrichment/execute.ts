import type { Json } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import { assertKnown, createBudget, pregMatch, type Budget } from '../../../hash/regex/preg.ts'
import { phpString, trim } from '../../../php/cast.ts'
import { isEmpty, values } from '../../../php/values.ts'
import { attachTagsToAttribute, type TagOptions } from '../../../world/models/tags.ts'
import type { Execute } from '../../context.ts'
import { itemsOf, rememberAttributes } from '../../shared/attributes.ts'
import { offset } from '../../shared/params.ts'
import { showOnAttribute } from '../../shared/tag-roaming.ts'
import { selectItems } from '../../shared/tags.ts'

const inObjects = (relation: string): string =>
  `enrichment.{n}.Object.{n}.Attribute.{n}[object_relation=${relation}].value`
const inAttributes = (relation: string): string => `enrichment.{n}.Attribute.{n}[object_relation=${relation}].value`

/** firstNonEmpty(): the first text that is more than blanks, without them. */
function first(attribute: Json, paths: readonly string[]): string {
  for (const path of paths)
    for (const value of values(extract(attribute, path)))
      if (typeof value === 'string' && trim(value) !== '') return trim(value)
  return ''
}

const inDescription = [
  String.raw`/ASNOrganization\s*[:-]?\s*"?([A-Za-z0-9\-._\s]+?)"?(?:\.|$)/i`,
  String.raw`/\bASN(?:Organization|Org)?\b.*?([A-Z][A-Za-z0-9\-._\s]+)/i`
]

/** `$matches[1]` of preg_match(), or null: on PHP's own machine, whose work is bounded. */
function firstGroup(pattern: string, text: string, budget: Budget): string | null {
  const result = pregMatch(pattern, text, budget)
  assertKnown(result, pattern)
  return result.matched ? phpString(values(result.groups())[1] ?? '') : null
}

/** The organisation of an ASN, out of its own field or of a description. */
function organisation(attribute: Json, budget: Budget): string {
  const named = first(attribute, [inObjects('ASNOrganization'), inAttributes('ASNOrganization')])
  if (!isEmpty(named)) return named
  const inObject = values(extract(attribute, inObjects('description')))
  for (const text of inObject.length > 0 ? inObject : values(extract(attribute, inAttributes('description')))) {
    if (typeof text !== 'string' || trim(text) === '') continue
    for (const pattern of inDescription) {
      const found = firstGroup(pattern, text, budget)
      if (found !== null) return trim(found)
    }
  }
  return named
}

const upper = (text: string): string => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())

function tagsFor(attribute: Json, budget: Budget): readonly string[] {
  const country = first(attribute, [inObjects('country'), inAttributes('country')])
  const code = first(attribute, [inObjects('countrycode'), inAttributes('countrycode')])
  const asn = /\d+/.exec(first(attribute, [inObjects('asn'), inAttributes('asn'), inObjects('ASN')]))?.[0] ?? ''
  const org = organisation(attribute, budget)
  return [
    ...new Set([
      ...(isEmpty(country) ? [] : [`country:"${upper(country)}"`]),
      ...(isEmpty(asn) ? [] : [`asn_number:"${asn}"`]),
      ...(isEmpty(org) ? [] : [`asn_org:"${org.replaceAll('"', "'")}"`]),
      ...(isEmpty(code) ? [] : [`country_code:"${code}"`])
    ])
  ]
}

/** Module_tag_country_asn_from_enrichment::exec. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { locality = '' } = yield* ctx.params()
  const selected = selectItems(ctx, data)
  if (selected === false) return false
  const attributes = itemsOf(extract(selected.items, 'Event._AttributeFlattened.{n}'))
  const budget = createBudget()
  let success = false
  for (const attribute of attributes) {
    const tags = tagsFor(attribute, budget)
    if (tags.length === 0) continue
    const options: TagOptions = { tags, local: phpString(locality) === 'local', relationship: '' }
    const names: Json[] = []
    const [id, eventId] = [offset(attribute, 'id'), offset(attribute, 'event_id')]
    const done = yield* attachTagsToAttribute(ctx, id, eventId, options, names)
    if (done) showOnAttribute(ctx, rememberAttributes(ctx), attribute, { remove: false, names, options })
    success ||= done
  }
  return success
}
