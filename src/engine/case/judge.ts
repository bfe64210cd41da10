// Holds what came out of a case against what a person expects of it: what is otherwise, and from which step on.
import { unusedReason } from '../../contract/case.ts'
import type { CaseDifference, CaseResult, CaseState, ExpectedValue, Expectations } from '../../contract/case.ts'
import type { DifferencePlace } from '../../contract/comparison.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { parseMispSettings } from '../../contract/misp-settings.ts'
import type { Effect } from '../../contract/run.ts'
import { plural } from '../../contract/words.ts'
import { previewsOf } from '../format/preview.ts'
import { at } from '../php/values.ts'
import { isSame } from '../replay/diff.ts'
import { tellingStep } from '../replay/telling-step.ts'
import type { Unanswered } from './answers.ts'
import { misfits } from './fit.ts'
import type { Misfit } from './fit.ts'
import { goneReasons, nodeIds } from './gone.ts'
import type { ReadyCase } from './input.ts'
import type { CaseRun } from './run-case.ts'
import { dataFor, isAbsent, mainSteps, messageOf, pathEntries, toldChanges, toldEffects, valueAtPath } from './told.ts'

/** More are only counted. */
const mostDifferences = 200

/** What people call a case: the name that it says, else its file's. */
export const nameOfCase = ({ case: { name }, file }: Pick<ReadyCase, 'case' | 'file'>): string =>
  name ?? file.replace(/^.*\//, '').replace(/(\.case)?\.json$/, '')

/** @param hide hides the secrets of a request before it is compared */
export function judge(ready: ReadyCase, run: CaseRun, hide: (effect: Effect) => Effect): CaseResult {
  const { expect } = ready.case
  const found: CaseDifference[] = [
    ...unansweredIn(run),
    ...pathDifferences(expect, run),
    ...effectDifferences(expect, run, hide),
    ...changeDifferences(expect, run),
    ...valueDifferences(expect, ready, run)
  ]
  const early = firstStep(found)
  const ends = endDifferences(expect, run, early)
  const differences = [...ends, ...found]
  const step = firstStep(differences)
  const gone = goneReasons(expect, ready, differences)
  // A slip in the name of a setting must not let a case pass under another MISP than the one that is meant.
  const { settings, secrets = [] } = ready.case
  const { unknown } = parseMispSettings({ ...settings, ...Object.fromEntries(secrets.map((name) => [name, ''])) })
  const reasons = [
    ...gone,
    ...unknown.map((name) => `settings: MISP has no “${name.slice(0, 80)}”, or not with such a value.`),
    ...run.unused.map(({ place }) => unusedReason(place))
  ]
  const state: CaseState = differences.length > 0 ? 'failed' : reasons.length > 0 ? 'stale' : 'passed'
  const more = differences.length - mostDifferences
  return {
    name: nameOfCase(ready),
    state,
    differences: differences.slice(0, mostDifferences),
    step,
    nodeId: step === null ? null : (run.fold.steps[step - 1]?.nodeId ?? null),
    reasons: more > 0 ? [...reasons, `${plural(more, 'more difference')}.`] : reasons,
    unused: run.unused.map(({ place }) => place)
  }
}

/** A case that no run could be made of. */
export const brokenCase = (name: string, why: string, state: 'broken' | 'stale' = 'broken'): CaseResult => ({
  ...{ name, state, differences: [], step: null, nodeId: null, reasons: [why], unused: [] }
})

function firstStep(differences: readonly CaseDifference[]): number | null {
  const steps = differences.flatMap(({ step }) => (step === null ? [] : [step]))
  return steps.length === 0 ? null : steps.reduce((a, b) => Math.min(a, b))
}

const difference = (
  place: DifferencePlace,
  { keys, op, before, after }: Misfit,
  step: number | null,
  text: string
): CaseDifference => ({ in: place, path: keys.join('.'), op, before, after, step, text, keys })

/** The outcome and its message; where they start is told by the step that explains them, unless something before differs. */
function endDifferences({ outcome, message }: Expectations, { fold }: CaseRun, early: number | null): CaseDifference[] {
  const { finished, steps } = fold
  const is = finished?.outcome ?? 'no end'
  const step = early ?? (tellingStep({ steps, throwable: finished?.throwable ?? null }) || null)
  const found: CaseDifference[] = []
  // What nobody can tell is never as expected.
  const isUnknown = outcome === undefined && is === 'cannot tell'
  if ((outcome !== undefined && outcome !== is) || isUnknown) {
    const before = outcome ?? null
    const why = is === 'cannot tell' && finished ? `: ${finished.outcomeText}` : ''
    const text =
      outcome === undefined
        ? `Nobody can tell how the run ends${why}`
        : `Expected the outcome “${outcome}”, but it is “${is}”${why}`
    found.push(difference('result', { keys: ['outcome'], op: 'changed', before, after: is }, step, text))
  }
  const said = finished ? messageOf(finished) : ''
  if (message !== undefined && !said.includes(message) && misfits(message, said).length > 0)
    found.push(
      difference(
        'errors',
        { keys: ['message'], op: 'changed', before: message, after: said },
        step,
        `Expected the message ${previewsOf(message, said).join(', got ')}`
      )
    )
  return found
}

function pathDifferences({ path }: Expectations, { fold }: CaseRun): CaseDifference[] {
  if (path === undefined) return []
  const is = pathEntries(fold.steps)
  const first = path.findIndex((entry, i) => entry !== is[i])
  const i = first >= 0 ? first : path.length
  if (i === path.length && i === is.length) return []
  const [before = null, after = null] = [path[i], is[i]]
  const op = before === null ? 'added' : after === null ? 'removed' : 'changed'
  const text =
    after === null
      ? `The run ends before “${before}”`
      : before === null
        ? `The run goes on with “${after}”`
        : `The run goes “${after}” instead of “${before}”`
  // Where the run ended early, its last step is the one that decided so.
  const step = after === null ? Math.min(i, fold.steps.length) || null : i + 1
  return [difference('result', { keys: ['path', i], op, before, after }, step, text)]
}

interface Told {
  readonly step: number | null
  readonly told: JsonMap
}

/** One list held against the other, item by item in their order. */
function listDifferences(
  place: 'effects' | 'world',
  expected: readonly JsonMap[],
  actual: readonly Told[],
  say: (value: JsonMap) => string,
  stepOf: (value: JsonMap) => number | null
): CaseDifference[] {
  const found: CaseDifference[] = []
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    const [one, is] = [expected[i], actual[i]]
    if (one === undefined && is)
      found.push(
        difference(
          place,
          { keys: [i], op: 'added', before: null, after: is.told },
          is.step,
          `Not expected: ${say(is.told)}`
        )
      )
    else if (one && is === undefined)
      found.push(
        difference(place, { keys: [i], op: 'removed', before: one, after: null }, stepOf(one), `Missing: ${say(one)}`)
      )
    else if (one && is)
      for (const misfit of misfits(one, is.told)) {
        const [expected, got] = previewsOf(misfit.before, misfit.after)
        const wanted = misfit.op === 'added' ? 'not to be there' : `to be ${expected}`
        const there = misfit.op === 'removed' ? 'not there' : got
        const text = `${say(one)}: ${misfit.keys.join('.')} was expected ${wanted}, and is ${there}`
        found.push(difference(place, { ...misfit, keys: [i, ...misfit.keys] }, is.step, text))
      }
    if (found.length > mostDifferences) break
  }
  return found
}

