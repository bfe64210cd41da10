// Holds the posts of a captured run against those that an offline run of its input gives. The answer is `equal`, the first difference, or
// `cannot tell` with what would have to be known: a difference that may come from something that nobody knows is none.
import type { Json } from '../../../contract/json.ts'
import { say, sentences } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { AcceptedDifference, VerifyDifference, VerifyMissing, VerifyVerdict } from '../../../contract/verify.ts'
import { modulesOf } from '../../modules/table.ts'
import type { ProfileId } from '../../profiles/profiles.ts'
import { causeOf } from './cause.ts'
import { compareLanes, pairJobs, placeOf } from './compare.ts'
import type { Expects, Finding, Pairing } from './compare.ts'
import { conditionOf } from './condition.ts'
import type { OfflineBook } from './offline.ts'
import type { LaneBook } from './posts.ts'
import { Comparison } from './values.ts'

export interface Verified {
  readonly verdict: VerifyVerdict
  readonly first: VerifyDifference | null
  readonly missing: readonly VerifyMissing[]
  readonly remarks: readonly Sentence[]
  /** Posts that are equal. */
  readonly equal: number
  /** Accepted differences that the run has. */
  readonly accepted: readonly AcceptedDifference[]
  /** The node that seems to have taken another branch, and what it decided offline: whether MISP's went on there is still to be tried. */
  readonly decided: { readonly nodeId: number; readonly isTrue: boolean } | null
}

export interface VerifyInput {
  readonly seen: LaneBook
  readonly offline: OfflineBook
  /** Unix seconds: the offline run's clock, and the captured run's span. */
  readonly times: { readonly now: number; readonly from: number; readonly to: number }
  /** Hides secrets in what is told of a difference. */
  readonly hide?: (value: Json, finding: Finding) => Json
  /** Why the captured run may not be whole. */
  readonly doubts?: readonly VerifyMissing[]
  /** Differences that a person expects. */
  readonly accepted?: readonly AcceptedDifference[]
  /** Runs again with another output of a logic node; null: it cannot. */
  readonly flip?: (nodeId: number, isTrue: boolean) => LaneBook | null
}

export function verifyRun({ seen, offline, times, doubts = [], flip, hide, accepted = [] }: VerifyInput): Verified {
  const comparison = new Comparison({ uuids: offline.uuids, ids: offline.ids, ...times })
  const walk: Pairing = { seen: seen.lane(''), offline: offline.book.lane('') }
  let equal = 0
  let parted = false
  const findings: Finding[] = []
  const had = new Set<AcceptedDifference>()
  const expects: Expects = ({ kind, path }, nodeId) => {
    const one = accepted.find((other) => other.kind === kind && other.path === path && other.nodeId === nodeId)
    if (one !== undefined) had.add(one)
    return one !== undefined
  }
  for (const pairing of [walk, ...pairJobs(seen, offline.book)]) {
    const compared = compareLanes(pairing, comparison, expects)
    equal += compared.equal
    parted ||= compared.parted === true
    if (compared.finding !== null) findings.push(compared.finding)
  }
  const remarks = [...(parted ? [partedRemark] : []), ...remarksOf(comparison)]
  const finding = firstOf(findings)
  const rest = { first: null, remarks, equal, accepted: [...had], decided: null }
  if (finding === null) return { ...rest, verdict: doubts.length > 0 ? 'cannot tell' : 'equal', missing: doubts }
  const told = flip === undefined ? finding : confirmed(finding, flip)
  const missing = [...doubts, ...unsure(told, seen, offline)]
  if (missing.length > 0) return { ...rest, verdict: 'cannot tell', missing }
  const decided = flip === undefined ? decisionOf(told) : null
  return { ...rest, verdict: 'different', first: differenceOf(hidden(told, hide), offline), missing: [], decided }
}

const partedRemark = say`What is behind an accepted difference of the way was not compared.`

/** In the order in which MISP posted; what has no post of MISP comes last. */
const firstOf = (findings: readonly Finding[]): Finding | null =>
  findings.reduce<Finding | null>((first, one) => (first === null || orderOf(one) < orderOf(first) ? one : first), null)

const orderOf = ({ seen }: Finding): number => seen?.order ?? Number.MAX_SAFE_INTEGER

