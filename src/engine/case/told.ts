// What a run did, as a case writes it and compares it: its way, what it would send, what it changed, how it ended.
import type { ExpectedValue } from '../../contract/case.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, RunEventMap, WorldChange } from '../../contract/run.ts'
import type { RunStep } from '../../contract/run-views.ts'
import { extract, get } from '../hash/hash.ts'
import { normaliseValue } from '../php/decode.ts'
import { at, isArray } from '../php/values.ts'
import type { RunFold } from '../replay/fold.ts'

const ways = { output_1: 'true', output_2: 'false', none: 'neither' } as const

/** `2 true`, `job 1: 5 failed`: a step of a run. Jobs have numbers in the order of their first steps. */
export function pathEntries(steps: readonly RunStep[]): readonly string[] {
  const jobs = new Map<string, number>()
  return steps.map(({ nodeId, moduleType, branch, result, success, job }) => {
    if (job !== null && !jobs.has(job)) jobs.set(job, jobs.size + 1)
    const lane = job === null ? '' : `job ${jobs.get(job)}: `
    const way =
      result === 'disabled_module'
        ? ' disabled'
        : result === 'loading_error'
          ? ' unknown'
          : moduleType === 'logic' && branch !== null && result === 'success'
            ? ` ${ways[branch]}`
            : result === 'error' || (!success && moduleType !== 'logic')
              ? ' failed'
              : ''
    return `${lane}${nodeId ?? '?'}${way}`
  })
}

export interface ToldEffect {
  readonly step: number | null
  readonly told: JsonMap
}

/** Those that leave MISP: a template is rendered on its way. */
export const toldEffects = (
  { effects }: Pick<RunFold, 'effects'>,
  hide: (effect: Effect) => Effect
): readonly ToldEffect[] =>
  effects.flatMap(({ step, nodeId, effect }) =>
    effect.kind === 'template' ? [] : [{ step, told: { node: nodeId, ...requestOf(hide(effect)) } }]
  )

/** A header that names the version of MISP. */
const versionHeader = /^user-agent$/i

/** Without what differs from version to version of MISP. */
export function requestOf(effect: Effect): JsonMap {
  switch (effect.kind) {
    case 'http': {
      const { kind, method, url, headers, body } = effect
      const plain = headers.filter(([name]) => !versionHeader.test(name))
      return { kind, method, url, headers: Object.fromEntries(plain), ...bodyOf(body) }
    }
    case 'misp-modules': {
      const { user: _user, ...body } = effect.body
      return { kind: effect.kind, family: effect.family, body }
    }
    case 'mail': {
      const { kind, to, subject, text, extra } = effect
      return { kind, to, subject, text, ...(extra === undefined ? {} : { extra }) }
    }
    case 'zmq':
      return { kind: effect.kind, topic: effect.topic, message: effect.message }
    case 'template':
      return { kind: effect.kind, template: effect.template, param: effect.param }
  }
}

/** JSON is told as such: its differences are small then. */
function bodyOf(body: string): { readonly body?: string; readonly json?: Json } {
  if (body === '') return {}
  if (!/^\s*[[{]/.test(body)) return { body }
  try {
    return { json: normaliseValue(JSON.parse(body) as Json) }
  } catch {
    return { body }
  }
}

export interface ToldChange {
  readonly step: number | null
  readonly told: JsonMap
}

export const toldChanges = ({ changes }: Pick<RunFold, 'changes'>): readonly ToldChange[] =>
  changes.map(({ step, nodeId, change }) => ({ step, told: { node: nodeId, ...rowOf(change) } }))

const rowOf = (change: WorldChange): JsonMap =>
  change.op === 'changed'
    ? { table: change.table, op: change.op, id: change.id, fields: change.fields as unknown as JsonMap }
    : { table: change.table, op: change.op, row: change.row }

type Finished = Pick<RunEventMap['run.finished'], 'blockingErrors' | 'outcomeText' | 'throwable'>

/** What MISP says to its user, or what failed. */
export const messageOf = ({ blockingErrors, outcomeText, throwable }: Finished): string =>
  blockingErrors.length > 0 ? blockingErrors.join('\n') : outcomeText !== '' ? outcomeText : (throwable?.message ?? '')

/** What a hash path finds: a list where it may find several values, else the value, null where there is none. */
export function valueAtPath(data: Json | undefined, path: string): Json {
  const isList = /[{[]/.test(path)
  if (data === undefined || !isArray(data)) return isList ? [] : null
  return isList ? (extract(data, path) as Json) : get(data, path)
}

/** Whether nothing at all is at a path that finds one value; null that is there is something. */
export function isAbsent(data: Json | undefined, path: string): boolean {
  if (/[{[]/.test(path)) return false
  return path.split('.').reduce<Json | undefined>(at, data) === undefined
}

/** Steps of the run itself, without its background jobs. */
export const mainSteps = ({ steps }: Pick<RunFold, 'steps'>): readonly RunStep[] =>
  steps.filter(({ job }) => job === null)

/** The data that an expected value is looked for in; undefined: its node was not executed. */
export function dataFor(fold: RunFold, { after }: Pick<ExpectedValue, 'after'>): Json | undefined {
  if (after !== undefined) {
    const step = fold.steps.findLast(({ nodeId }) => nodeId === after)
    return step && fold.data[step.step - 1]?.output
  }
  const last = mainSteps(fold).at(-1)
  return last === undefined ? (fold.normalized ?? fold.original ?? null) : fold.data[last.step - 1]?.output
}
