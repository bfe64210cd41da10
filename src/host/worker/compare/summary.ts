// What made two runs differ, in at most five sentences: the step where they took different ways first, with what decided it on each side.
import type { ComparedStep, DifferencePlace, SummaryLine } from '../../../contract/comparison.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { Outcome } from '../../../contract/run.ts'
import type { RunStep } from '../../../contract/run-views.ts'
import type { SecretTexts } from '../../../contract/secret-texts.ts'
import { hideTexts } from '../../../contract/secrets.ts'
import { claiming, listed, nodeNamed, say, shownValue, theirs } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { nameOf, tellingOf } from '../../../engine/replay/chain-way.ts'
import type { Telling } from '../../../engine/replay/chain-way.ts'
import type { Compared } from '../../../engine/replay/compare/compare-runs.ts'
import { startDifferences, stepDifferences } from '../../../engine/replay/compare/step-differences.ts'
import type { PartDifferences } from '../../../engine/replay/compare/step-differences.ts'
import { previewsOf } from '../../../engine/format/preview.ts'
import { decisionOf } from '../../../engine/replay/decision.ts'
import { endDifferences, partChanges, shownDifferences } from './part-words.ts'
import { runSecrets } from './run-secrets.ts'
import { surroundingsWords } from './surroundings-words.ts'

const mostLines = 5
const shownChanges = 2
const shownRoots = 3

type Run = 'a' | 'b'

/** @param deciding the line where they took different ways */
export function summaryOf(compared: Compared, deciding: number | null): readonly SummaryLine[] {
  return new Summary(compared, deciding).lines()
}

class Summary {
  readonly #telling: { readonly [R in Run]: Telling }
  readonly #secrets: { readonly [R in Run]: SecretTexts }

  constructor(
    private readonly compared: Compared,
    private readonly deciding: number | null
  ) {
    const { a, b } = compared
    this.#telling = { a: tellingOf(a.run.fold, a.run.workflow), b: tellingOf(b.run.fold, b.run.workflow) }
    this.#secrets = { a: runSecrets(a.run), b: runSecrets(b.run) }
  }

  lines(): readonly SummaryLine[] {
    const { rows, start } = this.compared
    const isSame = start.length === 0 && rows.every(({ state }) => state === 'same')
    if (isSame)
      return this.compared.ends === null ? [line(this.#allSame())] : [line(this.#otherEnd(this.compared.ends))]
    const around = surroundingsWords(this.compared).map((said) => line(said))
    return [...[this.#first(), ...this.#roots(), ...around].slice(0, mostLines - 1), line(this.#counts())]
  }

  #outcome(run: Run): Outcome | null {
    return this.compared[run].run.fold.finished?.outcome ?? null
  }

  #ended(run: Run): Sentence {
    const outcome = this.#outcome(run)
    const value = outcome ?? ''
    return claiming(outcome === null ? 'goes on' : endings[outcome], {
      kind: 'ran',
      run,
      of: 'outcome',
      step: null,
      value
    })
  }

  #outcomes(): Sentence {
    if (this.#outcome('a') === this.#outcome('b')) return say`Both ended alike: each ${this.#ended('a')}`
    return say`A ${this.#ended('a')}, B ${this.#ended('b')}`
  }

  #allSame(): Sentence {
    const { rows } = this.compared
    const steps = claiming(formatCount(rows.length), { kind: 'compared', of: 'same', n: rows.length })
    return say`Nothing differs: ${steps} ${rows.length === 1 && 'step'}${rows.length !== 1 && 'steps'}, and each run ${this.#ended('a')}.`
  }

  /** Only what is told of the end differs. */
  #otherEnd(ends: readonly [JsonMap, JsonMap]): Sentence {
    const told = endDifferences(this.compared, ends).slice(0, shownChanges)
    const words = told.map(({ path, before, after }) => {
      const name = path.join('.')
      const isAlike = before !== undefined && after !== undefined && shownValue(before) === shownValue(after)
      const [was, is] = previewsOf(before, after)
      const text = (run: Run, value: Json | undefined): Sentence => {
        if (isAlike) return theirs(run === 'a' ? was : is)
        const shown = value === undefined ? 'nothing' : shownValue(value)
        return claiming(shown, { kind: 'ran', run, of: 'end', step: null, value: shown })
      }
      return say`${claiming(name, { kind: 'said', value: name })}: ${text('a', before)} in A, ${text('b', after)} in B`
    })
    return say`${this.#outcomes()}. No step differs; what is told of the end does: ${listed(words, ';')}.`
  }

