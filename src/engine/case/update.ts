// A case that expects what came out, where a person said so, and nothing else.
import type { Case, CaseDifference, Expectations } from '../../contract/case.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { isMap } from '../php/values.ts'
import { isSame } from '../replay/diff.ts'
import type { Unused } from './answers.ts'
import { expectedOf } from './make.ts'
import type { CaseRun } from './run-case.ts'
import { dataFor, valueAtPath } from './told.ts'

/** Whether a difference can become what is expected: an answer that is missing has to be written. */
export const canAccept = ({ in: place, keys }: CaseDifference): boolean =>
  !(place === 'effects' && keys[0] === 'answers')

/** What is expected from now on. `accepted`: of what `judge` told of this case and this run. */
export function updatedExpectations(
  { expect }: Pick<Case, 'expect'>,
  run: CaseRun,
  accepted: readonly CaseDifference[]
): Expectations {
  let changed: Expectations = expect
  const now = expectedOf(run.fold, ['outcome', 'path'])
  for (const { in: place, keys, after } of accepted) {
    if (place === 'result' && keys[0] === 'outcome' && run.fold.finished) changed = outcomeOf(changed, run, now)
    else if (place === 'result' && keys[0] === 'path') changed = { ...changed, path: now.path }
    else if (place === 'errors') changed = withMessage(changed, now.message)
    else if (place === 'output') changed = valuesOf(changed, run, String(keys[0]), after)
  }
  const lists = { effects: 'effects', changes: 'world' } as const
  for (const [name, place] of Object.entries(lists) as ['effects' | 'changes', 'effects' | 'world'][]) {
    const own = accepted.filter((one) => one.in === place && canAccept(one))
    if (own.length > 0) changed = { ...changed, [name]: patched((changed[name] ?? []) as unknown as Json, own) }
  }
  return changed
}

const withMessage = ({ message: _message, ...rest }: Expectations, message: string | undefined): Expectations =>
  message === undefined ? rest : { ...rest, message }

/** A run that succeeds has no message that could be expected. */
function outcomeOf(expect: Expectations, { fold }: CaseRun, now: Expectations): Expectations {
  const outcome = fold.finished?.outcome
  const changed = { ...expect, outcome }
  return outcome === 'success' && expect.message !== undefined ? withMessage(changed, now.message) : changed
}

function valuesOf(expect: Expectations, { fold }: CaseRun, path: string, after: Json): Expectations {
  const values = expect.values?.map((one) => {
    if (one.path !== path || !isSame(valueAtPath(dataFor(fold, one), path), after)) return one
    // Who sets it now nobody said.
    const { from: _from, ...rest } = one
    return { ...rest, is: after }
  })
  return { ...expect, values }
}

/** Additions and removals from the last one on, so that places before stay what they are. */
function patched(list: Json, accepted: readonly CaseDifference[]): Json {
  const inOrder = [...accepted].sort((a, b) => Number(b.keys[0]) - Number(a.keys[0]) || b.keys.length - a.keys.length)
  const added = inOrder.filter(({ op }) => op === 'added').reverse()
  const others = inOrder.filter(({ op }) => op !== 'added')
  return [...others, ...added].reduce(
    (value, { keys, op, after }) => patch(value, keys, op === 'removed' ? undefined : after),
    list
  )
}

/** `value` with another one at a place; undefined: without it. */
function patch(value: Json, [key, ...rest]: readonly (string | number)[], after: Json | undefined): Json {
  if (key === undefined) return after ?? null
  if (Array.isArray(value)) {
    const copy = [...(value as readonly Json[])]
    const at = Number(key)
    if (rest.length > 0) copy[at] = patch(copy[at] ?? null, rest, after)
    else if (after === undefined) copy.splice(at, 1)
    else copy.splice(at, at < copy.length ? 1 : 0, after)
    return copy
  }
  const map = isMap(value) ? value : {}
  if (rest.length === 0 && after === undefined)
    return Object.fromEntries(Object.entries(map).filter(([name]) => name !== String(key))) as Json
  const inner = rest.length === 0 ? (after as Json) : patch(map[key] ?? null, rest, after)
  return { ...map, [key]: inner }
}

/** A case without those of its mocks and answers. */
export function withoutUnused(raw: JsonMap, unused: readonly Unused[]): JsonMap {
  // The last first, so that places before stay what they are.
  const at = ({ keys }: Unused): number => (typeof keys.at(-1) === 'number' ? Number(keys.at(-1)) : -1)
  const inOrder = [...unused].sort((a, b) => at(b) - at(a))
  const left = inOrder.reduce<Json>((value, { keys }) => patch(value, keys, undefined), raw) as JsonMap
  const isEmpty = (name: string): boolean => Object.keys((left[name] ?? {}) as JsonMap).length === 0
  const empty = ['answers', 'mocks'].filter((name) => unused.some(({ keys }) => keys[0] === name) && isEmpty(name))
  return Object.fromEntries(Object.entries(left).filter(([name]) => !empty.includes(name))) as JsonMap
}
