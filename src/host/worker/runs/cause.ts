// Why a run ended as it did, why a node was not reached, and who wrote a value.
import type { BlameEntry, Chain } from '../../../contract/chain.ts'
import { CodedError } from '../../../contract/errors.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ParsedParams } from '../../../contract/operations.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { SecretTexts } from '../../../contract/secret-texts.ts'
import { secretsOfParams } from '../../../contract/secrets.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { locateSteps } from '../../../engine/hash/locate.ts'
import { blame } from '../../../engine/replay/blame.ts'
import { chainOf } from '../../../engine/replay/chain.ts'
import { tellingOf } from '../../../engine/replay/chain-way.ts'
import type { Telling } from '../../../engine/replay/chain-way.ts'
import { RunIndex } from '../../../engine/replay/run-index.ts'
import { notReachedChain } from '../../../engine/replay/unreached.ts'
import { secretsOfEffect } from '../effects/show.ts'
import { maskChain } from '../mask/run.ts'
import type { OpenRun } from './open-run.ts'
import { stepValue } from './run-book.ts'

/** Places of one hash path that are followed. */
const mostPlaces = 20
/** Larger values are told in one line: they are asked for where they stand. */
const mostCharacters = 20_000

/** Null while the run goes on, and for a node that was executed. NODE_NOT_FOUND for one that nobody knows. */
export function causeOf({ fold, workflow, rebuilt }: OpenRun, nodeId?: number): Chain | null {
  if (nodeId !== undefined) assertKnown(tellingOf(fold, workflow), nodeId, rebuilt)
  const chain = nodeId === undefined ? chainOf(fold, workflow) : notReachedChain(fold, workflow, nodeId)
  if (chain === null) return null
  const texts = new SecretTexts(
    fold.data.flatMap(({ params, effects }) => [
      ...secretsOfParams((params ?? {}) as JsonMap),
      ...effects.flatMap(({ effect }) => secretsOfEffect(effect))
    ])
  )
  return maskChain(chain, texts)
}

function assertKnown({ index, missed }: Telling, nodeId: number, rebuilt: boolean): void {
  if (index.graph.has(nodeId) || index.lastOfNode(nodeId) !== undefined || missed.has(nodeId)) return
  const text = rebuilt
    ? `No post of the run came from node ${nodeId}, and its workflow is only known from them.`
    : `The workflow of the run has no node ${nodeId}.`
  throw new CodedError('NODE_NOT_FOUND', text, { nodeId })
}

/** Newest first. A hash path that finds nothing is taken by its keys: who removed what stood there. */
export function blameIn(run: OpenRun, { step, which, path }: ParsedParams<'run.blame'>): readonly BlameEntry[] {
  const index = new RunIndex(run.fold.steps, run.workflow)
  const ends = step === null ? endsOf(run, index) : [step]
  const came = firedBy(run.summary)
  const found = ends.map((end) => blameAt(run, index, { step: end, which, path }))
  const entries = found.flatMap((one) => one ?? [])
  if (found.every((one) => one === null))
    throw new CodedError(
      'PARAMS_INVALID',
      `“${String(path)}” finds nothing there, so nobody can tell which value is meant.`
    )
  const told = new Map(entries.map((entry) => [JSON.stringify([entry.step, entry.nodeId, entry.path]), entry]))
  return [...told.values()]
    .sort((a, b) => b.step - a.step)
    .map((entry) => ({
      ...entry,
      ...{ before: short(entry.before), after: short(entry.after), from: entry.step === 0 ? came : entry.from }
    }))
}

/** Jobs that a value is looked for in. */
const mostJobs = 200

/** The last step of the walk and of each job; of a run without a step, its input. */
function endsOf({ fold }: OpenRun, index: RunIndex): readonly number[] {
  const last = [null, ...index.jobs().slice(0, mostJobs)].flatMap((walk) => index.lastOfWalk(walk) ?? [])
  return last.length === 0 ? [0] : last.map((at) => fold.steps[at]!.step)
}

interface BlamedAt extends Omit<ParsedParams<'run.blame'>, 'runId'> {
  readonly step: number
}

/** Null where the path has places and finds none. */
function blameAt(run: OpenRun, index: RunIndex, { step, which, path }: BlamedAt): readonly BlameEntry[] | null {
  const value = stepValue(run, step, which) ?? null
  const places = typeof path === 'string' ? placesOf(value, path) : [path]
  if (places === null) return null
  if (step === 0) return places.flatMap((place) => cameWith(value, place))
  return places.flatMap((place) => blame(run.fold, index, place, { at: step - 1, input: which === 'input' }))
}

/** What made the run's input, where another run did. */
const firedBy = ({ parent }: RunSummary): string | null =>
  parent?.relation !== 'nested'
    ? null
    : `run ${parent.runId}${parent.nodeId === null ? '' : `, whose node ${parent.nodeId} fired this one`}`

function placesOf(value: Json, path: string): readonly ValuePath[] | null {
  const found = locateSteps(value, path, mostPlaces).at(-1) ?? []
  if (found.length > 0) return found.map((place) => place.path)
  if (/[{[]/.test(path)) return null
  return [path.split('.').map((key) => (/^(0|[1-9]\d*)$/.test(key) ? Number(key) : key))]
}

function cameWith(value: Json, path: ValuePath): BlameEntry[] {
  const here = path.reduce<Json | undefined>(
    (box, key) =>
      typeof box === 'object' && box !== null && Object.hasOwn(box, key) ? (box as JsonMap)[key] : undefined,
    value
  )
  if (here === undefined) return []
  return [{ step: 0, nodeId: null, op: 'added', before: null, after: here, from: null, path }]
}

const short = (value: Json): Json =>
  typeof value === 'object' && value !== null && JSON.stringify(value).length > mostCharacters
    ? previewOf(value)
    : value
