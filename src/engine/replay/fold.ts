// The state of a run as the fold of its events: the steps, their data beside them, and the summary of lists. A run in progress, a stored
// run, a captured one and one that is compared all go through this fold.
import type { RunWorldChange } from '../../contract/effects.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, RunEvent, RunEventMap } from '../../contract/run.ts'
import type { RunDetail, RunEffect, RunStep, RunSummary } from '../../contract/run-views.ts'
import type { Sentence } from '../../contract/sentence.ts'
import { answerProblem } from '../effects/answer-error.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { hideTexts, secretsOfParams } from '../../contract/secrets.ts'
import { consequenceOf } from './consequence.ts'
import { eventOf, shownOptions } from './run-facts.ts'
import { defaultProfile, isProfileId } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { isMap } from '../php/values.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What a step holds, for `run.value`. */
export interface StepData {
  readonly input: Json
  readonly output: Json
  readonly view: Json
  readonly params: Json
  readonly errors: Json
  readonly post: Json | null
  readonly effects: readonly RunEffect[]
}

export interface FoldOptions {
  /** One sentence on a node, from its module's definition. */
  readonly explain?: (
    profile: ProfileId,
    node: RunEventMap['node.finished'],
    effects: readonly RunEffect[]
  ) => Sentence | null
  /** Keys that an effect goes with, which the words for searching leave out. Without it there are no such words. */
  readonly secretsOf?: (effect: Effect) => readonly string[]
}

/** Takes events one by one. `steps[i]` belongs to `data[i]`; step numbers start at 1. */
export class RunFold {
  readonly steps: Mutable<RunStep>[] = []
  readonly data: Mutable<StepData>[] = []
  readonly effects: RunEffect[] = []
  original: Json | undefined
  normalized: Json | undefined
  triggerPost: Json | undefined
  started: RunEventMap['run.started'] | null = null

  /** The version of MISP that it was; a file may name one that this Retrace does not know. */
  get profile(): ProfileId {
    const id = this.started?.profile ?? ''
    return isProfileId(id) ? id : defaultProfile
  }
  finished: RunEventMap['run.finished'] | null = null
  /** The node that the run was at when it ended; null when it was behind its last one. */
  endedAt: number | null = null
  readonly changes: Mutable<RunWorldChange>[] = []
  errors = 0
  readonly notes: { readonly nodeId: number | null; readonly code: string; readonly text: string }[] = []
  readonly jobs: string[] = []
  readonly #options: FoldOptions
  /** Nodes that have started and not finished. A node that fires a workflow waits while that workflow's nodes run. */
  readonly #open = new Map<string, OpenNode>()
  /** The last step of each walk, whose post comes next. */
  readonly #last = new Map<string, number>()
  #runId: string | null = null
  #lastAt = 0
  /** Module ids and what went wrong, each once: what lists are searched by. */
  readonly #words = new Set<string>()

  constructor(options: FoldOptions = {}) {
    this.#options = options
  }

  /** Returns the step that the event completed, if it did. */
  apply(event: RunEvent): RunStep | null {
    this.#lastAt = event.at
    // A workflow that an action fires starts inside this one; the first start is ours.
    this.#runId ??= event.runId
    switch (event.type) {
      case 'run.started':
        this.started ??= event.data
        return null
      case 'run.normalized':
        this.original ??= event.data.original
        this.normalized ??= event.data.normalized
        return null
      case 'node.started':
        this.#open.set(nodeKey(event), openNode(event.at, event.data.path))
        return null
      case 'node.finished':
        return this.#finishNode(event)
      case 'effect':
        return this.#takeEffect(event)
      case 'world.changed':
        return this.#takeChange(event)
      case 'note':
        this.notes.push({ nodeId: event.data.nodeId, code: event.data.code, text: event.data.text })
        this.#openOf(event).notes.push({ code: event.data.code, text: event.data.text })
        return null
      case 'post':
        return this.#attachPost(event)
      case 'job.started':
        this.jobs.push(event.data.job)
        return null
      case 'run.finished':
        if (event.runId === this.#runId) {
          this.finished = event.data
          this.endedAt = event.nodeId
        }
        return null
      default:
        return null
    }
  }

