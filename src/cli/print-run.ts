// A run for people: one block a step, as it happens, then the outcome and what it meant.
import type { Json } from '../contract/json.ts'
import type { Effect, EffectAnswer, NodeRef, Outcome, RunEvent, RunEventMap, WorldChange } from '../contract/run.ts'
import type { RunDetail } from '../contract/run-views.ts'
import { changesBetween } from '../host/worker/values/changes.ts'
import { answerError } from '../engine/effects/answer-error.ts'
import { eventOf } from '../engine/replay/run-facts.ts'
import { silentFailure } from '../host/worker/values/reason.ts'
import { explainerOf } from '../host/worker/values/explain-node.ts'
import { clip, createStyle, milliseconds, visible, wrap } from './style.ts'
import { defaultProfile, isProfileId } from '../engine/profiles/profiles.ts'
import type { ProfileId } from '../engine/profiles/profiles.ts'
import type { Style } from './style.ts'
import { formatCount, plural, shownAs } from '../contract/words.ts'
import { unreachedLines } from './unreached.ts'

const mostChanges = 6
const indent = '      '

export class RunPrinter {
  readonly #style: Style
  readonly #explain: ReturnType<typeof explainerOf>
  readonly #width = Math.max(60, Math.min(process.stdout.columns ?? 110, 140))
  #steps = 0
  #profile: ProfileId = defaultProfile
  readonly #details: string[] = []
  /** How many of a kind the running node has had. */
  readonly #counts = new Map<string, number>()
  #effects: Pick<RunEventMap['effect'], 'effect' | 'answer' | 'by'>[] = []
  #depth = 0
  #running: NodeRef | null = null

  constructor(
    private readonly print: (line: string) => void,
    color: boolean,
    private readonly workflow: Json
  ) {
    this.#explain = explainerOf(workflow)
    this.#style = createStyle(color)
  }

  event(event: RunEvent, runId: string): void {
    switch (event.type) {
      case 'run.started':
        return this.#start(event.data, event.runId !== runId)
      case 'run.normalized':
        return this.#normalized(event.data.original)
      case 'node.started':
        this.#forget()
        this.#effects = []
        this.#running = event.data
        return
      case 'node.finished':
        this.#running = null
        return this.#step(event.data)
      case 'effect':
        this.#effects.push(event.data)
        if (event.data.effect.kind !== 'template' || event.data.by !== 'engine')
          this.#effect(event.data.effect, event.data.answer, event.data.by)
        if (event.data.error !== undefined) this.#tell('error', () => event.data.error ?? '', this.#style.red)
        return
      case 'world.changed':
        if (event.nodeId !== null) this.#tell('database', () => describeChange(event.data.change), this.#style.magenta)
        return
      case 'trigger.fired':
        this.#tell('fires', () => describeFired(event.data), this.#style.yellow)
        return
      case 'note':
        return this.#note(event.data)
      case 'job.queued':
        this.#tell('queues', () => `${event.data.job} (${event.data.command})`, this.#style.blue)
        return
      case 'job.started':
        this.print('')
        this.print(`  ${this.#style.blue(`${event.data.job}`)}${this.#style.dim(' in a separate worker')}`)
        return
      case 'run.finished':
        if (event.data.throwable) this.#thrown(event.data.throwable.class)
        if (event.runId !== runId) this.#nestedEnd(event.data)
        return
      default:
        return
    }
  }