/** The step at which something of a node is missing: the node's own, else the last one. */
const missingAt =
  ({ fold: { steps } }: CaseRun) =>
  ({ node }: JsonMap): number | null =>
    steps.find(({ nodeId }) => nodeId === node)?.step ?? steps.at(-1)?.step ?? null

const effectName = (effect: JsonMap): string => {
  const what = ['method', 'url', 'to', 'topic'].flatMap((name) =>
    typeof effect[name] === 'string' ? [effect[name]] : []
  )
  const module = at(effect['body'] ?? null, 'module')
  const more = typeof module === 'string' ? [...what, module] : what
  return [String(effect['kind']), ...more].join(' ').slice(0, 300)
}

function effectDifferences(
  { effects }: Expectations,
  run: CaseRun,
  hide: (effect: Effect) => Effect
): CaseDifference[] {
  if (effects === undefined) return []
  return listDifferences(
    'effects',
    effects as readonly JsonMap[],
    toldEffects(run.fold, hide),
    effectName,
    missingAt(run)
  )
}

const changeName = (change: JsonMap): string => `${String(change['table'])} ${String(change['op'])}`

function changeDifferences({ changes }: Expectations, run: CaseRun): CaseDifference[] {
  if (changes === undefined) return []
  return listDifferences(
    'world',
    changes as unknown as readonly JsonMap[],
    toldChanges(run.fold),
    changeName,
    missingAt(run)
  )
}