  #takeChange(event: Extract<RunEvent, { type: 'world.changed' }>): null {
    const { nodeId, change, job } = event.data
    const told: Mutable<RunWorldChange> = { step: null, nodeId, change, job: job ?? null }
    this.changes.push(told)
    this.#openOf(event).changes.push(told)
    return null
  }

  /** The node that an event belongs to; one that nobody sees when it belongs to none. */
  #openOf(event: RunEvent): OpenNode {
    return this.#open.get(nodeKey(event)) ?? openNode(event.at, [])
  }

  #takeEffect({ data, ...event }: Extract<RunEvent, { type: 'effect' }>): null {
    // A text without a template in it was rendered to itself: nothing left the engine.
    if (data.effect.kind === 'template' && data.by === 'engine') return null
    const { nodeId, effect, answer, by, takes } = data
    const told: Mutable<RunEffect> = {
      step: null,
      nodeId,
      effect,
      answer,
      by,
      ...(takes === undefined ? {} : { takes })
    }
    this.effects.push(told)
    this.#openOf({ ...event, data }).effects.push(told)
    return null
  }

  #finishNode(event: Extract<RunEvent, { type: 'node.finished' }>): RunStep {
    const { data, at } = event
    const open = this.#openOf(event)
    const { effects } = open
    // A module on its own has no trigger: what it was given is what its run starts with.
    if (this.started?.triggerId === '') this.normalized ??= data.before
    this.#open.delete(nodeKey(event))
    this.#last.set(walkKey(event), this.steps.length)
    const answerErrors = errorsInAnswers(effects)
    for (const told of [...effects, ...open.changes]) told.step = this.steps.length + 1
    const step: Mutable<RunStep> = {
      step: this.steps.length + 1,
      nodeId: data.nodeId,
      moduleId: data.moduleId,
      moduleType: data.moduleType,
      name: data.name ?? data.moduleId,
      result: data.result,
      success: data.success,
      branch: data.branch ?? null,
      message: data.message ?? null,
      errors: data.errors,
      // In a long run the last edges are enough to mark the graph, and all of them would be most of what is sent.
      path: this.steps.length < 500 ? open.path : open.path.slice(-3),
      job: data.job ?? null,
      at: open.at,
      ms: data.ms ?? Math.max(0, at - open.at),
      changed: !sameEntries(data.before, data.after),
      effects: effects.length,
      ...(effects.length > 0 ? { answeredBy: [...new Set(effects.map(({ by }) => by))] } : {}),
      worldChanges: open.changes.length,
      ...(answerErrors.length > 0 ? { answerErrors } : {}),
      notes: open.notes,
      explain: this.#options.explain?.(this.profile, data, effects)?.text ?? null,
      derived: data.derived ?? []
    }
    const failed = data.result !== 'success' && data.result !== 'disabled_module'
    if (failed || answerErrors.length > 0) this.errors++
    this.steps.push(step)
    this.#keepWords(step, data.params, effects)
    this.data.push({
      input: data.before,
      output: data.after,
      view: data.view,
      params: data.params,
      errors: data.errors,
      post: null,
      effects
    })
    return step
  }

  #keepWords(step: RunStep, params: JsonMap, effects: readonly RunEffect[]): void {
    const { secretsOf } = this.#options
    if (secretsOf === undefined || this.#words.size >= 1000) return
    const texts = new SecretTexts(secretsOfParams(params))
    for (const { effect } of effects) texts.add(secretsOf(effect))
    for (const word of [step.moduleId, step.message ?? '', errorText(step.errors), ...(step.answerErrors ?? [])])
      this.#words.add(String(hideTexts(word, texts)))
  }

  #attachPost(event: Extract<RunEvent, { type: 'post' }>): null {
    const { method, path, query, body } = event.data.post
    const value: Json = { method, path, query, body }
    if (path.endsWith('/init')) this.triggerPost ??= value
    else if (path.includes('/exec/')) {
      const step = this.data[this.#last.get(walkKey(event)) ?? -1]
      if (step) step.post = value
    }
    return null
  }

  /** `base` is what the events do not know: names, pins, times. */
  summary(base: RunSummary): RunSummary {
    const { started, finished } = this
    return {
      ...base,
      state: finished ? 'done' : base.state,
      outcome: finished?.outcome ?? base.outcome,
      outcomeText: finished?.outcomeText ?? base.outcomeText,
      trigger: started?.triggerId || base.trigger,
      workflowId: started?.workflowId ?? base.workflowId,
      workflowName: started?.workflowName ?? base.workflowName,
      event: eventOf(this.normalized ?? this.original) ?? base.event,
      durationMs: finished ? this.#lastAt : base.durationMs,
      steps: this.steps.length,
      errors: this.errors,
      effects: this.effects.length,
      worldChanges: this.changes.length,
      words: [...this.#words].join(' ').slice(0, 2000)
    }
  }

  detail(summary: RunSummary, options: JsonMap | null = null): RunDetail {
    return {
      ...(options ? { options: shownOptions(options) } : {}),
      summary,
      pathType: this.started?.pathType ?? null,
      profile: this.started?.profile ?? null,
      assumptions: this.started?.assumptions ?? [],
      ...(this.started?.insteadOf === undefined ? {} : { insteadOf: this.started.insteadOf }),
      steps: this.steps,
      blockingErrors: this.finished?.blockingErrors ?? [],
      throwable: this.finished?.throwable ?? null,
      ...consequenceOf(summary, this.started?.pathType ?? null, this.profile, this.original ?? null, this.changes),
      chain: null,
      unreached: [],
      notes: this.notes,
      jobs: this.jobs
    }
  }
}

/** Each once: a node may ask a thousand times. */
const errorsInAnswers = (effects: readonly RunEffect[]): readonly string[] =>
  [...new Set(effects.flatMap(({ effect, answer }) => answerProblem(effect, answer) ?? []))].slice(0, mostAnswerErrors)

const mostAnswerErrors = 20

/** What was told of a node since it started. */
interface OpenNode {
  readonly at: number
  readonly path: readonly string[]
  readonly effects: Mutable<RunEffect>[]
  readonly notes: { code: string; text: string }[]
  readonly changes: Mutable<RunWorldChange>[]
}

const openNode = (at: number, path: readonly string[]): OpenNode => ({
  at,
  path,
  effects: [],
  notes: [],
  changes: []
})

/** A walk: a run outside of its jobs, or one job. */
const walkKey = ({ runId, data }: RunEvent): string => `${(data as { readonly job?: string }).job ?? ''} ${runId}`
const nodeKey = (event: RunEvent): string =>
  `${(event.data as { readonly nodeId?: number | null }).nodeId ?? event.nodeId} ${walkKey(event)}`

function errorText(errors: Json): string {
  if (errors === null || typeof errors !== 'object') return ''
  return Object.values(errors)
    .filter((error) => typeof error === 'string')
    .join(' ')
}

/** A map that was only built anew around the same values did not change: the concurrent task does that. */
function sameEntries(before: Json, after: Json): boolean {
  if (before === after) return true
  if (!isMap(before) || !isMap(after)) return false
  const keys = Object.keys(before)
  return (
    keys.length === Object.keys(after).length &&
    keys.every((key) => Object.hasOwn(after, key) && before[key] === after[key])
  )
}
