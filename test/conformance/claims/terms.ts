// Names that sentences may say of MISP itself, whatever the data: those of its modules, operators and fields, and a few fixed ones.
import type { Json } from '../../../src/contract/json.ts'
import { modulesOf } from '../../../src/engine/modules/table.ts'
import { profileIds } from '../../../src/engine/profiles/profiles.ts'
import type { Subject } from './subject.ts'

const tables = profileIds.map((id) => modulesOf(id).list())
const definitions = tables.flatMap((table) => [
  ...table.modules_trigger,
  ...table.modules_logic,
  ...table.modules_action
])

const optionsOf = (options: Json | undefined): readonly string[] =>
  Array.isArray(options)
    ? options.map((option: Json) => String((option as { readonly value?: Json } | null)?.value ?? option))
    : Object.keys((options as object | undefined) ?? {})

const names = new Set([
  ...definitions.map(({ id }) => id),
  ...definitions.flatMap(({ params }) => params.flatMap((param) => [param.id, ...optionsOf(param['options'] as Json)])),
  ...'in not_in equals not_equals any_value in_or in_and not_in_or not_in_and'.split(' '),
  // What Retrace says of a run, what MISP's modules say or take, and what they read and write beside an event.
  ...[
    'cannot tell',
    'partial-success',
    'Execution stopped',
    'URL not provided.',
    'misp_json_workflow',
    'text',
    'published',
    'yes',
    'Org admins'
  ],
  ...[
    'misp-galaxy:',
    '%',
    '*',
    'country="…"',
    'country:"…"',
    'country_code:"…"',
    'asn_number:"…"',
    'asn_org:"…"',
    'PAP:…',
    'pap:red',
    'pap="red"'
  ],
  ...['tlp:…', 'TLP:RED', 'tlp="red"', 'vulnerability', 'enrichment', 'warnings', '{n}', '{s}', '{*}'],
  // Numbers: of ids, of threat levels, of versions, of limits.
  ...['0', '1', '4', '0.2', '131,071', 'T1588.006'],
  ...[
    'Invalid start node',
    'Error while normalizing data for trigger',
    'Error while normalizing data for trigger. Invalid input.'
  ]
])

const fields = new Set(
  (
    'Event Attribute _AttributeFlattened _allTags Object ObjectReference Tag EventTag AttributeTag Galaxy GalaxyCluster EventReport ' +
    'ShadowAttribute RelatedEvent Sighting Org Orgc Warninglist name info published org_id orgc_id distribution threat_level_id enrichment warnings'
  ).split(' ')
)

/** A hash path of the core format, a name of MISP's, or keys that stand in the data or the node's settings. */
export function isTerm(value: string, { input, output, view, params, filters, changes }: Subject): boolean {
  const text = value.replace(/^[`“]|[`”]$/g, '')
  if (names.has(text)) return true
  const keys = text.split('.').filter((key) => !/^(\{[ns*]\}|\d+)$/.test(key))
  if (keys.every((key) => fields.has(key))) return true
  if (changes?.some(({ path }) => path.join('.').includes(text))) return true
  const known = JSON.stringify([input ?? view ?? output ?? null, params ?? {}, filters ?? {}])
  return keys.length > 0 && keys.every((key) => known.includes(JSON.stringify(key).slice(1, -1)))
}
