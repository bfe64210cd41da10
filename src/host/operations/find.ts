// Searching all runs: by the index those that cannot have it, and the others by reading them, newest first.
import { createHash } from 'node:crypto'
import { CodedError } from '../../contract/errors.ts'
import type { FindQuestion, RunHit, RunHits } from '../../contract/finding.ts'
import type { ParsedParams } from '../../contract/operations.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { stampAll } from '../runs/indexing.ts'
import { assertPath } from '../../engine/hash/fault.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import type { IndexedRun } from '../search/index-file.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { raiseFlag } from '../worker/thread/halt.ts'
import { runRef } from './forward.ts'
import type { Services } from './services.ts'

/** Runs that are read for one page at most: who waits sees that it goes on. */
const mostRead = 200

/** What a run is on the index under: another text when there is more of it, or when a person moved its posts. */
function stampOf({ capture }: Services, { id, origin, size, steps }: RunSummary): string {
  if (origin !== 'captured') return `${size} ${steps}`
  const posts = Float64Array.from(capture.postsOf(id).flat())
  return createHash('sha1').update(posts).update(`${size}`).digest('base64')
}

export const indexedRun = (services: Services, run: RunSummary): IndexedRun => ({
  id: run.id,
  stamp: stampOf(services, run)
})

export const findHandlers = (services: Services, engine: EngineClient): Handlers<'runs.find'> => ({
  'runs.find': async (params, call) => {
    if ('path' in params.question) assertPath(params.question.path)
    await services.capture.known()
    return find(services, engine, params, call)
  }
})

/** Newest first. */
function runsIn({ workspace }: Services, { runIds, cursor }: ParsedParams<'runs.find'>): readonly RunSummary[] {
  const all = workspace.runs.list({}, '', cursor, Infinity).runs
  if (runIds === undefined) return all
  const wanted = new Set(runIds)
  for (const id of wanted)
    if (workspace.runs.get(id) === undefined) throw new CodedError('RUN_NOT_FOUND', `There is no run “${id}”.`)
  // One in the bin is searched where it is named.
  const binned = workspace.runs.list({ deleted: true }, '', cursor, Infinity).runs
  const named = [...all, ...binned].filter(({ id }) => wanted.has(id))
  const placeOf = ({ startedAt, id }: RunSummary): string => `${startedAt}|${id}`
  return named.sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1))
}

async function find(
  services: Services,
  { search }: EngineClient,
  params: ParsedParams<'runs.find'>,
  call: Call
): Promise<RunHits> {
  const { question, limit } = params
  const runs = runsIn(services, params)
  const { folder } = services.workspace
  const stamps = await stampAll(runs, (run) => indexedRun(services, run))
  const positions = await search.sift(folder, isKept(services), stamps, question)
  const hits: RunHit[] = []
  const found: RunSummary[] = []
  const unread: { runId: string; why: string }[] = []
  let read = 0
  for (const at of positions) {
    const run = runs[at] as RunSummary
    if (read === mostRead || hits.length === limit) {
      const last = runs[at - 1] as RunSummary
      return { hits, runs: found, cursor: `${last.startedAt}|${last.id}`, searched: at, read, unread }
    }
    call.tell('Searching runs', at, runs.length)
    const { hit, unread: why } = await look(services, search, { run, stamp: stamps[at]!.stamp, question, call })
    read++
    if (hit !== null) {
      hits.push(hit)
      found.push(run)
    }
    if (why !== null) unread.push({ runId: run.id, why })
  }
  return { hits, runs: found, cursor: null, searched: runs.length, read, unread }
}

interface Look {
  readonly run: RunSummary
  readonly stamp: string
  readonly question: FindQuestion
  readonly call: Call
}

async function look(
  services: Services,
  search: EngineClient['search'],
  { run, stamp, question, call: { signal } }: Look
): ReturnType<EngineClient['search']['look']> {
  signal.throwIfAborted()
  // Removed meanwhile.
  if (services.workspace.runs.get(run.id) === undefined) return { hit: null, unread: null }
  const flag = new SharedArrayBuffer(4)
  const cancel = (): void => raiseFlag(flag)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const ref = { ...runRef(services, run.id), keep: isKept(services) }
    const looked = await search.look(ref, stamp, question, flag)
    signal.throwIfAborted()
    return looked
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** A terminal that holds the workspace keeps the index, too. */
const isKept = ({ workspace }: Services): boolean => workspace.writable
