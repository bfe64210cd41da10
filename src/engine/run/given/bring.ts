// Brings what a person gives to a local run to the state in which MISP would hand it to the trigger: MISP's triggers get things after they
// were saved, with ids, references, defaults and dates. What is made up is made of the content alone, so that it is the same every time.
// Captured data never comes by here.
import { CodedError } from '../../../contract/errors.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { plural } from '../../../contract/words.ts'
import { isAdHocId } from '../../modules/ad-hoc/definition.ts'
import { modulesOf } from '../../modules/table.ts'
import { idText } from '../../php/cast.ts'
import { isList, isMap, values } from '../../php/values.ts'
import type { ProfileId } from '../../profiles/profiles.ts'
import type { WorldData } from '../../world/world.ts'
import { byKind } from './by-kind.ts'
import type { Brought } from './event.ts'
import type { Pick } from '../../format/pick.ts'
import { pickEntry } from './entries.ts'
import { foreignLook } from './foreign.ts'
import { keyOf, kindOf, type Found, type Kind } from './kinds.ts'
import { MadeUp } from './made-up.ts'

export interface Bringing {
  /** Null: a module alone, or a look at data, which take what there is. */
  readonly trigger: string | null
  readonly profile: ProfileId
  /** The data's name in messages. */
  readonly name: string
  readonly pick?: Pick | undefined
  readonly world?: WorldData | undefined
  readonly settings?: JsonMap | undefined
  /** Unix seconds that the run's clock was set to. */
  readonly now?: number | undefined
}

export interface BroughtInput extends Brought {
  /** What was made up, in plain words. */
  readonly assumptions: readonly string[]
}

const ofScope: { readonly [scope: string]: readonly Kind[] } = {
  event: ['event'],
  // MISP passes one attribute; a whole event says more than nothing.
  attribute: ['attribute', 'event'],
  object: ['object', 'event'],
  sighting: ['sighting'],
  'shadow-attribute': ['proposal'],
  'event-report': ['event report'],
  tag: ['tag'],
  post: ['post'],
  user: ['user'],
  log: ['log entry'],
  'analyst-data': ['analyst data']
}

/** What a trigger takes; null: whatever comes. */
function kindsFor(trigger: string | null, profile: ProfileId): readonly Kind[] | null {
  if (trigger === null || isAdHocId(trigger)) return null
  if (trigger === 'enrichment-before-query') return ['event', 'attribute']
  const scope = modulesOf(profile).find('trigger', trigger)?.scope
  return scope === undefined ? null : (ofScope[scope] ?? null)
}

/** MISP asks these before it gives ids, and others with no more than a part of the event. */
const beforeSaving = new Set(['event-before-save', 'shadow-attribute-before-save', 'user-before-save'])
const fetched = new Set([
  'event-publish',
  'event-after-save-new',
  'event-after-save-new-from-pull',
  'event-before-delete'
])

/**
 * @throws CodedError INPUT_SEVERAL, INPUT_OTHER_KIND
 */
export function bringInput(value: Json, asked: Bringing): BroughtInput {
  const { trigger, profile, name, pick } = asked
  const kinds = kindsFor(trigger, profile)
  const one = pickEntry(value, { pick, name, kinds })
  const found = kindOf(one)
  const made = new MadeUp()
  if (found === null || (kinds !== null && !kinds.includes(found.kind))) return other(one, found, asked, kinds)
  if (found.isBare) made.say(`The data has no \`${keyOf[found.kind]}\` around it; it is read as ${an(found.kind)}.`)
  if (found.kind === 'event') noteShape(found.data, asked, made)
  const around = { world: asked.world ?? {}, settings: asked.settings ?? {}, now: asked.now, made }
  const shape = {
    isSaved: trigger === null || !beforeSaving.has(trigger),
    isFetched: trigger === null || fetched.has(trigger),
    isCurrent: trigger !== null && fetched.has(trigger)
  }
  if (!shape.isSaved) made.say(`MISP asks \`${trigger}\` before it saves, so no ids are made up.`)
  const data = keepUser(found, trigger)
  const brought = data ? { data } : byKind[found.kind](around, found.data, shape)
  return { ...brought, assumptions: made.sentences() }
}

