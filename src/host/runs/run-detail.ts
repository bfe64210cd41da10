// Folds a run's events to what shells show: the steps without their data, and the summary of lists. The same fold serves a run in
// progress, a stored run and a captured one.
import { factsOf } from '../../engine/modules/table.ts'
import { isMap } from '../../engine/php/values.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { hideTexts, secretsOfParams } from '../../contract/secrets.ts'
import { secretsOfEffect } from '../worker/effects/show.ts'
import type { RunEvent, RunEventMap } from '../../contract/run.ts'
import type { RunDetail, RunEffect, RunStep, RunSummary } from '../../contract/run-views.ts'

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
  readonly explain?: (moduleId: string, params: JsonMap) => string | null
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
  finished: RunEventMap['run.finished'] | null = null
  worldChanges = 0
  errors = 0
  readonly notes: { readonly nodeId: number | null; readonly code: string; readonly text: string }[] = []
  readonly jobs: string[] = []
  readonly #options: FoldOptions
  #open: {
    nodeId: number | null
    effects: number
    world: number
    notes: { code: string; text: string }[]
    at: number
    path: readonly string[]
  } = blank(0)
  #lastAt = 0
  /** Module ids and what went wrong, each once: what lists are searched by. */
  readonly #words = new Set<string>()

  constructor(options: FoldOptions = {}) {
    this.#options = options
  }

  /** Answers the step that the event completed, if it did. */
  apply(event: RunEvent): RunStep | null {
    this.#lastAt = event.at
    switch (event.type) {
      case 'run.started':
        // A cascade's inner runs start inside this one; the first start is ours.
        this.started ??= event.data
        return null
      case 'run.normalized':
        this.original ??= event.data.original
        this.normalized ??= event.data.normalized
        return null
      case 'node.started':
        this.#open = { ...blank(event.at), nodeId: event.data.nodeId, path: event.data.path }
        return null
      case 'node.finished':
        return this.#finishNode(event.data, event.at)
      case 'effect':
        // A text without a template in it was rendered to itself: nothing left the engine.
        if (event.data.effect.kind === 'template' && event.data.by === 'engine') return null
        this.#open.effects++
        this.effects.push({
          step: this.steps.length + 1,
          nodeId: event.data.nodeId,
          effect: event.data.effect,
          answer: event.data.answer,
          by: event.data.by,
          ...(event.data.takes === undefined ? {} : { takes: event.data.takes })
        })
        return null
      case 'world.changed':
        this.#open.world++
        this.worldChanges++
        return null
      case 'note':
        this.notes.push({ nodeId: event.data.nodeId, code: event.data.code, text: event.data.text })
        this.#open.notes.push({ code: event.data.code, text: event.data.text })
        return null
      case 'post':
        return this.#attachPost(event.data)
      case 'job.started':
        this.jobs.push(event.data.job)
        return null
      case 'run.finished':
        this.finished = event.data
        return null
      default:
        return null
    }
  }

  #finishNode(data: RunEventMap['node.finished'], at: number): RunStep {
    const open = this.#open.nodeId === data.nodeId ? this.#open : blank(this.#lastAt)
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
      effects: open.effects,
      ...(open.effects > 0 ? { answeredBy: [...new Set(this.effects.slice(-open.effects).map(({ by }) => by))] } : {}),
      worldChanges: open.world,
      notes: open.notes,
      explain: this.#options.explain?.(data.moduleId, data.params) ?? null,
      derived: data.derived ?? []
    }
    if (data.result !== 'success' && data.result !== 'disabled_module') this.errors++
    const effects = this.effects.slice(this.effects.length - open.effects)
    this.steps.push(step)
    if (this.#words.size < 1000) {
      const texts = new SecretTexts(secretsOfParams(data.params))
      for (const { effect } of effects) texts.add(secretsOfEffect(effect))
      for (const word of [step.moduleId, step.message ?? '', errorText(step.errors)])
        this.#words.add(String(hideTexts(word, texts)))
    }
    this.data.push({
      input: data.before,
      output: data.after,
      view: data.view,
      params: data.params,
      errors: data.errors,
      post: null,
      effects
    })
    this.#open = blank(at)
    return step
  }

  #attachPost({ post }: RunEventMap['post']): null {
    const last = this.data.at(-1)
    const value: Json = { method: post.method, path: post.path, query: post.query, body: post.body }
    if (post.path.endsWith('/init')) this.triggerPost = value
    else if (last && post.path.includes('/exec/')) last.post = value
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
      worldChanges: this.worldChanges,
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
      steps: this.steps,
      blockingErrors: this.finished?.blockingErrors ?? [],
      throwable: this.finished?.throwable ?? null,
      consequence: consequenceOf(summary, this.started?.pathType ?? null),
      notes: this.notes,
      jobs: this.jobs
    }
  }
}

const blank = (
  at: number
): {
  nodeId: number | null
  effects: number
  world: number
  notes: { code: string; text: string }[]
  at: number
  path: readonly string[]
} => ({
  nodeId: null,
  effects: 0,
  world: 0,
  notes: [],
  at,
  path: []
})

function errorText(errors: Json): string {
  if (errors === null || typeof errors !== 'object') return ''
  return Object.values(errors)
    .filter((error) => typeof error === 'string')
    .join(' ')
}

/** Options as shells need them to show policies and to run again: pinned data may be as large as an event and stays here. */
function shownOptions({ pins, ...options }: JsonMap): JsonMap {
  if (!isMap(pins ?? null)) return options
  const small = Object.entries(pins as JsonMap).map(([node, pin]) => {
    const { data, ...rest } = pin as JsonMap
    return [node, data === undefined ? rest : { ...rest, kept: true }] as const
  })
  return { ...options, pins: Object.fromEntries(small) }
}

/** A run of which nothing is known but its id and start. */
export const blankSummary = (id: string, startedAt: string): RunSummary => ({
  id,
  origin: 'local',
  source: null,
  state: 'running',
  outcome: null,
  outcomeText: '',
  trigger: '',
  workflowId: null,
  workflowName: null,
  event: null,
  startedAt,
  durationMs: null,
  steps: 0,
  errors: 0,
  effects: 0,
  worldChanges: 0,
  size: 0,
  name: null,
  pinned: false,
  parent: null,
  confidence: null,
  deletedAt: null,
  words: ''
})

/** What names the event of a run, wherever its trigger put it. */
export function eventOf(data: Json | undefined): RunSummary['event'] {
  const root = asMap(data)
  const event =
    asMap(root?.Event) ??
    asMap(Array.isArray(root?.response) ? (asMap(root.response[0] as Json)?.Event as Json) : undefined)
  if (!event) return null
  const text = (value: Json | undefined): string | null =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null
  return { id: text(event.id), uuid: text(event.uuid), info: (text(event.info) ?? '').slice(0, 200) }
}

const asMap = (value: Json | undefined): JsonMap | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonMap) : null

function consequenceOf(summary: RunSummary, pathType: 'blocking' | 'non-blocking' | null): string | null {
  if (summary.outcome === null || summary.outcome === 'success' || summary.outcome === 'no end') return null
  if (summary.outcome === 'not started' || summary.outcome === 'cannot tell') return null
  if (pathType !== 'blocking') return 'The workflow runs beside MISP’s own operation, which went on.'
  return factsOf('trigger', summary.trigger)?.refused ?? 'MISP’s own operation was refused.'
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