function decisionOf({ kind, decided }: Finding): Verified['decided'] {
  const { nodeId, branch } = decided?.offline ?? {}
  return kind === 'branch' && typeof nodeId === 'number' ? { nodeId, isTrue: branch === 'output_1' } : null
}

/** A branch that MISP took instead leads where MISP went. */
function confirmed(finding: Finding, flip: NonNullable<VerifyInput['flip']>): Finding {
  const { kind, decided, seen, at, job } = finding
  if (kind !== 'branch' || decided === undefined || seen === null || decided.offline.nodeId === null) return finding
  const other = flip(decided.offline.nodeId, decided.offline.branch !== 'output_1')?.lane(job).posts[at]
  if (other !== undefined && placeOf(other) === placeOf(seen)) return { ...finding, lost: false }
  const { decided: _, ...rest } = finding
  return { ...rest, kind: finding.offline === null || finding.offline.kind === 'end' ? 'extra step' : 'missing step' }
}

/**
 * Nothing that is not known makes such a difference: parameters are posted as they are saved, and a node whose module leaves the data alone
 * posts what the post before it, which is equal, has.
 */
function isSure({ kind, at, seen }: Finding, { profile }: OfflineBook): boolean {
  if (kind === 'parameter') return true
  if (kind !== 'data' || at === 0 || seen?.kind !== 'exec') return false
  const modules = modulesOf(profile)
  const facts = modules.facts('logic', seen.moduleId) ?? modules.facts('action', seen.moduleId)
  return facts?.changesData === false
}

/** What nobody knows and the difference may come from. */
function unsure(finding: Finding, seen: LaneBook, offline: OfflineBook): readonly VerifyMissing[] {
  const unknown = isSure(finding, offline) ? [] : offline.unknowns.behind(finding.job, finding.at)
  if (unknown.length > 0) return unknown
  if (finding.job !== '' && finding.seen === null)
    return [
      {
        what: 'posts',
        text: say`A concurrent branch has no more posts. Its worker may not have run, or its posts are missing.`
      }
    ]
  const isCut = finding.seen === null && !seen.lane(finding.job).posts.some(({ kind }) => kind === 'end')
  if (finding.lost === true || isCut)
    return [
      {
        what: 'posts',
        text: isCut
          ? say`MISP’s posts end before the run does. MISP stopped there, or posts are missing.`
          : say`The post of a node is missing, and MISP went on behind it.`
      }
    ]
  return []
}

function hidden(finding: Finding, hide: VerifyInput['hide']): Finding {
  if (hide === undefined) return finding
  return { ...finding, expected: hide(finding.expected, finding), actual: hide(finding.actual, finding) }
}

function differenceOf(finding: Finding, { book, profile }: OfflineBook): VerifyDifference {
  const { kind, path, expected, actual, decided } = finding
  const at = decided?.seen ?? finding.seen
  const job = finding.job === '' ? 0 : [...book.lanes.keys()].indexOf(finding.job)
  return {
    ...{ step: at?.step ?? null, nodeId: at?.nodeId ?? null, moduleId: at === null ? null : at.moduleId || null },
    ...{ job: Math.max(job, finding.job === '' ? 0 : 1), visit: at?.visit ?? 1, kind, path, expected, actual },
    ...toldOf(finding, profile)
  }
}

/** A branch is told with its condition, and what that read. */
function toldOf(finding: Finding, profile: ProfileId): Pick<VerifyDifference, 'cause' | 'condition'> {
  const told = finding.decided === undefined ? null : conditionOf(finding.decided.offline, profile)
  const cause = causeOf(finding)
  return told === null ? { cause, condition: null } : { cause: sentences(cause, told.text), condition: told.condition }
}

function remarksOf({ byShape: { times, uuids, ids } }: Comparison): Sentence[] {
  const told: [number, Sentence][] = [
    [times, say`Times that MISP and the offline run took from their clocks were compared by their shape.`],
    [uuids, say`UUIDs that MISP and the offline run made up were compared by their shape.`],
    [ids, say`IDs of rows that MISP and the offline run created were compared by their shape.`]
  ]
  return told.flatMap(([count, text]) => (count > 0 ? [text] : []))
}