/** Only user triggers get the user's row without its name. */
const keepUser = ({ kind, data }: Found, trigger: string | null): JsonMap | null =>
  kind === 'user' && trigger === null ? data : null

function noteShape(data: JsonMap, { trigger }: Bringing, made: MadeUp): void {
  const inner = data.Event as JsonMap
  const part = (name: string): Json | undefined => data[name] ?? inner[name]
  const count = values(part('Attribute')).length + values(part('Object')).length
  const told = Number(idText(inner.attribute_count)) || 0
  if (part('Attribute') === undefined && part('Object') === undefined && told > 0)
    made.say(`The event comes from a list: its ${plural(told, 'attribute')} are not in it.`)
  if (trigger === 'event-after-save' && count > 0)
    made.say('MISP hands this trigger the event without its attributes and objects; here they are in it.')
  if (trigger === 'attribute-after-save' || trigger === 'object-after-save')
    made.say(
      `MISP hands this trigger one ${trigger === 'attribute-after-save' ? 'attribute' : 'object'} with its event; here it gets the whole event.`
    )
}

const an = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`

/** What is none of MISP's things, or another one than the trigger gets. */
function other(value: Json, found: Found | null, asked: Bringing, kinds: readonly Kind[] | null): BroughtInput {
  const look = found ? null : foreignLook(value)
  const isFree = kinds === null || kinds.includes('user') || kinds.includes('log entry')
  const isEmptyMap = isMap(value) && Object.keys(value).length === 0
  // A module alone may be given anything, even nothing.
  if (asked.trigger === null && (isEmptyMap || (isList(value) && value.length === 0))) return asGiven({})
  if (!found && !look && isFree && isMap(value)) return asGiven(value)
  const what = found ? `${an(found.kind)}` : (look?.what ?? unknownWhat(value))
  throw new CodedError(
    typeof value === 'object' && value !== null ? 'INPUT_OTHER_KIND' : 'INPUT_NOT_OBJECT',
    sentence(what, look?.advice, found, asked, kinds),
    {
      file: asked.name,
      place: 'data'
    }
  )
}

const asGiven = (data: JsonMap): BroughtInput => ({ data, assumptions: [] })

function unknownWhat(value: Json): string {
  const keys = isMap(value) ? Object.keys(value) : []
  return `an object with ${keys
    .slice(0, 5)
    .map((key) => `\`${key.slice(0, 40)}\``)
    .join(', ')}${keys.length > 5 ? ' and more' : ''}`
}

function sentence(
  what: string,
  advice: string | undefined,
  found: Found | null,
  { trigger, name }: Bringing,
  kinds: readonly Kind[] | null
): string {
  const gets =
    trigger === null || kinds === null
      ? 'an event or another of MISP’s things is needed'
      : `\`${trigger}\` gets ${an(kinds[0] as string)} (an object with the key \`${keyOf[kinds[0] as Kind]}\`)`
  const as = found ? triggersOf[found.kind] : undefined
  const run = as ? ` A workflow can be run on it as \`${as}\` (--as ${as}).` : ''
  return `${name} looks like ${what}; ${gets}.${advice ? ` ${advice}` : ''}${run}`
}

const triggersOf: { readonly [kind in Kind]?: string } = {
  event: 'event-publish',
  attribute: 'attribute-after-save',
  object: 'object-after-save',
  sighting: 'sighting-after-save',
  proposal: 'shadow-attribute-after-save',
  'event report': 'event-report-after-save',
  tag: 'tag-attached-after-save',
  post: 'post-after-save',
  user: 'user-after-save',
  'log entry': 'log-after-save'
}
