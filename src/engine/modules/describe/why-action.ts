// Why an action came out as it did: MISP's own words where it has some, else what was left for it by filters, and what it sent and changed.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Effect, WorldChange } from '../../../contract/run.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import {
  claiming,
  counting,
  listed,
  say,
  sentences,
  theirs,
  theirsCoded,
  withVerdict
} from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { lookAtFilter } from '../../conditions/look-filter.ts'
import { answerError } from '../../effects/answer-error.ts'
import { previewOf } from '../../format/preview.ts'
import { extract } from '../../hash/hash.ts'
import { count, dig, isArray, isMap } from '../../php/values.ts'
import type { Profile } from '../../profiles/profile.ts'
import type { ActionFacts } from '../facts.ts'
import type { Selection } from './selects.ts'

export interface ActionRun {
  readonly success: boolean
  /** What the module reported, as MISP has it. */
  readonly errors: readonly string[]
  /** The data as it came, and as the module read it. */
  readonly stored: Json
  readonly view: Json
  readonly params: JsonMap
  /** The node's own filter. */
  readonly filters: JsonMap
  readonly effects: readonly Pick<RunEffect, 'effect' | 'answer' | 'by'>[]
  readonly changes: readonly WorldChange[]
  /** The roaming data is another one behind it. */
  readonly changed: boolean
  /** A captured run: MISP reports neither what was sent nor what changed in its database. */
  readonly isCaptured: boolean
}

const mostErrors = 3
const mostTables = 4

/** Throws PhpThrow where MISP throws. */
export function whyAction(run: ActionRun, facts: ActionFacts | undefined, rules: Profile): Sentence {
  const selection = facts?.selects?.(run.params) ?? null
  const { enabled, kept, failure, summary } = lookAtFilter(run.view, run.filters, 0, previewOf, rules)
  const own = enabled && say`Its own filter: ${summary}`
  const isEmptied = enabled && kept === 0 && failure === null
  const reason = run.success
    ? succeeded(run, selection, isEmptied)
    : failed(run, selection, { isEmptied, isFiltered: enabled })
  return withVerdict(run.success ? 'success' : 'failure', sentences(reason, own, answers(run), unsent(run)))
}

const reported = (errors: readonly string[]): Sentence =>
  sentences(...errors.slice(0, mostErrors).map((text) => theirs(/[.!?]$/.test(text) ? text : `${text}.`)))

function failed(
  run: ActionRun,
  selection: Selection | null,
  { isEmptied, isFiltered }: { readonly isEmptied: boolean; readonly isFiltered: boolean }
): Sentence {
  if (run.errors.length > 0) return say`Failed: ${reported(run.errors)}`
  const so = 'MISP counts that as failed (`partial-success`)'
  const nothing = nothingLeft(run, selection, isEmptied)
  if (nothing) return say`${nothing}; ${so}.`
  if (selection === null || isFiltered) return say`It failed, and MISP gives no reason.`
  const { path, one, done } = selection
  const those = counting(countAt(run.view, path), { in: 'view', path }, one)
  return say`None of ${those} was ${done}; ${so} and gives no reason.`
}

function succeeded(run: ActionRun, selection: Selection | null, isEmptied: boolean): Sentence {
  const did = [...sent(run), ...changedRows(run), ...(run.changed ? [say`the data changed`] : [])]
  const also = run.errors.length > 0 && say` MISP also reports: ${reported(run.errors)}`
  if (did.length > 0) return say`It worked: ${listed(did, 'and')}.${also}`
  const nothing = nothingLeft(run, selection, isEmptied)
  if (nothing) return say`${nothing}; MISP counts that as a success.${also}`
  if (run.isCaptured)
    return say`It worked; MISP does not report what it sent or what it changed in the database.${also}`
  return say`It worked: nothing was sent, and nothing changed.${also}`
}

/** Why there was nothing to work on; null when there was. */
function nothingLeft({ view, stored }: ActionRun, selection: Selection | null, isEmptied: boolean): Sentence | null {
  const so = selection ? say`nothing was ${selection.done}` : 'there was nothing to do'
  if (isEmptied) return say`No item is left by its own filter, so ${so}`
  if (selection === null || countAt(view, selection.path) > 0) return null
  const on = dig(stored, 'enabledFilters')
  const labels = isMap(on ?? null) ? Object.keys(on as object) : []
  if (labels.length === 0) return say`There is no ${selection.one} in the data, so ${so}`
  const names = listed(
    labels.map((label) => claiming(label, { kind: 'label', label })),
    'and'
  )
  return say`No item is left by ${labels.length > 1 ? 'filters' : 'filter'} ${names}, so ${so}`
}

function countAt(data: Json, path: string): number {
  const found = isArray(data) ? extract(data, path) : null
  return isArray(found) ? count(found) : 0
}

const kinds: readonly (readonly [Exclude<Effect['kind'], 'template'>, one: string, many?: string])[] = [
  ['http', 'request'],
  ['mail', 'mail'],
  ['zmq', 'message over ZMQ', 'messages over ZMQ'],
  ['misp-modules', 'query of misp-modules', 'queries of misp-modules']
]

const sent = ({ effects }: ActionRun): readonly Sentence[] =>
  kinds.flatMap(([kind, one, many]) => {
    const n = effects.filter(({ effect }) => effect.kind === kind).length
    return n === 0 ? [] : [counting(n, { in: 'effects', kind }, one, many)]
  })

function changedRows({ changes }: ActionRun): readonly Sentence[] {
  const tables = new Map<string, number>()
  for (const { table } of changes) tables.set(table, (tables.get(table) ?? 0) + 1)
  return [...tables]
    .slice(0, mostTables)
    .map(([table, n]) => say`${counting(n, { in: 'rows', table }, 'change')} in ${theirsCoded(table)}`)
}

/** Errors inside answers, each once. */
function answers({ effects }: ActionRun): Sentence | null {
  const texts = new Set(
    effects.flatMap(({ effect, answer }) => {
      const error = answerError(effect, answer)
      return error === null ? [] : [`${error.of} failed (${error.text.replace(/\.$/, '')})`]
    })
  )
  if (texts.size === 0) return null
  return say`What MISP takes no notice of: ${listed([...texts].slice(0, mostErrors).map(theirs), ';')}.`
}

const unsent = ({ effects }: ActionRun): Sentence | null => {
  const outside = effects.filter(({ effect }) => effect.kind !== 'template')
  return outside.length > 0 && outside.every(({ by }) => by !== 'live') ? say`Nothing was really sent.` : null
}
