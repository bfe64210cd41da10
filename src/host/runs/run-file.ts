// runs/<id>.ndjson: a local run. First line the header, then one line per event (data with shared containers, see run-codec), last
// line the count, so that a cut file is told from a whole one.
import { createReadStream, existsSync } from 'node:fs'
import { setImmediate as breathe } from 'node:timers/promises'
import { basename } from 'node:path'
import type { JsonMap } from '../../contract/json.ts'
import type { Json } from '../../contract/json.ts'
import type { RunEvent } from '../../contract/run.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { CodedError } from '../../contract/errors.ts'
import { createPauses, type Pause } from '../pauses.ts'
import { writeAtomic } from '../store/files.ts'
import { currentVersion, migrate } from '../store/migrations.ts'
import { SharingDecoder, SharingEncoder } from './run-codec.ts'

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
}

type RunContent = Omit<RunFileHeader, 'format' | 'version'> & { readonly events: readonly RunEvent[] }

/** Writes the run atomically. Long values are written in pieces, with pauses in which the thread answers others. */
export async function writeRunFile(file: string, run: RunContent): Promise<void> {
  await writeAtomic(file, runText(run))
}

async function* runText({ summary, workflow, options, events }: RunContent): AsyncGenerator<string> {
  const header: RunFileHeader = { format: 'retrace.run', version: currentVersion('run'), summary, workflow, options }
  yield JSON.stringify(header) + '\n'
  const encoder = new SharingEncoder()
  let pending = ''
  for (const { seq, at, nodeId, type, data } of events) {
    pending += `${JSON.stringify({ seq, at, nodeId, type }).slice(0, -1)},"data":`
    for (const piece of encoder.encode(data as unknown as Json)) {
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

/** The header only, for the index. */
export async function readRunHeader(file: string): Promise<RunFileHeader> {
  for await (const line of lines(file)) return parseHeader(line, basename(file))
  throw unreadable(file, 'it is empty')
}

/** The run with its sharing restored. Throws STORE_FILE_UNREADABLE with the line that is wrong. */
export async function readRunFile(file: string, pause: Pause = createPauses()): Promise<StoredRun> {
  let header: RunFileHeader | null = null
  let ended = false
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
      const raw = JSON.parse(line) as { end?: number; data?: unknown } & RunEvent
      if (raw.end !== undefined) ended = raw.end === events.length
      else events.push({ ...raw, runId: header.summary.id, data: decoder.decode(raw.data) } as unknown as RunEvent)
    } catch (error) {
      throw unreadable(file, error instanceof Error ? error.message : String(error), number)
    }
    await pause()
  }
  if (!header) throw unreadable(file, 'it is empty')
  if (!ended) throw unreadable(file, 'its end is missing', number)
  return { header, events }
}

function parseHeader(line: string, name: string): RunFileHeader {
  let raw: unknown
  try {
    raw = JSON.parse(line)
  } catch (error) {
    throw unreadable(name, error instanceof Error ? error.message : String(error), 1)
  }
  const header = migrate('run', raw, name) as unknown as RunFileHeader
  if (header.format !== 'retrace.run' || typeof header.summary?.id !== 'string')
    throw unreadable(name, 'it is not a run', 1)
  return header
}

const unreadable = (file: string, why: string, line?: number): CodedError =>
  new CodedError('STORE_FILE_UNREADABLE', `${basename(file)} cannot be read: ${why}${line ? ` (line ${line})` : ''}.`, {
    file: basename(file),
    ...(line ? { place: `line ${line}` } : {})
  })

/** Lines of a file without readline, which copies long lines again and again. */
async function* lines(file: string): AsyncGenerator<string> {
  if (!existsSync(file)) throw new CodedError('FILE_NOT_FOUND', `${basename(file)} is gone.`, { file: basename(file) })
  let rest: Buffer[] = []
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      rest.push(chunk.subarray(from, at))
      yield Buffer.concat(rest).toString('utf8')
      rest = []
      from = at + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString('utf8')
}
