// What data is that no trigger gets: said in words that tell a person where it came from and what to give instead.
import { CodedError } from '../../../contract/errors.ts'
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { plural } from '../../../contract/words.ts'
import { isList, isMap, values } from '../../php/values.ts'
import { isStix, kindOf } from './kinds.ts'

interface Look {
  readonly what: string
  /** What to do; absent: give what is needed. */
  readonly advice?: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const isText = (value: Json | undefined): value is string => typeof value === 'string'

const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

/** Null for what may be of use: an object that nothing is known of. */
export function foreignLook(value: Json): Look | null {
  if (value === null) return { what: 'nothing (null)' }
  if (isList(value)) return listLook(value)
  if (!isMap(value)) return { what: `a ${typeof value}` }
  if (Object.keys(value).length === 0) return empty
  for (const [is, look] of looks) if (is(value)) return look(value)
  return null
}

// An empty map is a list once it was read as PHP reads it.
const empty: Look = { what: 'an empty object or list, as a search that finds nothing answers' }

/** What is certainly no data of any trigger. Throws INPUT_OTHER_KIND. */
export function refuseForeign(value: Json, name: string): void {
  if (!isMap(value) || kindOf(value) !== null) return
  const look = foreignLook(value)
  if (look?.advice === undefined || isList(value.response)) return
  throw new CodedError('INPUT_OTHER_KIND', `${name} looks like ${look.what}. ${look.advice}`, { file: name })
}

function listLook(list: readonly Json[]): Look {
  if (list.length === 0) return empty
  const [first] = list
  const kind = first === undefined ? undefined : kindOf(first)?.kind
  if (kind) return { what: `a list of ${plural(list.length, kind)}` }
  const look = first === undefined ? null : foreignLook(first)
  return {
    what: look
      ? `a list whose first entry looks like ${look.what}`
      : `a list of ${plural(list.length, 'entry', 'entries')}`
  }
}

type Rule = readonly [is: (value: JsonMap) => boolean, look: (value: JsonMap) => Look]

const exportOne = 'Export the event itself: /events/view/ID.json, or “Download as… MISP JSON” in MISP.'
const convert = 'Convert it first, for example with misp-stix, or import it into MISP and export the event.'
const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : [])

