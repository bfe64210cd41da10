// Completion in MISP's JSON: keys that belong where the cursor stands, and for values what MISP has for that key and what the data already holds.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { ensureSyntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'

type SyntaxNode = ReturnType<NonNullable<ReturnType<typeof ensureSyntaxTree>>['resolveInner']>

const attribute =
  'id type category value to_ids uuid event_id object_id object_relation distribution sharing_group_id timestamp comment deleted disable_correlation first_seen last_seen data Tag Galaxy ShadowAttribute Sighting warnings'
/** Keys of what stands under a key, as MISP's core format has them. */
const keysUnder: Readonly<Record<string, string>> = {
  '': 'Event',
  Event:
    'id uuid info date published analysis threat_level_id distribution sharing_group_id org_id orgc_id timestamp publish_timestamp attribute_count locked proposal_email_lock disable_correlation extends_uuid protected event_creator_email Org Orgc Attribute Object Tag Galaxy EventReport ShadowAttribute RelatedEvent CryptographicKey SharingGroup',
  Attribute: attribute,
  ShadowAttribute: `${attribute} old_id org_id proposal_to_delete`,
  Object:
    'id name meta-category description template_uuid template_version event_id uuid timestamp distribution sharing_group_id comment deleted first_seen last_seen ObjectReference Attribute',
  Tag: 'id name colour exportable local user_id hide_tag numerical_value is_galaxy is_custom_galaxy local_only inherited relationship_type',
  Org: 'id name uuid local',
  Orgc: 'id name uuid local',
  Galaxy: 'id uuid name type description version icon namespace local_only GalaxyCluster',
  GalaxyCluster: 'id uuid type value tag_name description galaxy_id source authors version meta local',
  EventReport: 'id uuid name content event_id distribution sharing_group_id timestamp deleted',
  Sighting: 'id uuid type source date_sighting attribute_id event_id org_id Organisation',
  ObjectReference: 'id uuid object_id referenced_uuid referenced_id relationship_type comment deleted'
}

type Values = readonly (readonly [text: string, means?: string])[]
const flag: Values = [['true'], ['false']]
const distribution: Values = [
  ['"0"', 'your organisation only'],
  ['"1"', 'this community only'],
  ['"2"', 'connected communities'],
  ['"3"', 'all communities'],
  ['"4"', 'sharing group'],
  ['"5"', 'inherit event']
]
const quoted = (words: string): Values => words.split(',').map((word) => [JSON.stringify(word)] as const)

const valuesOf: Readonly<Record<string, Values>> = {
  distribution,
  analysis: [
    ['"0"', 'initial'],
    ['"1"', 'ongoing'],
    ['"2"', 'complete']
  ],
  threat_level_id: [
    ['"1"', 'high'],
    ['"2"', 'medium'],
    ['"3"', 'low'],
    ['"4"', 'undefined']
  ],
  ...Object.fromEntries(
    'to_ids published deleted disable_correlation locked protected proposal_email_lock local exportable'
      .split(' ')
      .map((key) => [key, flag])
  ),
  category: quoted(
    'Internal reference,Targeting data,Antivirus detection,Payload delivery,Artifacts dropped,Payload installation,Persistence mechanism,Network activity,Payload type,Attribution,External analysis,Financial fraud,Support Tool,Social network,Person,Other'
  ),
  type: quoted(
    'ip-src,ip-dst,ip-dst|port,domain,domain|ip,hostname,url,uri,md5,sha1,sha256,filename,filename|md5,filename|sha256,email-src,email-dst,email-subject,user-agent,vulnerability,yara,sigma,link,comment,text,other'
  ),
  name: quoted('tlp:red,tlp:amber,tlp:amber+strict,tlp:green,tlp:clear,tlp:white,PAP:RED,PAP:AMBER,PAP:GREEN,PAP:WHITE')
}

const textOf = (state: EditorState, node: SyntaxNode): string => state.sliceDoc(node.from, node.to)
const keyOf = (state: EditorState, property: SyntaxNode): string => {
  const name = property.getChild('PropertyName')
  return name ? textOf(state, name).replace(/^"|"$/g, '') : ''
}

/** The key under which the object at a node stands; items of a list stand under the list's key. */
function placeOf(state: EditorState, node: SyntaxNode | null): string {
  for (let at = node?.parent ?? null; at; at = at.parent) if (at.name === 'Property') return keyOf(state, at)
  return ''
}

function above(node: SyntaxNode, name: string): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent) if (at.name === name) return at
  return null
}

/** More text would be slow to look through at each key. */
const mostRead = 1_000_000

/** What the data already has for a key, the first 60 of it. */
function seen(state: EditorState, key: string): Values {
  const found = new Set<string>()
  const pattern = new RegExp(
    `"${key.replace(/[^\w-]/g, '\\$&')}"\\s*:\\s*("(?:[^"\\\\]|\\\\.){1,120}"|true|false|\\d+)`,
    'g'
  )
  for (const match of state.sliceDoc(0, mostRead).matchAll(pattern)) {
    if (match[1]) found.add(match[1])
    if (found.size >= 60) break
  }
  return [...found].map((text) => [text, 'in this data'] as const)
}

function optionsOf(values: Values): readonly Completion[] {
  const byText = new Map<string, Completion>()
  for (const [label, detail] of values)
    if (!byText.has(label)) byText.set(label, { label, type: 'constant', ...(detail ? { detail } : {}) })
  return [...byText.values()]
}

/** Milliseconds. A slow machine has not parsed what was just written when it is asked what belongs there. */
const mostParsing = 200

/** The object that is written in at a position; undefined: it is not known in time. */
function objectAt(state: EditorState, pos: number): SyntaxNode | null | undefined {
  const tree = ensureSyntaxTree(state, state.doc.lineAt(pos).to, mostParsing)
  return tree ? above(tree.resolveInner(pos, -1), 'Object') : undefined
}

/** Whether a key or a value is being written, and of what. */
export function completeMisp(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context
  const line = state.sliceDoc(Math.max(0, pos - 300), pos)
  const value = /"([^"\\]+)"\s*:\s*("[^"]*|[\w.-]*)$/.exec(line)
  if (value) {
    const [, key = '', begun = ''] = value
    const place = placeOf(state, objectAt(state, pos - begun.length) ?? null)
    const fixed = key === 'name' && place !== 'Tag' ? [] : (valuesOf[key] ?? [])
    return { from: pos - begun.length, to: closed(state, pos), options: optionsOf([...fixed, ...seen(state, key)]) }
  }
  const word = /(?:[{,]\s*|^\s*)("?[\w-]*)$/.exec(line)
  if (!word || (word[1] === '' && !context.explicit)) return null
  const begun = word[1] ?? ''
  const object = objectAt(state, pos - begun.length)
  if (object === undefined) return null
  const had = new Set(object?.getChildren('Property').map((property) => keyOf(state, property)))
  const keys = (keysUnder[placeOf(state, object)] ?? '').split(' ').filter((key) => key !== '' && !had.has(key))
  if (keys.length === 0) return null
  return {
    from: pos - begun.length,
    to: closed(state, pos),
    options: keys.map((key) => ({ label: `"${key}"`, apply: `"${key}": `, type: 'property' }))
  }
}

/** A quote that the editor closed by itself is replaced, too. */
const closed = (state: EditorState, pos: number): number => (state.sliceDoc(pos, pos + 1) === '"' ? pos + 1 : pos)