  /** Where they took different ways. */
  #first(): SummaryLine {
    const row = this.deciding === null ? undefined : this.compared.rows[this.deciding]
    const { ends, start } = this.compared
    if (row === undefined && ends !== null && start.length === 0) return line(this.#otherEnd(ends))
    if (row === undefined) return line(say`${this.#outcomes()}. No step differs.`)
    return line(say`${this.#outcomes()}. ${this.#parting(row)}`, this.deciding)
  }

  #parting(row: ComparedStep): Sentence {
    const node = this.#node(row)
    const [a, b] = [this.#stepOf(row, 'a'), this.#stepOf(row, 'b')]
    if (!a || !b) return this.#alone(row)
    if (row.in.includes('result')) return say`${node} ${this.#cameTo(a, 'a')}, and ${this.#cameTo(b, 'b')}.`
    if (row.cause === 'before') return say`Each step came to the same result, with other data.`
    const parts = this.#parts(row)
    return say`The difference starts at ${node}${parts.length > 0 && say`: ${listed(parts, ';')}`}.`
  }

  #alone(row: ComparedStep): Sentence {
    const run: Run = row.a !== null ? 'a' : 'b'
    const other: Run = run === 'a' ? 'b' : 'a'
    const step = this.#stepOf(row, run)!
    const { nodes } = this.compared
    if (this.#isMoved(row)) return say`${this.#node(row)} was executed at another place in B.`
    const threw = this.#threwAt(step, other)
    if (threw)
      return say`${this.#node(row)} ${this.#cameTo(step, run)}, and threw ${threw} in ${other === 'a' && 'A'}${other === 'b' && 'B'}.`
    const has = this.compared[other].graph
    const isMissing =
      has.size > 0 && (run === 'a' ? !nodes.toB.has(step.nodeId ?? -1) : !nodes.ofB.has(step.nodeId ?? -1))
    const why = isMissing && say`: the workflow of ${other === 'a' && 'A'}${other === 'b' && 'B'} does not have it`
    return say`${this.#node(row)} was executed in ${run === 'a' && 'A'}${run === 'b' && 'B'} only${why}.`
  }

