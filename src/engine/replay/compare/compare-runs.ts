// Two runs held against each other: which of their steps belong together, which of them differ in what, and whether that came from the step
// itself or from what differed before it.
import type { ComparedStep, DifferenceCause, DifferencePlace } from '../../../contract/comparison.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { isMap } from '../../php/values.ts'
import { alignRuns } from './align-runs.ts'
import type { Row } from './align-runs.ts'
import { filterName, matchNodes } from './match-nodes.ts'
import type { NodeMatch } from './match-nodes.ts'
import { OwnValues } from './own-values.ts'
import { Sameness } from './sameness.ts'
import { endOf } from './run-end.ts'
import { changeNames, effectNames } from './pair-items.ts'
import { plainEffect } from './plain-effect.ts'
import { Side } from './side.ts'
import type { ComparedRun } from './side.ts'

export interface Compared {
  readonly a: Side
  readonly b: Side
  readonly nodes: NodeMatch
  readonly rows: readonly ComparedStep[]
  /** What differs of what the runs started with. */
  readonly start: readonly DifferencePlace[]
  /** How they ended besides the outcome; null where that is the same, or is not known of both. */
  readonly ends: readonly [a: JsonMap, b: JsonMap] | null
  readonly sameness: Sameness
  /** Of the alignment. */
  readonly work: number
}

/** What came into a run from outside: what looks like a time or a UUID there was not made up. */
const givenTo =
  ({ fold, workflow }: ComparedRun) =>
  (): readonly Json[] => [
    ...[fold.original ?? null, fold.normalized ?? null, workflow],
    ...fold.effects.map(({ answer }) => answer as unknown as Json)
  ]

/** `data`: false where nothing of the roaming data is asked. */
export function compareRuns(runA: ComparedRun, runB: ComparedRun, { data = true } = {}): Compared {
  const asPosts = (runA.origin === 'captured') !== (runB.origin === 'captured')
  const own = [
    new OwnValues(runA.clock, givenTo(runA), runA.drawn),
    new OwnValues(runB.clock, givenTo(runB), runB.drawn)
  ] as const
  const [a, b] = [new Side(runA, own[0], asPosts), new Side(runB, own[1], asPosts)]
  const nodes = matchNodes(a.graph, b.graph)
  const { rows, work } = alignRuns(a, b, nodes)
  const comparing = new Comparing(a, b, new Sameness(...own, nodes), nodes, data)
  const start = comparing.start()
  const { sameness } = comparing
  const isEndKnown = [runA, runB].every(({ origin }) => origin === 'local')
  const ends = [endOf(a.run, own[0]), endOf(b.run, own[1])] as const
  const isEndSame = !isEndKnown || sameness.isSame(...ends)
  return { a, b, nodes, rows: comparing.rows(rows, start), start, ends: isEndSame ? null : ends, sameness, work }
}

/** What a step came to, besides its data and errors. */
export function resultOf({ run, data }: Side, position: number): Json {
  const { result, success, branch } = run.fold.steps[position]!
  return { result, success, branch, message: data[position]?.message ?? null }
}

class Comparing {
  /** What a step got, read and reported is only known of both where neither is from MISP's log. */
  readonly #hasParts: boolean
  readonly #hasData: boolean
  readonly #hasEffects: boolean

  constructor(
    readonly a: Side,
    readonly b: Side,
    readonly sameness: Sameness,
    readonly nodes: NodeMatch,
    /** Roaming data is asked for. */
    isAsked: boolean
  ) {
    const origins = [a.run.origin, b.run.origin]
    this.#hasParts = !origins.includes('imported')
    this.#hasData = this.#hasParts && isAsked
    this.#hasEffects = origins.every((origin) => origin === 'local')
  }

