import { randomUUID } from 'node:crypto'
import { CodedError } from '../../contract/errors.ts'
import { inTurn } from '../../contract/lists.ts'
import type { Json } from '../../contract/json.ts'
import { withWorkflowFields, workflowRow } from '../../engine/graph/document.ts'
import { refuseManyNodes } from '../../engine/graph/count-nodes.ts'
import { howToPick, severalError } from '../../engine/format/pick.ts'
import { workflowsIn } from '../../engine/graph/parse.ts'
import { writePreserving } from '../../engine/format/preserve-text.ts'
import { isMap } from '../../engine/php/values.ts'
import { idFromName } from '../ports/ids.ts'
import type { Handlers } from '../registry/registry.ts'
import { safeName } from '../store/paths.ts'
import type { Workflows } from '../store/workflows.ts'
import type { Services } from './services.ts'

type WorkflowOperations =
  | 'workflows.list'
  | 'workflows.get'
  | 'workflows.save'
  | 'workflows.export'
  | 'workflows.delete'
  | 'workflows.restore'
  | 'workflows.revert'

/** Pages of the app stand where a workflow of that id would. */
const pages: ReadonlySet<string> = new Set(['run', 'upgrade', 'blueprints', 'coverage', 'impact'])

export const workflowHandlers = ({ workspace, aside, emit }: Services): Handlers<WorkflowOperations> => ({
  'workflows.list': () => workspace.workflows.list(),
  'workflows.get': ({ workflowId, version }) => workspace.workflows.get(workflowId, version),
  'workflows.save': async ({ workflowId, text, workflow, note, base, ifKnown }, { signal }) => {
    workspace.assertWritable()
    if (text === undefined && workflow === undefined)
      throw new CodedError('PARAMS_INVALID', 'workflows.save: give `text` or `workflow`.')
    const name = 'the workflow'
    if (workflow !== undefined) refuseManyNodes({ value: workflow }, 'any', name)
    const given = { text: text ?? '' }
    const read =
      workflow !== undefined
        ? workflow
        : await aside.run('workflow', { given, name }, { bytes: given.text.length, name, signal })
    const { value, printed: own } = oneOf(read, name, text)
    if (typeof value !== 'object' || value === null)
      throw new CodedError(
        'WORKFLOW_INVALID',
        'The input is not a MISP workflow: it is neither an object nor a list of nodes.'
      )
    if (workflowId !== undefined && base !== undefined) assertNewest(workspace.workflows, workflowId, base)
    const known = workflowId === undefined && ifKnown !== undefined ? workspace.workflows.withUuid(value) : undefined
    if (known && ifKnown === 'ask') {
      const isSame = JSON.stringify(workspace.workflows.get(known.id).workflow) === JSON.stringify(value)
      const how = isSame ? 'already, unchanged' : 'already'
      throw new CodedError('WORKFLOW_KNOWN', `The workspace has this workflow ${how}: “${known.name}”.`, {
        ...{ workflowId: known.id, name: known.name },
        ...(isSame ? { isSame } : {})
      })
    }
    const isCopy = known !== undefined && ifKnown === 'copy'
    const kept = isCopy ? copyOf(value) : value
    const target = workflowId ?? (isCopy ? undefined : known?.id)
    const id = target ?? idFromName(nameOf(kept), (one) => pages.has(one) || workspace.workflows.isTaken(one))
    const printed = isCopy ? own && writePreserving(own, kept) : own
    const saved = await workspace.workflows.save(safeName(id), kept, note, printed)
    emit('workflows.changed', { changed: [saved], removed: [] })
    return saved
  },
  'workflows.export': ({ workflowId, version }) => ({
    name: `workflow_${workflowId}_${workspace.workflows.get(workflowId, version).version}.json`,
    text: workspace.workflows.textOf(workflowId, version)
  }),
  // Into the bin: nothing is removed from disk.
  'workflows.delete': async ({ workflowIds }) => {
    workspace.assertWritable()
    const gone = await inTurn(workflowIds, (id) => workspace.workflows.bin(id))
    emit('workflows.changed', { changed: [], removed: workflowIds })
    return gone
  },
  'workflows.restore': async ({ workflowIds }) => {
    workspace.assertWritable()
    const back = await inTurn(workflowIds, (id) => workspace.workflows.restore(id))
    emit('workflows.changed', { changed: back, removed: [] })
    return back
  },
  'workflows.revert': async ({ workflowId, version, note }) => {
    workspace.assertWritable()
    const { workflow } = workspace.workflows.get(workflowId, version)
    const said = note === '' ? `Reverted to version ${version}` : note
    const text = workspace.workflows.textOf(workflowId, version)
    const saved = await workspace.workflows.save(safeName(workflowId), workflow, said, text)
    emit('workflows.changed', { changed: [saved], removed: [] })
    return saved
  }
})

/** The only workflow of a list, as /workflows/index answers one. Throws INPUT_SEVERAL where a person must say which. */
function oneOf(value: Json, name: string, text: string | undefined): { value: Json; printed: string | undefined } {
  const list = workflowsIn(value)
  // A file of a workspace; the text beside the workflow in it may say something else.
  if (isMap(value) && value.format === 'retrace.workflow' && isMap(value.workflow))
    return { value: value.workflow, printed: undefined }
  if (list === null) return { value, printed: text }
  if (list.length > 1) throw severalError(list, name, howToPick, 'workflow')
  return { value: list[0] as Json, printed: undefined }
}

/** Whoever edits an older version than the newest would put theirs on top of what they never saw. */
function assertNewest(workflows: Workflows, id: string, base: number): void {
  const { version, savedAt, name } = workflows.get(id)
  if (version <= base) return
  const text = `“${name}” was saved as version ${version} meanwhile; version ${base} was edited.`
  throw new CodedError('WORKFLOW_CHANGED', text, { workflowId: id, version, savedAt })
}

/** The same workflow as one of its own. */
const copyOf = (workflow: Json): Json =>
  withWorkflowFields(workflow, { uuid: randomUUID(), name: `${nameOf(workflow)} (copy)` })

function nameOf(workflow: Json): string {
  const name = workflowRow(workflow)?.name
  return typeof name === 'string' && name !== '' ? name : 'workflow'
}
