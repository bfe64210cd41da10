// Whether an offline run does what MISP did in a captured run.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { Surroundings } from '../../../contract/surroundings.ts'
import { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import { nodeNamed, say, termed, theirs } from '../../../contract/sentence.ts'
import { runTitle } from '../../../contract/run-views.ts'
import type { ParsedParams, WorkflowSource } from '../../../contract/operations.ts'
import { dayOf } from '../../../contract/verify.ts'
import type { AcceptedDifference, VerifyMissing, VerifyReport } from '../../../contract/verify.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { normaliseValue } from '../../../engine/php/decode.ts'
import { isMap } from '../../../engine/php/values.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { profileIds } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import type { OfflineBook } from '../../../engine/replay/verify/offline.ts'
import { LaneBook } from '../../../engine/replay/verify/posts.ts'
import { verifyRun } from '../../../engine/replay/verify/verify.ts'
import type { Verified, VerifyInput } from '../../../engine/replay/verify/verify.ts'
import { lostPostCode } from '../../capture/derive/derive.ts'
import type { OpenRun } from '../runs/open-run.ts'
import type { RunBook } from '../runs/run-book.ts'
import { parseProfile } from '../runs/run-input.ts'
import { createPauses } from '../../pauses.ts'
import { loadRun } from '../thread/loaders.ts'
import { withWorld } from '../runs/with-world.ts'
import type { Refs, WorkflowVersion } from '../thread/protocol.ts'
import { workflowFrom } from '../values/data-source.ts'
import { hiderOf } from './hide.ts'
import { bestFit } from './fit.ts'
import type { Fit } from './fit.ts'
import { runOffline } from './run-offline.ts'
import type { OfflineRequest } from './run-offline.ts'
import { isFromDatabase } from './shown-event.ts'

/** Throws VERIFY_NOT_CAPTURED, RUN_NOT_FOUND. */
export async function verifyCaptured(
  book: RunBook,
  { runId, workflow: chosen, profile: asked }: ParsedParams<'run.verify'>,
  refs: Refs
): Promise<VerifyReport> {
  const run = await openWhole(book, refs, runId)
  if (run.summary.origin !== 'captured')
    throw new CodedError(
      'VERIFY_NOT_CAPTURED',
      `The run “${runTitle(run.summary)}” (${runId}) is not a captured one: there is nothing of MISP to compare it with.`
    )
  const profile = asked === undefined ? run.fold.profile : parseProfile(asked)
  const seen = new LaneBook(runId)
  for (const event of run.events) seen.take(event)
  const fit = bestFit(await versionsOf(book, chosen, refs), seen)
  const base = { runId, profile, posts: seen.total } as const
  const missing = notStarted(seen, fit)
  if (missing !== null || fit === null)
    return {
      ...base,
      accepted: [],
      verdict: 'cannot tell',
      first: null,
      missing: missing ?? [],
      remarks: [],
      workflow: null,
      equal: 0
    }
  const { id, name, version } = fit.version
  const { decided: _, ...verified } = await verifyAs(book, refs, { run, seen, fit, profile })
  const joined = (refs.verify?.fragments.length ?? 0) > 0 ? [withFragments] : []
  return { ...base, ...verified, remarks: [...joined, ...verified.remarks], workflow: { id, name, version } }
}

/** Those of the workspace, or the one that was chosen. */
async function versionsOf(
  book: RunBook,
  chosen: WorkflowSource | undefined,
  refs: Refs
): Promise<readonly WorkflowVersion[]> {
  if (chosen === undefined || !('runId' in chosen)) return refs.verify?.versions ?? []
  const workflow = (await workflowFrom(book, chosen, refs)) as unknown as Json
  return [{ id: '', name: chosen.runId, version: 0, workflow }]
}

/** The run, with posts of it that the listener could not join to it. */
async function openWhole(book: RunBook, { run, verify, halt }: Refs, runId: string): Promise<OpenRun> {
  const fragments = verify?.fragments ?? []
  const own = await book.open(run, runId, halt)
  if (fragments.length === 0 || run?.posts === undefined) return own
  const posts = [...run.posts, ...fragments].sort(([a], [b]) => a - b)
  const { events } = await loadRun(
    { ...run, posts },
    createPauses(() => halt?.check())
  )
  return { ...own, events: [...events] }
}

interface Asked {
  readonly run: OpenRun
  readonly seen: LaneBook
  readonly fit: Fit
  readonly profile: ProfileId
}

/** Why no offline run can be held against it. */
function notStarted(seen: LaneBook, fit: Fit | null): readonly VerifyMissing[] | null {
  if (seen.normalized === null || !isInput(seen.normalized.original))
    return [{ what: 'posts', text: say`The first post of the run is missing: what its trigger got is not known.` }]
  if (fit === null)
    return [
      {
        what: 'workflow',
        text: say`The workspace has no workflow for the trigger ${termed(seen.started?.triggerId ?? '')}. Import it from MISP.`
      }
    ]
  if (fit.lacks === null) return null
  const { nodeId, moduleId } = fit.lacks
  const text = say`No version of the workspace’s workflows has ${nodeNamed(nodeId, moduleId)} with the module ${termed(moduleId)}. Import the workflow as MISP had it.`
  return [{ what: 'workflow', text }]
}

/** PHP writes an empty map as a list. */
const isInput = (value: Json): boolean => isMap(value) || (Array.isArray(value) && value.length === 0)
const inputOf = (value: Json): JsonMap => (isMap(value) ? value : {})

const requestOf = async (refs: Refs, { run, seen, fit, profile }: Asked): Promise<OfflineRequest> => ({
  workflow: parseWorkflow(fit.version.workflow, fit.version.name),
  others: othersOf(refs, fit),
  data: inputOf(seen.normalized?.original ?? null),
  trigger: seen.started?.triggerId ?? '',
  ...{ profile, seen, now: timesOf(run).now, disabled: disabledIn(seen), options: await withWorld({}, refs) }
})

export interface OfflineRun {
  /** Of the run itself. */
  readonly events: readonly RunEvent[]
  readonly surroundings: Surroundings | null
  readonly workflow: Json
  /** What the trigger's post shows of the database, where World does not have it. */
  readonly normalized?: JsonMap | undefined
  /** Why there is none. */
  readonly missing: string | null
}

/** What an offline run of a captured one does and depends on. */
export async function offlineOf(book: RunBook, captured: OpenRun, refs: Refs): Promise<OfflineRun> {
  const { id } = captured.summary
  const run = await openWhole(book, refs, id)
  const seen = new LaneBook(id)
  for (const event of run.events) seen.take(event)
  const fit = bestFit(await versionsOf(book, undefined, refs), seen)
  const missing = notStarted(seen, fit)
  const none = { events: [], surroundings: null, workflow: null } as const
  if (missing !== null || fit === null) return { ...none, missing: missing?.[0]?.text.text ?? null }
  const request = await requestOf(refs, { run, seen, fit, profile: run.fold.profile })
  const keep = async (asked: OfflineRequest) => {
    const events: RunEvent[] = []
    const recorder = new RunRecorder()
    const onEvent = (event: RunEvent): void =>
      void (event.runId === events[0]?.runId || events.length === 0 ? events.push(event) : 0)
    const offline = await runOffline(book, refs, { ...asked, kept: { recorder, onEvent } })
    return { offline, events, surroundings: recorder.surroundings() }
  }
  const own = await keep(request)
  const plain = verifyRun({
    ...{ seen, times: timesOf(run), doubts: [], hide: hiderOf(run.fold), accepted: [] },
    offline: own.offline
  })
  const shown = plain.verdict !== 'equal' && plain.equal === 0 ? shownInput(request, own.offline) : null
  const { events, surroundings } = shown === null ? own : await keep({ ...request, normalized: shown })
  return {
    events,
    surroundings,
    workflow: fit.version.workflow,
    missing: null,
    ...(shown ? { normalized: shown } : {})
  }
}

async function verifyAs(book: RunBook, refs: Refs, asked: Asked): Promise<Verified> {
  const { run, seen, fit, profile } = asked
  const times = timesOf(run)
  const request = await requestOf(refs, asked)
  const doubts = doubtsOf(run, refs)
  const accepted = acceptedOf(refs, run.summary.id, fit)
  const held = { seen, times, doubts, hide: hiderOf(run.fold), accepted }
  const own = await heldAgainst(book, refs, request, held)
  if (own.verdict !== 'different') return own
  const other = await closerProfile(book, refs, { request, held, own })
  return other === null
    ? own
    : { ...own, verdict: 'cannot tell', first: null, missing: [versionMissing(other, profile)] }
}

/** Those of the run and of its workflow, until their day is over. */
function acceptedOf({ verify }: Refs, runId: string, { version }: Fit): readonly AcceptedDifference[] {
  const today = dayOf(new Date())
  return (verify?.accepted ?? []).filter(
    (one) => one.until >= today && (one.runId === runId || (version.id !== '' && one.workflowId === version.id))
  )
}

type Held = Pick<VerifyInput, 'seen' | 'times' | 'doubts' | 'hide' | 'accepted'>

/** One offline run held against the captured one; a branch that MISP took instead is tried. */
async function heldAgainst(book: RunBook, refs: Refs, request: OfflineRequest, held: Held): Promise<Verified> {
  const offline = await runOffline(book, refs, request)
  const plain = verifyRun({ ...held, offline })
  if (plain.verdict !== 'equal' && plain.equal === 0 && request.normalized === undefined) {
    const shown = shownInput(request, offline)
    if (shown !== null) {
      const again = await heldAgainst(book, refs, { ...request, normalized: shown }, held)
      return { ...again, remarks: [...again.remarks, fromPost] }
    }
  }
  if (plain.decided === null) return plain
  const { nodeId, isTrue } = plain.decided
  const other = await runOffline(book, refs, { ...request, flipped: { nodeId, isTrue: !isTrue } })
  return verifyRun({ ...held, offline, flip: () => other.book })
}

const withFragments = say`Posts that came among those of the run, and have no beginning of their own, were taken as part of it.`

const fromPost = say`What the trigger looked up in MISP’s database was taken from its post: World does not have it, or has it differently.`

/** What the trigger's post shows of the database, where all that differs comes from there. */
function shownInput({ profile, trigger, data, seen }: OfflineRequest, offline: OfflineBook): JsonMap | null {
  const posted = normaliseValue(seen.normalized?.normalized ?? null)
  const own = offline.book.normalized?.normalized
  return isMap(posted) && isFromDatabase({ profile, trigger, original: data, posted, own }) ? posted : null
}

/**
 * A version of MISP under which nothing differs. One that only differs later is none: damage can look like another version for a while, and then
 * the difference must be told.
 */
async function closerProfile(
  book: RunBook,
  refs: Refs,
  { request, held, own }: { readonly request: OfflineRequest; readonly held: Held; readonly own: Verified }
): Promise<ProfileId | null> {
  for (const profile of profileIds) {
    if (profile === request.profile || !modulesOf(profile).find('trigger', request.trigger)) continue
    const other = verifyRun({ ...held, offline: await runOffline(book, refs, { ...request, profile }) })
    if (other.verdict === 'equal' || (other.verdict === 'cannot tell' && other.equal > own.equal)) return profile
  }
  return null
}

const versionMissing = (other: ProfileId, profile: ProfileId): VerifyMissing => ({
  what: 'version',
  text: say`The posts are as MISP ${termed(other)} writes them, not ${termed(profile)}. Verify the run under the version that MISP had.`
})

/** Unix seconds of the captured run, by MISP's clock. */
function timesOf({ events, summary }: OpenRun): VerifyInput['times'] {
  const seconds = events.flatMap((event) => {
    const stamp = event.type === 'post' ? event.data.post.body['timestamp'] : null
    const time = typeof stamp === 'string' ? Date.parse(stamp) : NaN
    return Number.isNaN(time) ? [] : [Math.floor(time / 1000)]
  })
  const now = seconds[0] ?? Math.floor(Date.parse(summary.startedAt) / 1000)
  return { now, from: seconds.reduce((a, b) => Math.min(a, b), now), to: seconds.reduce((a, b) => Math.max(a, b), now) }
}

function disabledIn(seen: LaneBook): ReadonlySet<string> {
  const lanes = [...seen.lanes.values()]
  return new Set(
    lanes.flatMap(({ posts }) =>
      posts.flatMap(({ result, moduleId }) => (result === 'disabled_module' ? [moduleId] : []))
    )
  )
}

/** Workflows that others of MISP's triggers have. */
function othersOf({ verify }: Refs, fit: Fit): readonly RawWorkflow[] {
  return (verify?.others ?? []).flatMap(({ id, name, workflow }) => {
    if (id === fit.version.id) return []
    try {
      return [parseWorkflow(workflow, name)]
    } catch (error) {
      // One that cannot be read is no workflow that MISP could have run.
      if (error instanceof CodedError) return []
      throw error
    }
  })
}

/** Why the captured run may not be what MISP posted in one run. */
function doubtsOf({ fold, summary }: OpenRun, { verify }: Refs): readonly VerifyMissing[] {
  const lost = fold.notes.find(({ code }) => code === lostPostCode)
  const doubts: VerifyMissing[] = []
  if (lost !== undefined)
    doubts.push({ what: 'posts', text: say`Posts of the run cannot be read: ${theirs(lost.text)}` })
  if (summary.reason?.includes('fit other runs') === true && (verify?.rivals ?? 0) > 0)
    doubts.push({
      what: 'grouping',
      text: say`It is not sure which posts belong to this run: ${theirs(summary.reason)}. Put them right under Posts.`
    })
  return doubts
}
