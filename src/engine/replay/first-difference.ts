// Where two runs of one workflow on the same data part: the first node that ends otherwise, sends or changes something else, or is reached by
// one alone; else the end. What only the data, texts of errors, posts or the log show is no other way.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, Outcome, RunEvent } from '../../contract/run.ts'
import { diff } from './diff.ts'

interface Parting {
  /** Null: before the first node, or at the end. */
  readonly nodeId: number | null
  /** What the one did there and how it ended. */
  readonly before: string
  readonly after: string
}

export interface RunDifference {
  readonly outcomes: readonly [Outcome | null, Outcome | null]
  /** Null where both went the same way to the same end. */
  readonly parting: Parting | null
  /** Both went the same way; the first node after which the roaming data differs. */
  readonly dataAt: number | null
}

interface Moment {
  readonly nodeId: number | null
  /** Equal where nothing differs. */
  readonly key: string
  readonly said: string
}

const isEmptyList = (value: Json): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0)

/** Without what names the version of MISP itself, and who asks: the flags of its made-up user grow with each version. */
function essenceOf(effect: Effect): string {
  const { headers, ...given } = effect as unknown as JsonMap
  const rest = effect.kind === 'misp-modules' ? { ...given, body: { ...effect.body, user: null } } : given
  const others = Array.isArray(headers)
    ? (headers as Json[]).filter((one) => !Array.isArray(one) || !/^user-agent$/i.test(String(one[0])))
    : (headers ?? null)
  return JSON.stringify([rest, others])
}

function momentOf(event: RunEvent): Moment | null {
  switch (event.type) {
    case 'node.finished': {
      const { nodeId, moduleId, moduleType, result, success, branch, errors } = event.data
      const fails = isEmptyList(errors) ? '' : ' with errors'
      const way = branch === 'output_1' ? 'true' : branch === 'output_2' ? 'false' : result
      const said = moduleType === 'logic' ? way : `${result}${fails}`
      return { nodeId, key: JSON.stringify(['node', nodeId, moduleId, result, success, branch ?? null, fails]), said }
    }
    case 'effect': {
      const { nodeId, effect } = event.data
      if (effect.kind === 'template') return null
      return { nodeId, key: JSON.stringify(['effect', nodeId, essenceOf(effect)]), said: `sends ${effect.kind}` }
    }
    case 'world.changed': {
      const { nodeId, change } = event.data
      const said = `changes ${change.table} in the database`
      return { nodeId, key: JSON.stringify(['world', nodeId, change]), said }
    }
    case 'job.finished':
      return {
        nodeId: event.data.throwable?.nodeId ?? null,
        key: JSON.stringify(['job', event.data.job, event.data.success]),
        said: event.data.success ? 'the job ends' : 'the job fails'
      }
    case 'run.finished':
      return endOf(event.data)
    default:
      return null
  }
}

function endOf({ outcome, throwable }: Extract<RunEvent, { type: 'run.finished' }>['data']): Moment {
  const thrown = throwable ? ` (${throwable.class})` : ''
  return {
    nodeId: throwable?.nodeId ?? null,
    key: JSON.stringify(['end', outcome]),
    said: `${outcome}${thrown}`
  }
}

interface Told {
  readonly moments: readonly Moment[]
  readonly end: Moment | null
  readonly outcome: Outcome | null
  readonly data: readonly (readonly [nodeId: number, after: Json])[]
}

function tell(events: readonly RunEvent[]): Told {
  const moments: Moment[] = []
  const data: [number, Json][] = []
  const first = events[0]?.runId
  let end: Moment | null = null
  let outcome: Outcome | null = null
  for (const event of events) {
    const moment = momentOf(event)
    if (moment) moments.push(moment)
    if (event.runId !== first) continue
    if (event.type === 'node.finished') data.push([event.data.nodeId, event.data.after])
    if (event.type !== 'run.finished' || end !== null) continue
    end = endOf(event.data)
    outcome = event.data.outcome
  }
  return { moments, end, outcome, data }
}

/** What was done at the place where they part, and how that ended. */
function saidAt({ moments, end }: Told, at: number, other: Told): string {
  const here = moments[at]
  if (end === null) return here?.said ?? 'no end'
  if (here === undefined || here.key.startsWith('["end"') || end.said !== other.end?.said)
    return here === undefined || here.key.startsWith('["end"') ? end.said : `${here.said}; ${end.said}`
  return here.said
}

/** @param a events of the one run with those that it fired, in their order; `b`: of the other */
export function firstDifference(a: readonly RunEvent[], b: readonly RunEvent[]): RunDifference {
  const [left, right] = [tell(a), tell(b)]
  const outcomes = [left.outcome, right.outcome] as const
  const most = Math.max(left.moments.length, right.moments.length)
  for (let i = 0; i < most; i++) {
    const [one, two] = [left.moments[i], right.moments[i]]
    if (one?.key === two?.key) continue
    const nodeId = one?.nodeId ?? two?.nodeId ?? null
    return {
      outcomes,
      parting: { nodeId, before: saidAt(left, i, right), after: saidAt(right, i, left) },
      dataAt: null
    }
  }
  const other = left.data.findIndex(([, after], i) => {
    const [, now] = right.data[i] ?? [0, null]
    return diff(after, now, { limit: 0 }).length > 0
  })
  return { outcomes, parting: null, dataAt: left.data[other]?.[0] ?? null }
}
