// The first place of a run where something appears.
import { looseEquals, inArray } from '../../../engine/php/compare.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { FindOperator, FindQuestion, RunHit } from '../../../contract/finding.ts'
import type { Json } from '../../../contract/json.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { evaluateCondition } from '../../../engine/conditions/conditions.ts'
import { PhpThrow } from '../../../engine/php/exceptions.ts'
import { CannotTell } from '../../../engine/effects/cannot-tell.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { compilePath } from '../../../engine/hash/path.ts'
import type { Located } from '../../../engine/hash/locate.ts'
import { isArray, isList } from '../../../engine/php/values.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import { underPhp } from '../../../engine/php/version.ts'
import type { Profile } from '../../../engine/profiles/profile.ts'
import { PathReader } from '../../../engine/replay/path-reader.ts'
import type { Pause } from '../../pauses.ts'
import { fold, gramsOf } from '../../search/grams.ts'
import type { OpenRun } from '../runs/open-run.ts'
import { isData, partsOf } from './parts.ts'
import type { Part } from './parts.ts'
import { walk } from './walk.ts'
import type { Visit } from './walk.ts'

/** Larger values are told in one line. */
const mostCharacters = 20_000

/** Three characters side by side that a run must have which is found; none: any run may be. */
export function gramsOfQuestion(question: FindQuestion): readonly number[] {
  if ('text' in question) return gramsOf([question.text])
  if ('key' in question) return gramsOf([question.key])
  // Of nothing that was found some conditions hold, too.
  if (!needsFound.includes(question.operator)) return []
  const { tokens } = compilePath(question.path)
  return gramsOf(tokens.flatMap(({ kind, plainKey, key }) => (kind === 'key' && plainKey ? [key] : [])))
}

const needsFound: readonly FindOperator[] = ['any_value', 'in', 'equals', 'in_or']

/** The text of a value that a search compares; null: it has none. */
const textOf = (value: Json): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null

function visitFor(question: Exclude<FindQuestion, { readonly path: string }>): Visit {
  const isKey = 'key' in question
  const query = isKey ? question.key : question.text
  const wanted = question.ignoreCase ? fold(query) : query
  const holds = (text: string): boolean => (question.ignoreCase ? fold(text) : text).includes(wanted)
  if (isKey) return (key) => key !== null && holds(key)
  return (_key, value) => {
    const text = textOf(value)
    return text !== null && holds(text)
  }
}

export async function lookIn(run: OpenRun, question: FindQuestion, pause: Pause): Promise<RunHit | null> {
  const seen = new Set<object>()
  const finds = 'path' in question ? conditionFor(question, profiles[run.fold.profile]) : null
  const visit = 'path' in question ? null : visitFor(question)
  for (const part of partsOf(run)) {
    if (visit !== null) {
      const walking = walk(part.value, seen, visit)
      let next = walking.next()
      for (; !next.done; next = walking.next()) await pause()
      if (next.value !== null) return hitOf(run, part, next.value.path, next.value.value)
    } else if (isData(part) && finds !== null) {
      const found = finds(part.value)
      if (found !== null) return hitOf(run, part, found.path, found.value)
    }
    await pause()
  }
  return null
}

function hitOf(
  { summary, fold: { steps } }: OpenRun,
  { step, nodeId, which }: Part,
  path: ValuePath,
  value: Json
): RunHit {
  const isLarge = typeof value === 'object' && value !== null && JSON.stringify(value).length > mostCharacters
  const shown = isLarge ? previewOf(value) : typeof value === 'string' ? value.slice(0, mostCharacters) : value
  const at = steps[step - 1]
  const name = at ? at.name || at.moduleId : null
  return { runId: summary.id, step, nodeId, name, which, path, value: shown, preview: previewOf(value) }
}

/**
 * As IF :: Generic asks it. A path that finds several values is asked of each with `equals`, which MISP's module would read as a path of literal
 * keys: it holds when one of them is equal, `not_equals` when none is.
 */
function conditionFor(
  { path, operator, value }: Extract<FindQuestion, { readonly path: string }>,
  profile: Profile
): (data: Json) => Located | null {
  const reader = new PathReader(path)
  const judge = buildJudge(operator, value, profile)
  const isPlain = compilePath(path).plain && !operator.endsWith('equals')
  let last: readonly Located[] | null = null
  return (data) => {
    const found = reader.read(data)
    // It did not hold before.
    if (found === last) return null
    last = found
    return underPhp(profile.php, () => judge(isPlain ? found.flatMap(entriesOf) : found))
  }
}

/** Hash::extract answers what a path of literal keys leads to as it is: of a list its items. */
function entriesOf(found: Located): readonly Located[] {
  const { path, value } = found
  if (!isArray(value)) return [found]
  const isRow = isList(value)
  return Object.entries(value).map(([key, item]) => ({
    path: [...path, isRow ? Number(key) : key],
    value: item as Json
  }))
}

function buildJudge(
  operator: FindOperator,
  value: Json,
  profile: Profile
): (found: readonly Located[]) => Located | null {
  const nothing: Located = { path: [], value: null }
  const first = (found: readonly Located[], is: (value: Json) => boolean): Located | null =>
    found.find((one) => is(one.value)) ?? null
  const equal = (one: Json): boolean => !isArray(one) && looseEquals(one, value)
  if (operator === 'any_value') return (found) => found[0] ?? null
  if (operator === 'equals') return (found) => first(found, equal)
  if (operator === 'not_equals')
    return (found) => (found.length === 0 || first(found, equal) ? null : (found[0] ?? null))
  if (operator === 'in') return (found) => first(found, (one) => inArray(value, [one]))
  const list = isArray(value) ? value : [value]
  if (operator === 'in_or') return (found) => first(found, (one) => inArray(one, list))
  return (found) => {
    const values = found.map((one) => one.value)
    return holds(values, operator, operator === 'not_in' ? value : list, profile) ? (found[0] ?? nothing) : null
  }
}

function holds(found: Json, operator: string, value: Json, profile: Profile): boolean {
  try {
    return evaluateCondition(found, operator, value, profile)
  } catch (error) {
    // What MISP would end with is no match.
    if (error instanceof PhpThrow || error instanceof CannotTell || error instanceof CodedError) return false
    throw error
  }
}