  end(detail: RunDetail): void {
    const { summary, assumptions, blockingErrors, throwable, consequence, unreached } = detail
    const { bold, dim, red } = this.#style
    this.print('')
    for (const line of unreachedLines(unreached, this.#style, this.#width)) this.print(line)
    if (unreached.length > 0) this.print('')
    const outcome = summary.outcome ?? 'no end'
    const count = `${plural(summary.steps, 'step')} in ${milliseconds(summary.durationMs ?? 0)}`
    this.print(`${bold(this.#paint(outcome)(outcome))}  ${dim(count)}`)
    const text = summary.outcomeText
    if (text !== '' && text !== outcome) this.#lines(visible(text), '  ')
    const where = typeof throwable?.nodeId === 'number' ? `node ${throwable.nodeId}` : 'MISP'
    if (throwable) this.print(`  ${red(`${where} threw ${throwable.class}`)}`)
    if (throwable?.hint) this.#lines(visible(throwable.hint), '  ')
    for (const error of blockingErrors) this.#lines(visible(error), '  ', red)
    if (consequence) this.#lines(consequence, '  ')
    if (detail.aftermath) this.#lines(detail.aftermath, '  ', dim)
    if (assumptions.length === 0) return
    this.print('')
    this.print(dim('assumed'))
    for (const assumption of assumptions) this.#lines(assumption, '  ', dim)
  }

  #start(started: RunEventMap['run.started'], nested: boolean): void {
    if (isProfileId(started.profile)) this.#profile = started.profile
    const { bold, dim, yellow } = this.#style
    if (nested) {
      this.#depth++
      this.print('')
    }
    const name = visible(started.workflowName || 'workflow')
    const prefix = nested ? `  ${yellow('fired')} ` : ''
    const as =
      started.insteadOf === undefined
        ? ''
        : `  ${yellow(`run as ${visible(started.triggerId)}`)}${dim(`, instead of ${visible(started.insteadOf)}`)}`
    this.print(
      `${prefix}${bold(name)}  ${dim(`${visible(started.triggerId)} · ${started.pathType} · MISP ${started.profile}`)}${as}`
    )
  }

  #normalized(original: Json): void {
    const event = eventOf(original)
    if (event) this.print(this.#style.dim(`event ${event.id ?? '?'} ${clip(visible(event.info), this.#width - 20)}`))
    this.print('')
  }

  /** The node that PHP did not survive. */
  #thrown(phpClass: string): void {
    const node = this.#running
    if (!node) return
    this.#running = null
    const { bold, dim, magenta } = this.#style
    const number = String(++this.#steps).padStart(4)
    const id = dim(`node ${String(node.nodeId).padEnd(5)}`)
    this.print(`${dim(number)}  ${bold(visible(node.moduleId.padEnd(30)))} ${id} ${magenta(`threw ${phpClass}`)}`)
    this.#printDetails()
  }

  #nestedEnd({ outcome }: RunEventMap['run.finished']): void {
    this.#depth = Math.max(0, this.#depth - 1)
    this.print(`  ${this.#style.dim('ended as')} ${this.#paint(outcome)(outcome)}`)
    this.print('')
  }

