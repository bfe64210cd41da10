// runs/<id>.ndjson: a local run. First line the header, then one line per event (data with shared containers, see run-codec), what the run
// depended on, and last the count, so that a cut file is told from a whole one.
import { setImmediate as breathe } from 'node:timers/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type { JsonMap } from '../../contract/json.ts'
import type { Json } from '../../contract/json.ts'
import type { RunEvent } from '../../contract/run.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { Surroundings } from '../../contract/surroundings.ts'
import { CodedError } from '../../contract/errors.ts'
import { nestsDeeper } from '../../contract/json-depth.ts'
import { createPauses, type Pause } from '../pauses.ts'
import { isThereSync, privateFile, writeAtomic } from '../store/files.ts'
import { currentVersion } from '../store/migrations.ts'
import { parseJson, parseStored, readLines } from '../store/reading.ts'
import { runHeaderShape } from '../store/schemas.ts'
import { problemOf } from './event-shape.ts'
import { absoluteId, relativeId, rootOf, withIds } from './relative-ids.ts'
import { SharingDecoder, SharingEncoder } from './run-codec.ts'
import { parseSurroundings } from './surroundings-shape.ts'

export interface RunFileHeader {
  readonly format: 'retrace.run'
  readonly version: number
  readonly summary: RunSummary
  /** The workflow as it was run. */
  readonly workflow: Json
  /** Options it was run with (settings, mocks…), so that it can be run again. */
  readonly options: JsonMap
}

export interface StoredRun {
  readonly header: RunFileHeader
  readonly events: readonly RunEvent[]
  /** Null: they were not kept. */
  readonly surroundings: Surroundings | null
}

type RunContent = Omit<RunFileHeader, 'format' | 'version'> & Pick<StoredRun, 'events' | 'surroundings'>

/** Writes the run atomically. Long values are written in pieces, with pauses in which the thread answers others. */
export async function writeRunFile(file: string, run: RunContent): Promise<void> {
  await writeAtomic(file, runText(run), privateFile)
}

async function* runText({ summary, workflow, options, events, surroundings }: RunContent): AsyncGenerator<string> {
  const header: RunFileHeader = { format: 'retrace.run', version: currentVersion('run'), summary, workflow, options }
  yield JSON.stringify(header) + '\n'
  const encoder = new SharingEncoder()
  let pending = ''
  const root = rootOf(summary.id)
  for (const [begin, data] of linesOf(events, surroundings, root)) {
    pending += begin
    for (const piece of encoder.encode(data)) {
      pending += piece
      if (pending.length < 1 << 18) continue
      yield pending
      pending = ''
      await breathe()
    }
    pending += '}\n'
  }
  yield `${pending}{"end":${events.length}}\n`
}

/** The begin of each line behind the header, and its value. */
function* linesOf(
  events: readonly RunEvent[],
  surroundings: Surroundings | null,
  root: string
): Generator<readonly [begin: string, value: Json]> {
  for (const { seq, at, nodeId, type, data } of events) {
    const head = JSON.stringify({ seq, at, nodeId, type }).slice(0, -1)
    yield [`${head},"data":`, withIds(type, data as unknown as JsonMap, (id) => relativeId(id, root))]
  }
  // Behind the events: what they hold is not written again.
  if (surroundings) yield ['{"surroundings":', surroundings as unknown as Json]
}

/** The header only, for the index. */
export async function readRunHeader(file: string): Promise<RunFileHeader> {
  for await (const line of lines(file)) return parseHeader(line, basename(file))
  throw unreadable(file, 'it is empty')
}

/** The run with its sharing restored. Throws STORE_FILE_UNREADABLE with the line that is wrong. */
export async function readRunFile(file: string, pause: Pause = createPauses()): Promise<StoredRun> {
  let header: RunFileHeader | null = null
  let ended = false
  let surroundings: Surroundings | null = null
  const events: RunEvent[] = []
  const decoder = new SharingDecoder()
  let number = 0
  for await (const line of lines(file)) {
    number++
    if (!header) {
      header = parseHeader(line, basename(file))
      continue
    }
    try {
      if (nestsDeeper(line, mostLevels)) throw new Error(`it nests deeper than ${mostLevels} levels`)
      const raw = eventLine.parse(JSON.parse(line)) as Line
      if (raw.end !== undefined) ended = raw.end === events.length
      else if (raw.surroundings !== undefined) surroundings = parseSurroundings(decoder.decode(raw.surroundings))
      else {
        const root = rootOf(header.summary.id)
        const data = withIds(raw.type, decoder.decode(raw.data) as JsonMap, (id) => absoluteId(id, root))
        const problem = problemOf(raw.type, data)
        if (problem !== null) throw new Error(problem)
        events.push({ ...raw, runId: header.summary.id, data } as unknown as RunEvent)
      }
    } catch (error) {
      throw unreadable(file, error instanceof Error ? error.message : String(error), number)
    }
    await pause()
  }
  if (!header) throw unreadable(file, 'it is empty')
  if (!ended) throw unreadable(file, 'its end is missing', number)
  return { header, events, surroundings }
}

/** Data of 512 levels, in what a run's file has around it. */
const mostLevels = 2000

type Line = { readonly end?: number; readonly data?: unknown; readonly surroundings?: unknown } & RunEvent

const eventLine = z.union([
  z.object({ end: z.int() }),
  z.object({ surroundings: z.looseObject({}) }),
  z.looseObject({ seq: z.number(), at: z.number(), nodeId: z.number().nullable(), type: z.string() })
])

function parseHeader(line: string, name: string): RunFileHeader {
  return parseStored(parseJson(line, name), name, runHeaderShape) as unknown as RunFileHeader
}

const unreadable = (file: string, why: string, line?: number): CodedError =>
  new CodedError('STORE_FILE_UNREADABLE', `${basename(file)} cannot be read: ${why}${line ? ` (line ${line})` : ''}.`, {
    file: basename(file),
    ...(line ? { place: `line ${line}` } : {})
  })

async function* lines(file: string): AsyncGenerator<string> {
  if (!isThereSync(file))
    throw new CodedError('FILE_NOT_FOUND', `${basename(file)} no longer exists.`, { file: basename(file) })
  for await (const some of readLines(file)) yield* some
}
