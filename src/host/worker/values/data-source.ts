// `data` and `workflow` of an operation, wherever they are.
import { stat } from 'node:fs/promises'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { DataSource, WorkflowSource } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { CodedError } from '../../../contract/errors.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { ownJson, pickInput, readOwnJson } from '../runs/input.ts'
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

async function normalized(trigger: string, value: Json, refs: Refs): Promise<Json> {
  const data = normalizeInput(trigger, pickInput(value, undefined, refs.dataName), await withWorld({}, refs))
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

async function rawValueFrom(book: RunBook, source: DataSource, refs: Refs): Promise<Json> {
  if ('json' in source) return ownJson(source.json)
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
  const name = 'dataId' in source ? undefined : refs.dataName
  return source.index === undefined ? value : pickInput(value, source.index, name)
}

/** The trigger's input: one object, out of whatever MISP exports. */
export async function inputFrom(book: RunBook, source: DataSource, refs: Refs): Promise<JsonMap> {
  return pickInput(await valueFrom(book, source, refs), undefined, refs.dataName)
}

export async function workflowFrom(book: RunBook, source: WorkflowSource, refs: Refs): Promise<RawWorkflow> {
  if ('json' in source) return parseWorkflow(ownJson(source.json), 'the workflow')
  if ('workflowId' in source) return parseWorkflow(refs.workflow, source.workflowId)
  const { workflow } = await book.open(refs.workflowRun, source.runId, refs.halt)
  if (workflow === null) throw new CodedError('WORKFLOW_NOT_FOUND', 'The workflow of that run is unknown.')
  return parseWorkflow(workflow, 'the workflow of the run')
}