  start(): readonly DifferencePlace[] {
    if (!this.#hasData) return []
    const [a, b] = [this.a.run.fold, this.b.run.fold]
    const found: DifferencePlace[] = []
    if (!this.sameness.isSameData(a.original ?? null, b.original ?? null)) found.push('input')
    if (!this.sameness.isSameData(a.normalized ?? null, b.normalized ?? null)) found.push('output')
    return found
  }

  rows(rows: readonly Row[], start: readonly DifferencePlace[]): readonly ComparedStep[] {
    const told: ComparedStep[] = []
    const causes = new Causes(this.a, this.b, start, this.sameness, this.nodes)
    for (const { a, b, node } of rows) {
      const places = a === null || b === null ? [] : this.#differences(a, b)
      const state = a === null ? 'only b' : b === null ? 'only a' : places.length > 0 ? 'different' : 'same'
      const cause = state === 'same' ? null : causes.of({ a, b, node }, places)
      const row: ComparedStep = { state, a: stepOf(a), b: stepOf(b), cause, in: places }
      causes.add(row)
      told.push(row)
    }
    return told
  }

  #differences(a: number, b: number): readonly DifferencePlace[] {
    const found: DifferencePlace[] = []
    const [one, other] = [this.a.data[a]!, this.b.data[b]!]
    const { sameness } = this
    if (this.#hasData) {
      const isInputSame = sameness.isSameData(one.input, other.input)
      if (!isInputSame) found.push('input')
      const known = isInputSame ? ([one.input, other.input] as const) : null
      if (!sameness.isSameData(one.output, other.output, known)) found.push('output')
    }
    if (this.#hasParts) {
      if (!sameness.isSame(settingsOf(this.a, a, one.params), settingsOf(this.b, b, other.params)))
        found.push('parameters')
      if (!sameness.isSame(one.errors, other.errors)) found.push('errors')
    }
    if (this.#hasEffects) {
      if (!this.#isSameEffects(a, b)) found.push('effects')
      if (!this.#isSameChanges(a, b)) found.push('world')
    }
    if (!sameness.isSame(resultOf(this.a, a), resultOf(this.b, b))) found.push('result')
    return found
  }

  #isSameEffects(a: number, b: number): boolean {
    return isSameEffects(this.a.run.fold.data[a]!.effects, this.b.run.fold.data[b]!.effects, this.sameness)
  }

  #isSameChanges(a: number, b: number): boolean {
    const [one, other] = [this.a.changes.get(a) ?? [], this.b.changes.get(b) ?? []]
    if (one.length !== other.length) return false
    const isSame = (x: Json, y: Json): boolean => this.sameness.isSame(x, y)
    if (one.every((change, i) => isSame(change as unknown as Json, other[i] as unknown as Json))) return true
    const [namesA, namesB] = changeNames(one, other, isSame)
    const at = new Map(namesB.map((name, i) => [name, other[i] as unknown as Json]))
    return namesA.every((name, i) => isSame(one[i] as unknown as Json, at.get(name) ?? null))
  }
}

/** Whatever order they came in. */
export function isSameEffects(one: readonly RunEffect[], other: readonly RunEffect[], sameness: Sameness): boolean {
  if (one.length !== other.length) return false
  const isSame = (x: Json, y: Json): boolean => sameness.isSame(x, y)
  if (one.every((effect, i) => isSame(plainEffect(effect), plainEffect(other[i]!)))) return true
  const [namesA, namesB] = effectNames(one, other, isSame)
  const at = new Map(namesB.map((name, i) => [name, other[i]!]))
  return namesA.every((name, i) => {
    const there = at.get(name)
    return there !== undefined && isSame(plainEffect(one[i]!), plainEffect(there))
  })
}

const stepOf = (position: number | null): number | null => (position === null ? null : position + 1)

/** The step's parameters, and the filter of its node, which decides as they do. */
export function settingsOf(side: Side, position: number, params: Json): Json {
  const filter = side.run.rebuilt ? undefined : side.nodeOf(position)?.settings[filterName]
  if (filter === undefined || !isMap(params)) return params
  return { ...params, [filterName]: filter }
}

function settingsAt(side: Side, position: number): JsonMap {
  const settings = settingsOf(side, position, side.data[position]?.params ?? null)
  return isMap(settings) ? settings : {}
}