  /** The class of what PHP threw in the other run in that very node, which then is no step of it. */
  #threwAt({ nodeId }: RunStep, other: Run): Sentence | null {
    const { nodes } = this.compared
    const thrown = this.compared[other].run.fold.finished?.throwable
    if (!thrown || thrown.nodeId === null || nodeId === null) return null
    const there = other === 'b' ? (nodes.toB.get(nodeId) ?? nodeId) : nodeId
    const its = other === 'b' ? thrown.nodeId : (nodes.toB.get(thrown.nodeId) ?? thrown.nodeId)
    if (there !== its) return null
    return claiming(thrown.class, { kind: 'ran', run: other, of: 'thrown', step: null, value: thrown.class })
  }

  /** The other run came to the node, too, where this one did not. */
  #isMoved(row: ComparedStep): boolean {
    const { rows, nodes } = this.compared
    const nodeOf = (one: ComparedStep): number | null | undefined =>
      one.a === null
        ? this.#stepOf(one, 'b')?.nodeId
        : (nodes.toB.get(this.#stepOf(one, 'a')?.nodeId ?? Number.NaN) ?? this.#stepOf(one, 'a')?.nodeId)
    const wanted = row.a === null ? 'only a' : 'only b'
    return rows.some((one) => one.state === wanted && nodeOf(one) === nodeOf(row))
  }

  #stepOf(row: ComparedStep, run: Run): RunStep | undefined {
    const step = row[run]
    return step === null ? undefined : this.compared[run].run.fold.steps[step - 1]
  }

  /** `IF :: Tag (node 2)`. */
  #node(row: ComparedStep): Sentence {
    const run: Run = row.a !== null ? 'a' : 'b'
    const step = this.#stepOf(row, run)!
    const telling = this.#telling[run]
    const name = nameOf(telling, step.nodeId, step).replace(/ \(node -?\d+\)$/, '')
    const told = claiming(name, { kind: 'said', value: name })
    return step.nodeId === null ? told : say`${told} (${nodeNamed(step.nodeId)})`
  }

  /** `was true in A, because …`. */
  #cameTo(step: RunStep, run: Run): Sentence {
    const fact = { kind: 'ran', run, step: step.step } as const
    const word =
      step.moduleType === 'logic' && step.result === 'success' && step.branch !== 'none'
        ? branchWord(step)
        : resultWord(step)
    const came = claiming(word, { ...fact, of: 'result', value: word })
    const text = this.#decision(step, run)
    const because = text !== '' && say`, because ${claiming(text, { ...fact, of: 'decision', value: text })}`
    return say`${came} in ${run === 'a' && 'A'}${run === 'b' && 'B'}${because}`
  }

  #decision(step: RunStep, run: Run): string {
    const { fold } = this.compared[run].run
    const decision = decisionOf(fold, step.step - 1)
    const text = (decision?.links ?? []).map((link) => `${link.lead}${link.text}`).join('')
    return String(hideTexts(text === '' ? errorOf(step) : text, this.#secrets[run]))
  }

  /** What it begins with: what the runs started with, or the first step where a difference starts. */
  #roots(): readonly SummaryLine[] {
    const { rows, start } = this.compared
    const lines: SummaryLine[] = []
    if (start.length > 0) {
      const words = this.#words(startDifferences(this.compared))
      lines.push({ ...line(say`They started with different data: ${words}.`), start: true })
    }
    const roots = rows.flatMap((row, i) => (row.cause === 'itself' ? [i] : []))
    const [first, ...others] = roots
    if (first === undefined) return lines
    const row = rows[first]!
    const isTold = first === this.deciding && !row.in.includes('result')
    if (row.state === 'different' && !isTold) {
      const told = this.#parts(row)
      if (told.length > 0) lines.push(line(say`It starts at ${this.#node(row)}: ${listed(told, ';')}.`, first))
    } else if (first !== this.deciding) lines.push(line(this.#alone(row), first))
    if (others.length === 0) return lines
    const shown = others.slice(0, shownRoots).map((at) => this.#node(rows[at]!))
    const more = others.length - shown.length
    const rest = claiming(formatCount(more), { kind: 'compared', of: 'itself', n: more })
    return [
      ...lines,
      line(
        others.length === 1
          ? say`Another difference starts at ${shown[0]}.`
          : say`More differences start at ${listed(shown, more > 0 ? ';' : 'and')}${more > 0 && say` and ${rest} more`}.`,
        others[0]
      )
    ]
  }

  /** What differs of a step, part by part. */
  #parts(row: ComparedStep): readonly Sentence[] {
    const { a, b } = row
    if (a === null || b === null) return []
    return stepDifferences(this.compared, row)
      .filter((part) => part.in !== 'result')
      .sort((one, other) => telling.indexOf(one.in) - telling.indexOf(other.in))
      .slice(0, shownChanges)
      .map((part) => {
        const words = this.#words([shownDifferences(this.compared, part, a, b)])
        return say`${partNames[part.in]}${words}`
      })
  }

  /** The first changes from A to B in words. */
  #words(parts: readonly PartDifferences[]): Sentence {
    const told = parts.map((part) => partChanges(this.compared, part, 100))
    const all = told
      .flatMap(({ words, changes }) =>
        words.map((said) => ({ said, rank: rankOf(changes[said.of[0] ?? -1]?.path ?? []) }))
      )
      .sort((one, other) => one.rank - other.rank)
    const shown = all.slice(0, shownChanges).map(({ said }) => said)
    if (shown.length === 0) return say`the same in other words`
    const more = all.length - shown.length
    const rest = claiming(formatCount(more), { kind: 'compared', of: 'changes', n: more })
    return more > 0 ? say`${listed(shown, ';')}; and ${rest} more` : listed(shown, ';')
  }

  #counts(): Sentence {
    const { rows } = this.compared
    const count = (
      of: string,
      test: (row: ComparedStep) => boolean,
      words: (isOne: boolean) => Sentence
    ): Sentence[] => {
      const n = rows.filter(test).length
      return n > 0 ? [say`${claiming(plural(n, 'step'), { kind: 'compared', of, n })} ${words(n === 1)}`] : []
    }
    const differs = (by: ComparedStep['cause']) => (row: ComparedStep) => row.state === 'different' && row.cause === by
    const parts = [
      ...count(
        'same',
        ({ state }) => state === 'same',
        (isOne) => (isOne ? say`is the same` : say`are the same`)
      ),
      ...count('itself', differs('itself'), (isOne) => (isOne ? say`starts a difference` : say`start a difference`)),
      ...count('before', differs('before'), (isOne) =>
        isOne ? say`differs because its input does` : say`differ because their input does`
      ),
      ...count(
        'only a',
        ({ state }) => state === 'only a',
        () => say`only in A`
      ),
      ...count(
        'only b',
        ({ state }) => state === 'only b',
        () => say`only in B`
      )
    ]
    return say`${listed(parts, 'and')}.`
  }
}

