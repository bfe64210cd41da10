import type { Json, JsonMap } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import type { Gen } from '../../../effects/signals.ts'
import { toBytes, urlencode } from '../../../php/bytes.ts'
import { phpString } from '../../../php/cast.ts'
import { isArray, isEmpty, withoutKeys } from '../../../php/values.ts'
import { editAttributes } from '../../../world/models/attribute.ts'
import { attachTagsToAttribute, type TagOptions } from '../../../world/models/tags.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { itemsOf, overrideAttributes, rememberAttributes } from '../../shared/attributes.ts'
import { readCve, tagsOfCve } from '../../shared/cve.ts'
import { sendRequest } from '../../shared/http.ts'
import { offset, offsetOrNull } from '../../shared/params.ts'
import { showOnAttribute } from '../../shared/tag-roaming.ts'
import { selectItems } from '../../shared/tags.ts'
import { urlsForbidden } from '../webhook/execute.ts'

const endpoint = 'https://vulnerability.circl.lu/api/cve/'

/** The body of an answer with status 200; null, with an error, for any other. */
function* lookUp(ctx: ModuleContext, cve: string): Gen<string | null> {
  const url = `${endpoint}${urlencode(toBytes(cve))}`
  const response = yield* sendRequest(ctx, { url, contentType: 'application/json', data: null, method: 'get' })
  if (response.status === 200) return response.body
  ctx.addError(`Request failed with HTTP ${response.status}: ${response.body}`)
  return null
}

interface Looked {
  readonly attribute: Json
  readonly names: readonly string[]
  readonly local: boolean
}

function* tag(ctx: ModuleContext, { attribute, names: tags, local }: Looked): Gen<boolean> {
  const options: TagOptions = { tags, local, relationship: '' }
  const names: Json[] = []
  const [id, eventId] = [offset(attribute, 'id'), offset(attribute, 'event_id')]
  const done = yield* attachTagsToAttribute(ctx, id, eventId, options, names)
  if (done) showOnAttribute(ctx, rememberAttributes(ctx), attribute, { remove: false, names, options })
  return done
}

/** The summary goes behind the comment: the whole attribute is saved, and put into the data as it was before any tag. */
function* comment(ctx: ModuleContext, data: JsonMap, attribute: JsonMap, summary: string): Gen<JsonMap> {
  const text = `${phpString(attribute['comment'] ?? '')} CVE Summary: ${summary}`.trim()
  const changed: JsonMap = { ...withoutKeys(attribute, ['timestamp']), comment: [...text].slice(0, 65535).join('') }
  yield* editAttributes(ctx, [changed])
  const next = overrideAttributes(data, rememberAttributes(ctx), [[attribute, changed]])
  ctx.setData(next)
  rememberAttributes(ctx)
  return next
}

/** Module_tag_cve_from_enrichment::exec. Module_webhook runs first and finds no URL; what it answers is not looked at. */
export const execute: Execute = function* (ctx) {
  ctx.addError(urlsForbidden(ctx) ?? 'URL not provided.')
  let data = ctx.getData()
  const { locality = '', add_vulnerability_ttp: ttp = '' } = yield* ctx.params()
  const selected = selectItems(ctx, data)
  if (selected === false) return false
  let success = false
  for (const attribute of itemsOf(extract(selected.items, 'Event._AttributeFlattened.{n}'))) {
    const cve = offsetOrNull(attribute, 'value')
    if (!isArray(attribute) || offset(attribute, 'type') !== 'vulnerability' || isEmpty(cve)) continue
    const body = yield* lookUp(ctx, phpString(cve))
    if (body === null) continue
    const found = readCve(body)
    const names = tagsOfCve(found, ttp === 'yes')
    const tagged = yield* tag(ctx, { attribute, names, local: locality === 'local' })
    success ||= tagged
    const known = phpString(offset(attribute, 'comment')).includes('CVE Summary:')
    if (!success || found.summary === '' || known) continue
    data = yield* comment(ctx, data, attribute as JsonMap, found.summary)
  }
  return success
}
