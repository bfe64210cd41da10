// Who answers the requests of a case: its mocks and its answers, and nobody else. What has no answer is told, with the answer that comes nearest.
import type { Case, CaseAnswer } from '../../contract/case.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import { defaultAnswer } from '../effects/policy.ts'
import type { Answered, EffectRequest } from '../effects/ports.ts'
import { misfits } from './fit.ts'
import type { Misfit } from './fit.ts'
import { requestOf } from './told.ts'

/** A request that no answer fits. */
export interface Unanswered {
  readonly nodeId: number
  /** How many requests were answered before it. */
  readonly number: number
  readonly request: JsonMap
  /** Position in `answers` of what comes nearest, and why it does not fit. */
  readonly nearest: { readonly at: number; readonly why: readonly Misfit[] } | null
}

/** Where it stands in the case: as people read it, and in its parts. */
export interface Unused {
  readonly place: string
  readonly keys: readonly (string | number)[]
}

export class CaseAnswers {
  readonly unanswered: Unanswered[] = []
  /** The case's mocks, noting which of them are taken. */
  readonly mocks: JsonMap
  readonly #mocks: JsonMap
  readonly #taken = new Map<string, number>()
  readonly #answers: readonly CaseAnswer[]
  readonly #used = new Set<number>()
  #count = 0

  constructor(
    { mocks = {}, answers = [] }: Pick<Case, 'mocks' | 'answers'>,
    private readonly hide: (effect: Effect) => Effect
  ) {
    this.#mocks = mocks
    this.#answers = answers
    const noted = (name: string | symbol): void => {
      if (typeof name === 'string' && Object.hasOwn(mocks, name))
        this.#taken.set(name, (this.#taken.get(name) ?? 0) + 1)
    }
    this.mocks = new Proxy(mocks, {
      get: (target, name) => {
        noted(name)
        return typeof name === 'string' && Object.hasOwn(target, name) ? target[name] : undefined
      }
    })
  }

  answer({ nodeId, moduleId, effect }: EffectRequest): Answered | undefined {
    const number = this.#count++
    const isPlain = this.#answers.length === 0
    if (isPlain && effect.kind === 'template') return undefined
    const request = requestOf(this.hide(effect))
    const at = this.#find(request, nodeId, moduleId)
    if (at !== null) {
      this.#used.add(at)
      const { answer, takes } = this.#answers[at]!
      return { answer: answer as unknown as EffectAnswer, by: 'recorded', ...(takes === undefined ? {} : { takes }) }
    }
    if (effect.kind === 'template') return undefined
    // Of these MISP hears nothing but that they are on their way.
    if (effect.kind === 'http' || effect.kind === 'misp-modules')
      this.unanswered.push({ nodeId, number, request, nearest: this.#nearest(request, nodeId, moduleId) })
    return { answer: defaultAnswer(effect), by: 'record' }
  }

  /** The next one that fits; the last one that fits stays. */
  #find(request: JsonMap, nodeId: number, moduleId: string): number | null {
    let last: number | null = null
    for (const [at, one] of this.#answers.entries()) {
      if (whyNot(one, request, nodeId, moduleId).length > 0) continue
      if (!this.#used.has(at)) return at
      last = at
    }
    return last
  }

  #nearest(request: JsonMap, nodeId: number, moduleId: string): Unanswered['nearest'] {
    let best: Unanswered['nearest'] = null
    for (const [at, one] of this.#answers.entries()) {
      const why = whyNot(one, request, nodeId, moduleId)
      if (one.request !== undefined && one.request.kind !== request['kind']) continue
      if (best === null || why.length < best.why.length) best = { at, why }
    }
    return best
  }

  /** Answers and mocks that nothing asked for. */
  unused(): readonly Unused[] {
    const answers = this.#answers.flatMap((_, at): readonly Unused[] =>
      this.#used.has(at) ? [] : [{ place: `answers[${at}]`, keys: ['answers', at] }]
    )
    const mocks = Object.entries(this.#mocks).flatMap(([name, mock]): readonly Unused[] => {
      const taken = this.#taken.get(name) ?? 0
      if (taken === 0) return [{ place: `mocks.${name}`, keys: ['mocks', name] }]
      const list: readonly Json[] = Array.isArray(mock) ? (mock as readonly Json[]) : []
      return list.slice(taken).map((_, i) => {
        const at = taken + i
        return { place: `mocks.${name}[${at}]`, keys: ['mocks', name, at] }
      })
    })
    return [...mocks, ...answers]
  }
}

function whyNot(
  { node, module, request: wanted }: CaseAnswer,
  request: JsonMap,
  nodeId: number,
  moduleId: string
): readonly Misfit[] {
  const found: Misfit[] = []
  if (node !== undefined && node !== nodeId) found.push({ keys: ['node'], op: 'changed', before: node, after: nodeId })
  if (module !== undefined && module !== moduleId)
    found.push({ keys: ['module'], op: 'changed', before: module, after: moduleId })
  if (wanted !== undefined) return [...found, ...misfits(wanted as JsonMap, request)]
  // Whoever does not say what is asked for means what goes out, and not the templates on the way.
  return request['kind'] === 'template' ? [...found, ...misfits({ kind: 'http' }, request)] : found
}
