// A run's events in the words of the recorded vectors.
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Effect, RunEvent, RunEventMap, WorldChange } from '../../src/contract/run.ts'
import { dig } from '../../src/engine/php/values.ts'
import { throughJson } from '../../src/engine/php/decode.ts'
import type { ModuleResult } from '../../src/engine/run/execute-module.ts'
import { mergeChanges } from '../../src/engine/world/changes.ts'
import { seenByServer } from './surroundings.ts'
import type { Moved } from './surroundings.ts'

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>
const ofType = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type)

const jobOf = (event: RunEvent): string | undefined => {
  const data: { readonly job?: string } = event.data as { readonly job?: string }
  return data.job
}

/** What one PHP process did: the run itself (no job), or one job. */
function processReport(events: readonly RunEvent[], job: string | undefined, moved: Moved): JsonMap {
  const own = events.filter((event) => !event.type.startsWith('job.') && jobOf(event) === job)
  const posts = ofType(own, 'post').map(({ data: { post } }) => post)
  const effects = ofType(own, 'effect').map(({ data }) => data.effect)
  return {
    requests: posts.map(({ method, path, query, body }) => ({ method, path, query, body })),
    ...effectsReport(effects, moved),
    jobs: jobsReport(events, job, moved)
  }
}

/** ZMQ messages are as the recorder read them from Redis: decoded by PHP. */
function effectsReport(effects: readonly Effect[], moved: Moved) {
  const zmq: { [key: string]: Json[] } = {}
  const http: JsonMap[] = []
  const mail: JsonMap[] = []
  const queries: JsonMap[] = []
  for (const effect of effects) {
    if (effect.kind === 'zmq') (zmq[`mispq:data:${effect.topic}`] ??= []).push(throughJson(effect.message))
    else if (effect.kind === 'mail') mail.push({ to: effect.to, subject: effect.subject, text: effect.text })
    else if (effect.kind === 'misp-modules') queries.push({ request: effect.body })
    else if (effect.kind === 'template') queries.push(templateQuery(effect.sent ?? effect.template))
    else {
      const seen = seenByServer(effect, moved)
      if (seen) http.push(seen)
    }
  }
  return { other_http: http, zmq, mail, misp_modules_queries: queries }
}

const templateQuery = (template: Json): JsonMap => ({ request: { module: 'jinja_template_rendering', template } })

function jobsReport(events: readonly RunEvent[], parent: string | undefined, moved: Moved): Json[] {
  const queued = ofType(events, 'job.queued').map(({ data }) => data)
  return queued
    .filter((job) => job.parentJob === parent)
    .map((job) => ({
      args: argsOf(job),
      result: processReport(events, job.job, moved)
    }))
}

const argsOf = (job: RunEventMap['job.queued']): Json[] =>
  job.command === 'walkGraph'
    ? [job.command, job.workflowId, job.nodeId ?? 0, job.data, job.pathType ?? null]
    : [job.command, job.triggerId ?? null, job.data]

const nodes = (list: readonly Json[]): Json[] =>
  list.map((node) => ({ id: dig(node, 'id'), module: dig(node, 'data', 'id') }))

export function moduleReport(result: ModuleResult, events: readonly RunEvent[], moved: Moved): JsonMap {
  const { other_http, ...effects } = effectsReport(
    ofType(events, 'effect').map(({ data }) => data.effect),
    moved
  )
  const { throwable } = result
  const report = {
    ...(throwable ? { exception: { class: throwable.class, message: throwable.message } } : { result: result.answer }),
    ...{ roaming_after: result.after, roaming_getData: result.view, http: other_http, ...effects },
    db_changes: mergeChanges(ofType(events, 'world.changed').map(({ data }) => data.change))
  }
  return report as unknown as JsonMap
}

export function runReport(events: readonly RunEvent[], mode: string, moved: Moved): JsonMap {
  const main = events.filter((event) => jobOf(event) === undefined)
  const [started] = ofType(events, 'run.started')
  const finished = ofType(main, 'run.finished')
  const end = finished.find(({ runId }) => runId === started?.runId)?.data
  if (!end) throw new Error('the run has no end')
  if (end.outcome === 'cannot tell') throw new Error(`cannot tell: ${end.outcomeText}`)
  // The recorder kept the result of the last walk that came to its end in MISP's process.
  const walk = finished.map(({ data }) => data.walk).findLast((result) => result !== null)
  const changes: WorldChange[] = ofType(main, 'world.changed').map(({ data }) => data.change)
  const result =
    end.outcomeText === 'No data collected.'
      ? { success: end.success, outcome: null, message: end.outcomeText }
      : mode === 'executeWorkflow'
        ? { success: end.success, outcome: end.outcomeText }
        : { success: end.success }
  const answer = {
    ...processReport(events, undefined, moved),
    ...(end.throwable ? { exception: { class: end.throwable.class, message: end.throwable.message } } : { result }),
    blocking_errors: [...end.blockingErrors],
    walk: walk
      ? {
          executed_nodes: nodes(walk.executed_nodes),
          blocking_nodes: nodes(walk.blocking_nodes),
          blocked_paths: walk.blocked_paths as Json
        }
      : null,
    db_changes: mergeChanges(changes) as unknown as Json,
    workflow_execution_log: ofType(main, 'log')
      .map(({ data }) => data.line)
      .join('')
  }
  return answer as unknown as JsonMap
}
