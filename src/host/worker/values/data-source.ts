// `data` and `workflow` of an operation, wherever they are.
import { stat } from 'node:fs/promises'
import type { Json } from '../../../contract/json.ts'
import { mergeSettings, parseMispSettings } from '../../../contract/misp-settings.ts'
import type { DataSource, RunOptionsInput, WorkflowSource } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { CodedError } from '../../../contract/errors.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { bringInput, type BroughtInput } from '../../../engine/run/given/bring.ts'
import { pickEntry } from '../../../engine/run/given/entries.ts'
import { isMap } from '../../../engine/php/values.ts'
import type { WorldData } from '../../../engine/world/world.ts'
import { ownJson, readOwnJson } from '../runs/input.ts'
import { parseProfile, unixTime } from '../runs/run-input.ts'
import type { Refs } from '../thread/protocol.ts'
import { withWorld } from '../runs/with-world.ts'
import { maskStepValue } from '../mask/value.ts'
import { stepValue } from '../runs/run-book.ts'
import type { RunBook } from '../runs/run-book.ts'
import { normalizeInput } from '../runs/stateless.ts'

/** Values of files that were looked at last: typing a hash path must not parse 100 MB for each key. */
const kept = new WeakMap<RunBook, Map<string, Promise<Json>>>()
const keptValues = 3

/** Any value that a source names; with a trigger, what its workflow starts with. */
export async function valueFrom(book: RunBook, source: DataSource, refs: Refs): Promise<Json> {
  if (!('trigger' in source) || source.trigger === undefined) return rawValueFrom(book, source, refs)
  const { trigger } = source
  if (!('dataId' in source) && !('uploadId' in source))
    return normalized(trigger, await rawValueFrom(book, source, refs), refs)
  const key = `${await stampOf(refs.dataFile)}\n${source.index ?? ''}\n${trigger}`
  return remembered(book, key, async () => normalized(trigger, await rawValueFrom(book, source, refs), refs))
}

/** For looking at: whatever MISP's conversion takes is taken. */
async function normalized(trigger: string, value: Json, refs: Refs): Promise<Json> {
  const options = await withWorld({}, refs)
  const data = normalizeInput(trigger, bring(value, { trigger: null, options, refs }), options)
  if (data === false)
    throw new CodedError(
      'INPUT_WRONG_TYPE',
      `${trigger} cannot use this data: MISP returns “Invalid input” and runs nothing.`,
      {
        place: 'trigger'
      }
    )
  return data
}

function remembered(book: RunBook, key: string, read: () => Promise<Json>): Promise<Json> {
  const values = kept.get(book) ?? new Map<string, Promise<Json>>()
  kept.set(book, values)
  const known = values.get(key)
  values.delete(key)
  const value = known ?? read()
  values.set(key, value)
  value.catch(() => values.delete(key))
  for (const oldest of values.keys()) if (values.size > keptValues) values.delete(oldest)
  return value
}

/** A file that is edited is another one. */
async function stampOf(file: string | undefined): Promise<string> {
  const info = file === undefined ? null : await stat(file).catch(() => null)
  return `${file} ${info?.size ?? 0} ${info?.mtimeMs ?? 0}`
}

/** `whole`: without picking one of several entries. */
async function rawValueFrom(book: RunBook, source: DataSource, refs: Refs, whole = false): Promise<Json> {
  if ('json' in source) {
    const json = ownJson(source.json)
    return source.index === undefined || whole ? json : pickEntry(json, { pick: source.index, name: nameOf(refs) })
  }
  if ('runId' in source) {
    const run = await book.open(refs.dataRun, source.runId, refs.halt)
    const found = stepValue(run, source.step, source.which)
    const value = maskStepValue(source.which, found, run.fold.data[source.step - 1])
    if (value === undefined) throw new CodedError('STEP_NOT_FOUND', `Step ${source.step} has no ${source.which}.`)
    return value
  }
  const { dataFile } = refs
  if (dataFile === undefined) throw new CodedError('DATA_NOT_FOUND')
  const value = await remembered(book, await stampOf(dataFile), () =>
    'dataId' in source ? readOwnJson(dataFile) : readOwnJson(dataFile, refs.dataName ?? 'the data')
  )
  return source.index === undefined || whole ? value : pickEntry(value, { pick: source.index, name: nameOf(refs) })
}

const nameOf = ({ dataName }: Refs): string => dataName ?? 'the data'

interface Asked {
  /** Null: a module alone. */
  readonly trigger: string | null
  /** With the world that they run in. */
  readonly options: RunOptionsInput
  readonly refs: Refs
  readonly pick?: number | string | undefined
}

const bring = (value: Json, { trigger, options, refs, pick }: Asked): BroughtInput =>
  bringInput(value, {
    ...{ trigger, pick, name: nameOf(refs), profile: parseProfile(options.profile), ...unixTime(options.now) },
    world: options.world as WorldData | undefined,
    settings: mergeSettings(refs.settings, parseMispSettings(options.settings).settings)
  })

/** The input of a local run in the state in which MISP would hand it over, or as it is where a person or MISP itself gave it so. */
export async function inputFrom(
  book: RunBook,
  source: DataSource,
  { trigger, options, refs }: Asked
): Promise<BroughtInput> {
  if ('trigger' in source && source.trigger !== undefined) return asIs(await valueFrom(book, source, refs), refs)
  const value = await rawValueFrom(book, source, refs, true)
  const pick = 'index' in source ? source.index : undefined
  if (options.raw) return asIs(pickEntry(value, { pick, name: nameOf(refs) }), refs, [rawSaid])
  // MISP handed it over itself.
  if ('runId' in source && refs.dataRun?.summary.origin === 'captured') return asIs(value, refs)
  const brought = bring(value, { trigger, options, refs, pick })
  const before = 'runId' in source && source.step === 0 ? await madeUpIn(book, source.runId, refs) : []
  return before.length === 0 ? brought : { ...brought, assumptions: [...before, ...brought.assumptions] }
}

/** What was made up for the run that the data is taken from is made up still. */
async function madeUpIn(book: RunBook, runId: string, refs: Refs): Promise<readonly string[]> {
  const { madeUp } = (await book.open(refs.dataRun, runId, refs.halt)).options
  return Array.isArray(madeUp) ? (madeUp as readonly Json[]).filter((text) => typeof text === 'string') : []
}

const rawSaid = 'The data is used as it is given: nothing in it is made up.'

function asIs(value: Json, refs: Refs, assumptions: readonly string[] = []): BroughtInput {
  if (isMap(value)) return { data: value, assumptions }
  // An empty map is [] once it was read as PHP reads it.
  if (Array.isArray(value) && value.length === 0) return { data: {}, assumptions }
  throw new CodedError('INPUT_NOT_OBJECT', `${nameOf(refs)} is not a JSON object.`, {
    file: nameOf(refs),
    place: 'data'
  })
}

export async function workflowFrom(book: RunBook, source: WorkflowSource, refs: Refs): Promise<RawWorkflow> {
  if ('json' in source) return parseWorkflow(ownJson(source.json), 'the workflow')
  if ('workflowId' in source) return parseWorkflow(refs.workflow, source.workflowId)
  const { workflow } = await book.open(refs.workflowRun, source.runId, refs.halt)
  if (workflow === null) throw new CodedError('WORKFLOW_NOT_FOUND', 'The workflow of that run is unknown.')
  return parseWorkflow(workflow, 'the workflow of the run')
}
