// What can be done with workflows of the workspace without opening them.
import { CodedError } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import { severalError } from '../../engine/format/pick.ts'
import { withWorkflowFields, workflowRow } from '../../engine/graph/document.ts'
import { buildWorkflow } from '../../engine/graph/edit-node.ts'
import { client } from '../client/client.ts'
import { download } from '../client/download.ts'
import { modulesNow } from './added-modules.ts'
import { showFailure, toast } from './app.ts'
import { askChoice } from './choice.ts'
import { newUid } from './editor-model.ts'
import type { Failure } from '../../contract/wire.ts'
import { workflowsIn } from '../../engine/graph/parse.ts'
import { decodeJson } from '../../engine/php/decode.ts'
import { navigate } from './router.ts'
import { askEntry } from './start-run.ts'

export interface Kept {
  readonly id: string
  /** What came is there already as it is: nothing was saved, which has been told. */
  readonly isKnown: boolean
}

/**
 * Saves a workflow that comes from elsewhere. When the workspace has it already, a person says what becomes of it. Null when it was not saved
 * (what failed is shown).
 */
export async function saveFromElsewhere(
  given: { readonly text: string } | { readonly workflow: Json },
  note: string
): Promise<Kept | null> {
  const first = await client.call('workflows.save', { ...given, note, ifKnown: 'ask' })
  if (first.ok) return { id: first.data.id, isKnown: false }
  if (first.error.code === 'INPUT_SEVERAL') return saveOneOf(first.error, given, note)
  if (first.error.code !== 'WORKFLOW_KNOWN') return (showFailure(first.error), null)
  const { workflowId, isSame } = first.error.details ?? {}
  if (isSame === true && typeof workflowId === 'string') {
    toast(first.error.message)
    return { id: workflowId, isKnown: true }
  }
  const chosen = await askChoice({
    title: 'This workflow is here already',
    text: `${first.error.message} Save it as a new version of that one (older versions stay), or as a copy beside it?`,
    answers: [
      { id: 'copy', label: 'Save as a copy' },
      { id: 'version', label: 'Save as a new version', primary: true }
    ]
  })
  if (chosen !== 'version' && chosen !== 'copy') return null
  const saved = await client.call('workflows.save', { ...given, note, ifKnown: chosen })
  return saved.ok ? { id: saved.data.id, isKnown: false } : (showFailure(saved.error), null)
}

/** Of a file that holds several, the one that a person picks. */
async function saveOneOf(
  failure: Failure,
  given: { readonly text: string } | { readonly workflow: Json },
  note: string
): Promise<Kept | null> {
  const place = await askEntry(failure, 'Which workflow?')
  if (place === null) return null
  const value = 'text' in given ? (JSON.parse(given.text) as Json) : given.workflow
  const one = workflowsIn(value)?.[place]
  return one === undefined ? null : saveFromElsewhere({ workflow: one }, note)
}

export interface PickedWorkflow {
  /** As people know it: the file, and which of several. */
  readonly name: string
  readonly workflow: Json
}

/** The workflow of a file, of several the one that a person picks. Null: they gave up, or it cannot be read, which is shown. */
export async function workflowOf(file: File): Promise<PickedWorkflow | null> {
  try {
    const value = decodeJson(await file.text(), { name: file.name })
    const several = workflowsIn(value) ?? []
    if (several.length < 2) return { name: file.name, workflow: value }
    const { code, message, details } = severalError(several, file.name, '', 'workflow')
    const place = await askEntry({ code, message, ...(details ? { details } : {}) }, 'Which workflow?')
    const workflow = place === null ? undefined : several[place]
    return workflow === undefined
      ? null
      : { name: `${file.name}: ${String(workflowRow(workflow)?.name ?? place)}`, workflow }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    showFailure({ code: error.code, message: error.message })
    return null
  }
}

/** Creates a workflow for a trigger, as MISP does when somebody opens a trigger that has none, and opens it. */
export async function createWorkflow(triggerId: string, name?: string): Promise<void> {
  // Triggers all ship with MISP: nobody waits for the host's list of modules.
  const trigger = modulesNow().find('trigger', triggerId)
  if (!trigger) return showFailure({ code: 'TRIGGER_UNKNOWN', message: `MISP has no trigger ${triggerId}.` })
  const workflow = buildWorkflow(trigger, {
    uid: newUid(),
    uuid: crypto.randomUUID(),
    now: Math.floor(Date.now() / 1000),
    ...(name ? { name } : {})
  })
  const saved = await client.call('workflows.save', { workflow, note: 'Created' })
  if (!saved.ok) return showFailure(saved.error)
  navigate(['workflows', saved.data.id])
}

/** A workflow without anything in it yet: the canvas asks for a trigger. */
export async function createEmpty(name: string): Promise<void> {
  const workflow = { Workflow: { uuid: crypto.randomUUID(), name, description: '', debug_enabled: true, data: [] } }
  const saved = await client.call('workflows.save', { workflow, note: 'Created' })
  if (!saved.ok) return showFailure(saved.error)
  navigate(['workflows', saved.data.id])
}

export async function deleteWorkflows(ids: readonly string[]): Promise<void> {
  const answer = await client.call('workflows.delete', { workflowIds: [...ids] })
  if (!answer.ok) return showFailure(answer.error)
  const undo = async () => {
    const back = await client.call('workflows.restore', { workflowIds: [...ids] })
    if (!back.ok) showFailure(back.error)
  }
  toast(ids.length === 1 ? `${answer.data[0]?.name ?? 'Workflow'} deleted` : `${ids.length} workflows deleted`, {
    action: { label: 'Undo', run: () => void undo() }
  })
}

/** The newest version as MISP imports it. */
export async function exportWorkflow(workflowId: string): Promise<void> {
  const answer = await client.call('workflows.export', { workflowId })
  if (!answer.ok) return showFailure(answer.error)
  download(answer.data.name, answer.data.text, 'application/json')
}

/** The field keeps its type, so that the rest of the file stays as MISP wrote it. */
const likeBefore = (before: Json | undefined, on: boolean): Json =>
  typeof before === 'number' ? Number(on) : typeof before === 'string' ? String(Number(on)) : on

/** Switches MISP's debug mode of a workflow, as a version of its own. */
export async function setDebug(workflowId: string, on: boolean): Promise<void> {
  const answer = await client.call('workflows.get', { workflowId })
  if (!answer.ok) return showFailure(answer.error)
  const { workflow } = answer.data
  const before = workflowRow(workflow)?.debug_enabled
  const saved = await client.call('workflows.save', {
    workflowId,
    workflow: withWorkflowFields(workflow, { debug_enabled: likeBefore(before, on) }),
    note: `Debug mode ${on ? 'on' : 'off'}`
  })
  if (!saved.ok) showFailure(saved.error)
}