function unansweredIn({ unanswered, fold }: CaseRun): CaseDifference[] {
  return unanswered.map(({ nodeId, request, nearest }) => {
    const step = fold.steps.find((one) => one.nodeId === nodeId)?.step ?? null
    const close = nearest === null ? 'the case has no answer of this kind' : nearestText(nearest)
    const text = `No answer fits the request ${effectName(request)} of node ${nodeId}: ${close}`
    const misfit = { keys: ['answers'], op: 'added', before: null, after: request } as const
    return difference('effects', misfit, step, text)
  })
}

function nearestText({ at: place, why }: NonNullable<Unanswered['nearest']>): string {
  const told = why.slice(0, 3).map(({ keys, before, after }) => {
    const [expected, got] = previewsOf(before, after)
    return `${keys.join('.')} is ${got} and not ${expected}`
  })
  return `the nearest is answers[${place}], but ${told.join(', ')}`
}

function valueDifferences({ values = [] }: Expectations, ready: ReadyCase, run: CaseRun): CaseDifference[] {
  const nodes = nodeIds(ready)
  return values.flatMap((one) => {
    const { path, is, after } = one
    if (after !== undefined && !nodes.has(after)) return []
    const data = dataFor(run.fold, one)
    if (data === undefined) {
      const text = `Node ${after} is not executed, so ${path} has no value there`
      return [
        difference(
          'output',
          { keys: [path], op: 'removed', before: is, after: null },
          run.fold.steps.at(-1)?.step ?? null,
          text
        )
      ]
    }
    const got = valueAtPath(data, path)
    if (isSame(is, got)) return []
    const [expected, found] = previewsOf(is, got)
    const op = isAbsent(data, path) ? 'removed' : 'changed'
    const text = `${path} was expected to be ${expected}, and is ${op === 'removed' ? 'not there' : found}`
    return [difference('output', { keys: [path], op, before: is, after: got }, stepOfValue(one, run), text)]
  })
}

/** The step that made the value another one. */
function stepOfValue({ path, is, after, from }: ExpectedValue, { fold }: CaseRun): number | null {
  const end = after === undefined ? Infinity : (fold.steps.findLast(({ nodeId }) => nodeId === after)?.step ?? Infinity)
  const steps = mainSteps(fold).filter(({ step }) => step <= end)
  const outputOf = (step: number): Json => valueAtPath(fold.data[step - 1]?.output, path)
  const set = from === undefined ? undefined : steps.findLast(({ nodeId }) => nodeId === from)
  if (set !== undefined && !isSame(outputOf(set.step), is)) return set.step
  const changes = steps.filter(({ step }) => !isSame(valueAtPath(fold.data[step - 1]?.input, path), outputOf(step)))
  const later = set === undefined ? changes.at(-1) : changes.find(({ step }) => step > set.step)
  return (later ?? changes.at(-1) ?? steps.at(-1))?.step ?? null
}