const looks: readonly Rule[] = [
  [
    (value) =>
      isText(value.message) &&
      (isText(value.url) || 'errors' in value || 'saved' in value || Object.keys(value).length <= 3),
    (value) => ({
      what: `an error of MISP’s API (“${cut(plainText(value.message as string))}”)`,
      advice: `MISP did not answer the event that was asked for. ${exportOne}`
    })
  ],
  [
    (value) => 'errors' in value && !('Event' in value) && Object.keys(value).length <= 6,
    (value) => ({
      what: `an answer of MISP’s API with errors (“${cut(JSON.stringify(value.errors))}”)`,
      advice: exportOne
    })
  ],
  [
    (value) => isText(value.error),
    (value) => ({ what: `an error (“${cut(value.error as string)}”)`, advice: exportOne })
  ],
  [
    (value) => value.type === 'bundle' && ('objects' in value || isStix(value)),
    (value) => ({
      what: `a STIX ${isText(value.spec_version) ? value.spec_version : '2'} bundle of ${plural(listOf(value.objects).length, 'object')}`,
      advice: convert
    })
  ],
  [isStix, (value) => ({ what: `a STIX object (${plainText(value.type as string)})`, advice: convert })],
  [
    (value) =>
      Object.keys(value).some((key) => /STIX_Package|^stix[:_]/i.test(key)) ||
      ('observables' in value && 'version' in value),
    () => ({ what: 'a STIX 1 package', advice: convert })
  ],
  [
    (value) => Object.keys(value).every((key) => uuid.test(key)),
    (value) => ({
      what: `the manifest of a feed, which lists ${plural(Object.keys(value).length, 'event')}`,
      advice: 'The events are files of their own beside it, called by their UUIDs.'
    })
  ],
  [(value) => 'Event' in value, () => ({ what: 'an event with nothing in it' })],
  [
    (value) => 'meta-category' in value && 'attributes' in value,
    (value) => ({
      what: `the template of the object “${cut(plainText((value.name ?? '') as string))}”`,
      advice: 'It describes objects and is none itself.'
    })
  ],
  [
    (value) => isText(value.namespace) && 'predicates' in value,
    (value) => ({
      what: `the taxonomy “${cut(value.namespace as string)}”`,
      advice: 'Import it under World, where its tags are of use.'
    })
  ],
  [
    (value) => isList(value.values) && (isText(value.type) || isText(value.uuid)),
    (value) => ({
      what: `clusters of the galaxy “${cut(plainText((value.type ?? value.name ?? '') as string))}”`,
      advice: 'Import them under World.'
    })
  ],
  [(value) => 'icon' in value && 'namespace' in value, () => ({ what: 'a galaxy', advice: 'Import it under World.' })],
  [
    (value) => isText(value.name) && isList(value.list),
    (value) => ({ what: `the warninglist “${cut(value.name as string)}”`, advice: 'Import it under World.' })
  ],
  [
    (value) => isMap(value.Workflow) || isMap(value.WorkflowBlueprint) || hasNodes(value),
    () => ({ what: 'a workflow', advice: 'It is given as the workflow; the data is what its trigger receives.' })
  ],
  [
    (value) => isText(value.format) && value.format.startsWith('retrace'),
    (value) => ({
      what: `a file of Retrace (${cut(value.format as string)})`,
      advice: 'Import it, and run the run again.'
    })
  ],
  [
    (value) => isText(value.target) && ('body' in value || 'bodyBase64' in value),
    () => ({ what: 'a captured debug post', advice: 'Import it as posts.' })
  ],
  [
    (value) => 'results' in value && Object.keys(value).length <= 2,
    () => ({ what: 'an answer of misp-modules', advice: 'It can be given as a mock of the enrichment.' })
  ],
  [
    (value) => isList(value.finalSettings) || ('setting' in value && 'value' in value),
    () => ({ what: 'settings of MISP', advice: 'Import them under World.' })
  ],
  [(value) => isList(value.response) || isMap(value.response), (value) => responseLook(value.response as Json)],
  [
    (value) => isList(value.GalaxyCluster) && isText(value.type),
    () => ({ what: 'a galaxy with its clusters', advice: 'Import it under World.' })
  ],
  [
    (value) => isList(value.Object),
    (value) => ({
      what: `${objectsAnd(value)}, without the event’s own fields`
    })
  ],
  [
    (value) => isList(value.Attribute) && !('Event' in value),
    (value) => ({ what: `a list of ${plural(values(value.Attribute).length, 'attribute')}` })
  ],
  [
    (value) =>
      ['Tag', 'Organisation', 'SharingGroup', 'Galaxy', 'Role', 'Server', 'Feed', 'Warninglists'].some(
        (name) => name in value
      ),
    (value) => ({
      what: `an answer of MISP’s API about ${cut(Object.keys(value).join(', '))}`,
      advice: 'Import it under World.'
    })
  ]
]

function objectsAnd(value: JsonMap): string {
  const objects = plural(listOf(value.Object).length, 'object')
  return isList(value.Attribute)
    ? `a list of ${objects} and ${plural(value.Attribute.length, 'attribute')}`
    : `a list of ${objects}`
}

function responseLook(response: Json): Look {
  if (isList(response)) return listLook(response)
  const attributes = isMap(response) ? response.Attribute : undefined
  if (isList(attributes)) return { what: `a list of ${plural(attributes.length, 'attribute')}` }
  const inner = isMap(response) ? foreignLook(response) : null
  return { what: inner ? `a response with ${inner.what}` : 'a response of MISP without an event' }
}

const hasNodes = (value: JsonMap): boolean =>
  Object.values(value).some((node) => isMap(node) && isMap(node.data) && isText(node.data.module_type))