/** What may be a cause comes before what it came to. */
const telling: readonly DifferencePlace[] = ['parameters', 'effects', 'input', 'errors', 'output', 'world', 'result']

/** What comes before the differences of a part. */
const partNames: { readonly [P in DifferencePlace]: Sentence } = {
  input: say`its input, `,
  output: say`its output, `,
  parameters: say`its parameter `,
  errors: say`its errors, `,
  effects: say`its effect `,
  world: say`its database change `,
  result: say`its `
}

const endings: { readonly [O in Outcome]: string } = {
  success: 'succeeded',
  blocked: 'was blocked',
  failure: 'failed',
  aborted: 'was aborted',
  'not started': 'did not start',
  'cannot tell': 'came to where nobody can tell',
  'no end': 'has no end'
}

/** Conditions are mostly on tags; what only tells one event from another decides the least. */
function rankOf(path: ValuePath): number {
  const last = String(path.at(-1) ?? '')
  if (last === 'name' || path.some((key) => tagKeys.has(String(key)))) return 0
  return /^(id|uuid|info|date|\w*timestamp|event_id)$/.test(last) ? 2 : 1
}

const tagKeys = new Set(['Tag', '_allTags', 'EventTag', 'AttributeTag'])

const line = (said: Sentence, row: number | null = null): SummaryLine => ({ ...said, row, start: false })

const branchWord = ({ branch }: RunStep): string => (branch === 'output_1' ? 'was true' : 'was false')
const resultWord = ({ result, success }: RunStep): string =>
  result === 'success' && success ? 'succeeded' : result === 'disabled_module' ? 'was disabled' : 'failed'

function errorOf({ message, errors }: RunStep): string {
  if (message !== null) return shownValue(message)
  const texts = typeof errors === 'object' && errors !== null ? Object.values(errors) : []
  const first = texts.find((text) => typeof text === 'string')
  return first === undefined ? '' : shownValue(first)
}