const isTemplate = (text: string): boolean => /\{[{%]/.test(text)

/** Tells, row after row, whether what differs came from before. */
class Causes {
  readonly #rowOfA = new Map<number, ComparedStep>()
  readonly #rowOfB = new Map<number, ComparedStep>()
  /** Numbers of steps behind which only one of the runs has a step; 0: at the start. */
  readonly #behind = { a: new Set<number>(), b: new Set<number>() }
  /** How many steps of each node only one of the runs had up to here. */
  readonly #alone = { a: new Map<number, number>(), b: new Map<number, number>() }
  /** Something before came to another result. */
  #result = false
  /** Something before changed the world differently. */
  #world = false

  constructor(
    private readonly a: Side,
    private readonly b: Side,
    private readonly start: readonly DifferencePlace[],
    private readonly sameness: Sameness,
    private readonly nodes: NodeMatch
  ) {}

  add(row: ComparedStep): void {
    if (row.a !== null) this.#rowOfA.set(row.a - 1, row)
    if (row.b !== null) this.#rowOfB.set(row.b - 1, row)
    if (row.b === null && row.a !== null) this.#behind.a.add((this.a.before(row.a - 1) ?? -1) + 1)
    if (row.a === null && row.b !== null) this.#behind.b.add((this.b.before(row.b - 1) ?? -1) + 1)
    const changed = (side: Side, step: number | null): boolean =>
      step !== null && (side.run.fold.steps[step - 1]?.worldChanges ?? 0) > 0
    const failed = (side: Side, step: number | null): boolean => {
      const { moduleType, success } = side.run.fold.steps[(step ?? 0) - 1] ?? {}
      return success === false && moduleType !== 'logic'
    }
    const isOneSided = row.a === null ? failed(this.b, row.b) : row.b === null && failed(this.a, row.a)
    if (row.in.includes('result') || isOneSided) this.#result = true
    const isAlone = row.a === null || row.b === null
    if (row.in.includes('world') || (isAlone && (changed(this.a, row.a) || changed(this.b, row.b)))) this.#world = true
  }

  of({ a, b, node }: Row, places: readonly DifferencePlace[]): DifferenceCause {
    if (a === null || b === null) return this.#isMoved(a === null ? 'b' : 'a', node) ? 'before' : this.#ofAlone(a, b)
    if (places.includes('parameters') && this.#isSetDifferently(a, b)) return 'itself'
    if (places.includes('effects') && this.#isAnsweredDifferently(a, b)) return 'itself'
    if (places.includes('input')) return this.#cameDifferently(a, b) ? 'before' : 'itself'
    return this.#world ? 'before' : 'itself'
  }

  /** The other run went on otherwise from the same step: the difference started there. */
  #isOtherWay(run: 'a' | 'b', at: number): boolean {
    const [side, rows] = run === 'a' ? [this.a, this.#rowOfA] : [this.b, this.#rowOfB]
    const from = side.before(at)
    const row = from === null ? undefined : rows.get(from)
    const there = row === undefined ? null : run === 'a' ? row.b : row.a
    return (from === null || there !== null) && this.#behind[run === 'a' ? 'b' : 'a'].has(there ?? 0)
  }

  /** The other run came to the node earlier, alone: that it is not here follows from that. */
  #isMoved(side: 'a' | 'b', node: number): boolean {
    const other = side === 'a' ? this.#alone.b : this.#alone.a
    const waiting = other.get(node) ?? 0
    if (waiting > 0) other.set(node, waiting - 1)
    else this.#alone[side].set(node, (this.#alone[side].get(node) ?? 0) + 1)
    return waiting > 0
  }

  /** What led to the step differs, or is alone, too. */
  #ofAlone(a: number | null, b: number | null): DifferenceCause {
    const [side, rows, at] = b === null ? [this.a, this.#rowOfA, a as number] : [this.b, this.#rowOfB, b]
    if (this.#isOtherWay(b === null ? 'a' : 'b', at)) return 'before'
    const ways = [side.before(at), side.walkOf[at]?.fired === '' ? side.index.parentOf(at) : null]
    for (const way of ways) if (way !== null && rows.get(way)?.state !== 'same') return 'before'
    if (ways.every((way) => way === null) && this.start.length > 0) return 'before'
    // MISP goes no further behind an action that did not succeed, which may be several nodes before.
    return this.#result && !this.#isOnlyThere(b === null ? 'a' : 'b', at) ? 'before' : 'itself'
  }

  #isOnlyThere(run: 'a' | 'b', at: number): boolean {
    const node = this[run].nodeOf(at)
    if (node === undefined || this.a.graph.size === 0 || this.b.graph.size === 0) return false
    return run === 'a' ? !this.nodes.toB.has(node.id) : !this.nodes.ofB.has(node.id)
  }

  /** A parameter is another one, and no template was given other data. */
  #isSetDifferently(a: number, b: number): boolean {
    const [one, other] = [settingsAt(this.a, a), settingsAt(this.b, b)]
    const [savedA, savedB] = [this.a.nodeOf(a)?.settings, this.b.nodeOf(b)?.settings]
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].some((name) => {
      if (this.sameness.isSame(one[name], other[name])) return false
      const [textA, textB] = [JSON.stringify(savedA?.[name]), JSON.stringify(savedB?.[name])]
      if (savedA && savedB && textA !== textB) return true
      return textA !== undefined && textB !== undefined && !isTemplate(textA)
    })
  }

  /** The same was asked, and the answers were others. */
  #isAnsweredDifferently(a: number, b: number): boolean {
    const [one, other] = [this.a.run.fold.data[a]!.effects, this.b.run.fold.data[b]!.effects]
    const isSame = (x: unknown, y: unknown): boolean => this.sameness.isSame(x as Json, y as Json)
    const names = effectNames(one, other, isSame)
    const at = new Map(names[1].map((name, i) => [name, other[i]!]))
    return one.some(({ effect, answer }, i) => {
      const there = at.get(names[0][i]!)
      if (effect.kind === 'template' || there === undefined) return false
      return isSame(effect, there.effect) && !isSame(answer, there.answer)
    })
  }

  /** What the step got differs because what gave it differs. */
  #cameDifferently(a: number, b: number): boolean {
    const [one, other] = [this.a.before(a), this.b.before(b)]
    if (one === null && other === null) return this.start.length > 0
    const [rowA, rowB] = [one === null ? null : this.#rowOfA.get(one), other === null ? null : this.#rowOfB.get(other)]
    if (rowA !== rowB || !rowA) return true
    return rowA.in.includes('output')
  }
}
