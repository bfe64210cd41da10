// One of several: lists of events, attributes, workflows or blueprints, as MISP's lists and searches answer them.
import { CodedError } from '../../contract/errors.ts'
import { plainText, type Json } from '../../contract/json.ts'
import { plural } from '../../contract/words.ts'
import { dig, isMap } from '../php/values.ts'

/** Which one: its place from 0, or its UUID, id, or what it is called. */
export type Pick = number | string

const models =
  'Workflow WorkflowBlueprint Event Attribute Object Sighting ShadowAttribute EventReport Tag Post User Log'.split(' ')

/** What people know an entry by. */
function labelOf(entry: Json): { readonly name: string; readonly uuid: string; readonly id: string } {
  const inner = isMap(entry) ? models.map((name) => entry[name]).find((value) => isMap(value)) : undefined
  const text = (name: string): string => {
    const value = dig(inner ?? entry, name)
    return typeof value === 'string' || typeof value === 'number' ? plainText(value) : ''
  }
  const name = ['info', 'name', 'value', 'trigger_id', 'title'].map(text).find((one) => one !== '') ?? ''
  return { name: name.slice(0, 200), uuid: text('uuid').slice(0, 100), id: text('id').slice(0, 100) }
}

/** Entries that an error tells of. */
const mostListed = 200

export const howToPick = 'by its place (from 0), UUID, id or name (--pick)'

/** `how`: what a person does to say which. */
export function severalError(list: readonly Json[], name: string, how: string, noun = 'entry'): CodedError {
  const entries = list.slice(0, mostListed).map((entry, index) => ({ index, ...labelOf(entry) }))
  const some = entries
    .slice(0, 5)
    .map(({ index, name: label, uuid }) => `${index}: ${[label, uuid].filter((one) => one !== '').join(' ') || '?'}`)
  const rest = list.length > some.length ? ', …' : ''
  const count = plural(list.length, noun, noun.replace(/y$/, 'ie') + 's')
  return new CodedError(
    'INPUT_SEVERAL',
    `${name} holds ${count}; pick one: ${how}. There are ${some.join(', ')}${rest}`,
    {
      file: name,
      count: list.length,
      entries
    }
  )
}

/** Throws INPUT_SEVERAL when there is no such one. */
export function pickOne(list: readonly Json[], pick: Pick, name: string): Json {
  const places = typeof pick === 'number' ? [pick] : placesByName(list, pick)
  const found = places.length === 1 ? list[places[0] as number] : undefined
  if (found !== undefined) return found
  const wanted = typeof pick === 'number' ? String(pick) : `“${pick.slice(0, 80)}”`
  const why =
    places.length > 1
      ? `${places.length} entries ${wanted}; pick one by its place (from 0): ${places.slice(0, 20).join(', ')}${places.length > 20 ? ', …' : ''}`
      : `no entry ${wanted}; it has ${plural(list.length, 'entry', 'entries')}`
  throw new CodedError('INPUT_SEVERAL', `${name} has ${why}.`, { file: name, count: list.length })
}

/** A number is a place, unless it is only an id. */
function placesByName(list: readonly Json[], pick: string): readonly number[] {
  if (/^\d+$/.test(pick) && Number(pick) < list.length) return [Number(pick)]
  const wanted = pick.toLowerCase()
  const labels = list.map(labelOf)
  const found = (['uuid', 'id', 'name'] as const).map((key) =>
    labels.flatMap((label, i) => (label[key].toLowerCase() === wanted ? [i] : []))
  )
  return found.find((fitting) => fitting.length === 1) ?? found.find((fitting) => fitting.length > 1) ?? []
}
