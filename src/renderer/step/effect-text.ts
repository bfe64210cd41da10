// Effects and their answers as people read them. The host sends secrets as dots until somebody asks for them.
import { plainText, type Json } from '../../contract/json.ts'
import type { RunWorldChange } from '../../contract/effects.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import type { RunEffect } from '../../contract/run-views.ts'

export const effectKinds = ['http', 'mail', 'zmq', 'misp-modules', 'template'] as const
export type EffectKind = (typeof effectKinds)[number]

export const kindLabels: Record<EffectKind, string> = {
  http: 'HTTP',
  mail: 'Mail',
  zmq: 'ZMQ',
  'misp-modules': 'misp-modules',
  template: 'Template'
}

const dots = '••••••'

/** Whether the host left something out because nobody asked for it. */
export const hasSecret = (item: RunEffect): boolean => JSON.stringify(item).includes(dots)

/** One line that tells the effect from others. */
export function titleOf(effect: Effect): string {
  switch (effect.kind) {
    case 'http':
      return `${effect.method.toUpperCase()} ${effect.url}`
    case 'mail':
      return `${effect.subject || '(no subject)'} → ${effect.to}`
    case 'zmq':
      return `Message to ${effect.topic}`
    case 'misp-modules':
      return `${plainText(effect.body['module'] ?? 'query')} (${effect.family})`
    case 'template':
      return `Template of ${effect.param}`
  }
}

const pretty = (value: Json): string => JSON.stringify(value, null, 2)

/** JSON indented, anything else as it is. */
export function prettyText(text: string): string {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

export function requestBody(effect: Effect): string {
  switch (effect.kind) {
    case 'http':
      return effect.body
    case 'mail':
      return effect.text
    case 'zmq':
      return pretty(effect.message)
    case 'misp-modules':
      return pretty(effect.body)
    case 'template':
      return effect.template
  }
}

/** Nobody answered: the answer is what Retrace assumes. */
const isAssumed = ({ by }: Pick<RunEffect, 'by'>): boolean => by === 'record' || by === 'default'

/** The answer in a word or two, for lists. What was only assumed says so. */
export function answerWord(item: Pick<RunEffect, 'by' | 'answer'>): { readonly label: string; readonly tone: string } {
  const label = answerLabel(item.answer)
  if (!isAssumed(item)) return { label, tone: answerTone(item.answer) }
  return { label: 'sent' in item.answer ? 'assumed' : `${label} assumed`, tone: 'derived' }
}

export function answerLabel(answer: EffectAnswer): string {
  if ('failure' in answer) return answer.failure
  if ('sent' in answer) return 'sent'
  if ('text' in answer) return answer.error ? 'error' : 'rendered'
  if ('json' in answer) return answer.status === undefined ? 'answered' : String(answer.status)
  return String(answer.status)
}

export function answerBody(answer: EffectAnswer): string {
  if ('failure' in answer) return answer.message
  if ('sent' in answer) return ''
  if ('text' in answer)
    return answer.error ? `${answer.error.type}: ${answer.error.message}\nMISP uses an empty text.` : answer.text
  if ('json' in answer) return pretty(answer.json)
  return answer.body
}

export const answerTone = (answer: EffectAnswer): string =>
  'failure' in answer || ('error' in answer && answer.error)
    ? 'failure'
    : 'status' in answer && answer.status !== undefined && answer.status >= 400
      ? 'failure'
      : ''

/** Failures before anything was sent. */
const unreached: ReadonlySet<string> = new Set(['refused', 'unresolved', 'unavailable'])

/** Who answered, in words; `tone` is the class of its tag. Nothing that was not really sent may look sent. */
export function answeredBy({ by, effect, answer }: Pick<RunEffect, 'by' | 'effect' | 'answer'>): {
  readonly label: string
  readonly tone: string
  readonly text: string
} {
  if (effect.kind === 'template' && (by === 'renderer' || by === 'engine'))
    return { label: 'rendered here', tone: '', text: 'Rendered by Retrace; misp-modules was not called.' }
  if (by === 'live' && 'failure' in answer)
    return {
      label: 'live',
      tone: 'live',
      text: unreached.has(answer.failure)
        ? 'Live, but it could not be delivered; see the response.'
        : 'Live: sending was attempted, no complete response was received.'
    }
  const known: Record<string, { label: string; tone: string; text: string }> = {
    live: { label: 'live', tone: 'live', text: 'Live: really sent, with the real response.' },
    mock: { label: 'mocked', tone: 'mock', text: 'Answered by a mock. Nothing was sent.' },
    recorded: { label: 'recorded', tone: 'mock', text: 'Answered by a recorded response. Nothing was sent.' },
    'recorded, derived': {
      label: 'derived',
      tone: 'derived',
      text: 'Response derived from the captured run.'
    },
    record: { label: 'not sent', tone: '', text: 'Dry run: recorded only. The response is assumed.' }
  }
  return (
    known[by] ?? {
      label: by === 'default' ? 'not sent' : by,
      tone: '',
      text: 'Dry run: recorded only. The response is assumed.'
    }
  )
}

const tables: Record<string, string> = {
  events: 'event',
  attributes: 'attribute',
  objects: 'object',
  event_tags: 'tag of the event',
  attribute_tags: 'tag of the attribute',
  tags: 'tag',
  event_reports: 'event report',
  sightings: 'sighting',
  shadow_attributes: 'proposal',
  event_blocklists: 'blocklist entry',
  warninglist_entries: 'warninglist entry',
  workflows: 'workflow'
}

export const tableWord = (table: string): string => tables[table] ?? table

const plain = (value: Json | undefined): string =>
  value === null || value === undefined
    ? 'nothing'
    : typeof value === 'string'
      ? value === ''
        ? '“”'
        : value
      : JSON.stringify(value)

const nameOf = (row: { readonly [column: string]: Json }): string =>
  [row['type'], row['value'] ?? row['value1'] ?? row['name'] ?? row['info'] ?? row['tag_name'] ?? row['id']]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ')

type Names = RunWorldChange['names']

/** `tag tlp:red to event 12 “Phishing” (local)`. */
function attachment(row: { readonly [column: string]: Json }, names: Names, word: 'to' | 'from'): string {
  const tag = names?.['tag_id'] ?? `#${plain(row['tag_id'])}`
  const attribute = row['attribute_id']
  const target =
    attribute === undefined
      ? `event ${plain(row['event_id'])}${names?.['event_id'] ? ` “${names['event_id']}”` : ''}`
      : `attribute ${names?.['attribute_id'] ?? plain(attribute)}`
  return `tag ${tag} ${word} ${target}${plainText(row['local']) === '1' ? ' (local)' : ''}`
}

/** A change of MISP's database in one sentence. */
export function changeInWords({ change, names }: Pick<RunWorldChange, 'change' | 'names'>): string {
  const word = tableWord(change.table)
  if (change.op !== 'changed') {
    const added = change.op === 'added'
    if (change.table === 'event_tags' || change.table === 'attribute_tags')
      return `${added ? 'Attached' : 'Detached'} ${attachment(change.row, names, added ? 'to' : 'from')}`
    return `${added ? 'Added' : 'Removed'} ${word} ${nameOf(change.row)}`
  }
  const name = Object.values(names ?? {})[0]
  const fields = Object.entries(change.fields).map(
    ([column, [before, after]]) => `${column} ${plain(before)} → ${plain(after)}`
  )
  return `Changed ${word} ${change.id}${name ? ` “${name}”` : ''}: ${fields.join('; ')}`
}

export const showCell = plain
