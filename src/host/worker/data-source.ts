// `data` and `workflow` of an operation, wherever they are.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { DataSource, WorkflowSource } from '../../contract/operations.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { CodedError } from '../../contract/errors.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import { ownJson, pickInput, readJsonInput } from './input.ts'
import type { Refs } from './protocol.ts'
import { stepValue } from './run-book.ts'
import type { RunBook } from './run-book.ts'

/** Any value that a source names. */
export async function valueFrom(book: RunBook, source: DataSource, refs: Refs): Promise<Json> {
  if ('json' in source) return ownJson(source.json)
  if ('runId' in source) {
    const value = stepValue(await book.open(refs.dataRun, source.runId), source.step, source.which)
    if (value === undefined) throw new CodedError('STEP_NOT_FOUND', `Step ${source.step} has no ${source.which}.`)
    return value
  }
  if (refs.dataFile === undefined) throw new CodedError('DATA_NOT_FOUND')
  const value = await readJsonInput(refs.dataFile, 'the data')
  return source.index === undefined ? value : pickInput(value, source.index)
}

/** The trigger's input: one object, out of whatever MISP exports. */
export async function inputFrom(book: RunBook, source: DataSource, refs: Refs): Promise<JsonMap> {
  return pickInput(await valueFrom(book, source, refs), undefined)
}

export async function workflowFrom(book: RunBook, source: WorkflowSource, refs: Refs): Promise<RawWorkflow> {
  if ('json' in source) return parseWorkflow(ownJson(source.json), 'the workflow')
  if ('workflowId' in source) return parseWorkflow(refs.workflow, source.workflowId)
  const { workflow } = await book.open(refs.workflowRun, source.runId)
  if (workflow === null) throw new CodedError('WORKFLOW_NOT_FOUND', 'The workflow of that run is not known.')
  return parseWorkflow(workflow, 'the workflow of the run')
}