  #step(data: RunEventMap['node.finished']): void {
    const { bold, dim } = this.#style
    const number = String(++this.#steps).padStart(4)
    const name = data.moduleId.padEnd(30)
    const time = data.ms === undefined ? '' : milliseconds(data.ms).padStart(9)
    const [mark, what] = this.#verdict(data)
    this.print(
      `${dim(number)}  ${bold(visible(name))} ${dim(`node ${String(data.nodeId).padEnd(5)}`)} ${mark(what.padEnd(18))} ${dim(time)}`
    )
    const sentence = this.#explain(this.#profile, data, this.#effects)
    if (sentence) this.#lines(visible(sentence.text), indent, dim)
    const errors = textsOf(data.errors)
    for (const error of errors.slice(0, mostChanges)) this.print(this.#labelled('error', error, this.#style.red))
    if (errors.length > mostChanges)
      this.print(this.#labelled('error', `and ${formatCount(errors.length - mostChanges)} more`, this.#style.dim))
    if (data.message && !errors.includes(data.message))
      this.print(this.#labelled('error', data.message, this.#style.red))
    const why = silentFailure({ workflow: this.workflow, profile: this.#profile }, data, this.#effects)
    if (why) this.#lines(visible(why.text), `${indent}${' '.repeat(10)}`, (line) => line, 'why')
    this.#changes(data.before, data.after)
    this.#printDetails()
  }

  /** A node may change 20,000 rows: the first of each kind, and how many more. */
  #tell(label: string, text: () => string, paint: (text: string) => string): void {
    const count = (this.#counts.get(label) ?? 0) + 1
    this.#counts.set(label, count)
    if (count <= mostChanges) this.#details.push(this.#labelled(label, text(), paint))
  }

  #printDetails(): void {
    for (const line of this.#details) this.print(line)
    for (const [label, count] of this.#counts)
      if (count > mostChanges)
        this.print(this.#labelled(label, `and ${formatCount(count - mostChanges)} more`, this.#style.dim))
    this.#forget()
  }

  #forget(): void {
    this.#details.length = 0
    this.#counts.clear()
  }

  /** What a node came to: for logic nodes the branch taken. */
  #verdict(data: RunEventMap['node.finished']): readonly [(text: string) => string, string] {
    const { green, red, yellow, blue } = this.#style
    if (data.result === 'disabled_module') return [yellow, 'disabled']
    if (data.result === 'loading_error') return [red, 'unknown module']
    if (data.result === 'error') return [red, 'error']
    if (data.branch === 'none') return [blue, 'starts jobs']
    if (data.branch === 'output_1' && data.moduleId.startsWith('generic-filter-')) return [green, '→ continues']
    if (data.moduleId === 'stop-execution') return [red, 'stops']
    if (data.branch) return data.branch === 'output_1' ? [green, '→ yes (output 1)'] : [yellow, '→ no (output 2)']
    return data.success ? [green, 'ok'] : [red, 'failed']
  }

  #changes(before: Json, after: Json): void {
    if (before === after) return
    const { changes, total } = changesBetween(before, after, mostChanges)
    for (const { op, label, ...values } of changes) {
      const [was, is] = [values.before, values.after].map((value) => shownAs(value?.preview ?? ''))
      const text =
        op === 'added'
          ? `${label} added: ${is}`
          : op === 'removed'
            ? `${label} removed: ${was}`
            : `${label}: ${was} → ${is}`
      this.print(this.#labelled('changes', text.trim(), this.#style.cyan))
    }
    if (total > changes.length)
      this.print(this.#labelled('', `and ${formatCount(total - changes.length)} more`, this.#style.cyan))
  }

  #effect(effect: Effect, answer: EffectAnswer, by: string): void {
    const status =
      'failure' in answer
        ? answer.failure
        : answerError(effect, answer) !== null
          ? (answerError(effect, answer)?.text ?? '')
          : 'status' in answer && answer.status !== undefined
            ? `status ${answer.status}`
            : 'ok'
    const redirected = 'redirects' in answer && answer.redirects ? `, redirected: ${answer.redirects.join('; ')}` : ''
    this.#tell('effect', () => `${describeEffect(effect)} (${by}: ${status}${redirected})`, this.#style.yellow)
  }

  #note({ text, nodeId }: RunEventMap['note']): void {
    if (nodeId === null) this.print(this.#labelled('note', text, this.#style.blue))
    else this.#tell('note', () => text, this.#style.blue)
  }

  #labelled(label: string, text: string, paint: (text: string) => string): string {
    return `${indent}${paint(label.padEnd(9))} ${clip(visible(text), Math.max(40, this.#width * 2))}`
  }

  /** `label`: before the first line, in the room of its prefix. */
  #lines(text: string, prefix: string, paint: (text: string) => string = (line) => line, label = ''): void {
    for (const [i, line] of wrap(text, this.#width - prefix.length).entries()) {
      const begin = label === '' || i > 0 ? prefix : `${indent}${this.#style.red(label.padEnd(9))} `
      this.print(`${begin}${paint(line)}`)
    }
  }

  #paint(outcome: Outcome): (text: string) => string {
    const { green, red, yellow, magenta } = this.#style
    if (outcome === 'success') return green
    if (outcome === 'blocked' || outcome === 'failure') return red
    return outcome === 'aborted' ? magenta : yellow
  }
}

const textsOf = (errors: Json): string[] =>
  errors !== null && typeof errors === 'object'
    ? Object.values(errors).map((error) => (typeof error === 'string' ? error : JSON.stringify(error)))
    : []

function describeEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'http':
      return `${effect.method} ${effect.url}`
    case 'mail':
      return `mail to ${effect.to}: ${effect.subject}`
    case 'zmq':
      return `ZMQ ${effect.topic}`
    case 'misp-modules':
      return `misp-modules ${String(effect.body.module ?? '')}`
    case 'template':
      return `template of ${effect.param}`
    default: {
      const never: never = effect
      return String(never)
    }
  }
}

const describeFired = ({ triggerId, runId, reason }: RunEventMap['trigger.fired']): string =>
  runId === null ? `${triggerId} (${reason ?? 'not executed'})` : triggerId

function describeChange(change: WorldChange): string {
  if (change.op !== 'changed') return `${change.table}: row ${change.op}`
  const fields = Object.entries(change.fields).map(
    ([column, [before, after]]) => `${column} ${shown(before)} → ${shown(after)}`
  )
  return `${change.table} ${change.id}: ${fields.join(', ')}`
}

const shown = (value: Json): string => clip(typeof value === 'string' ? value : JSON.stringify(value), 60)
