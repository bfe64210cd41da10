import type { TriggerRow } from '../../contract/authoring.ts'
import type { Json } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { workflowRow } from '../../engine/graph/document.ts'
import { isAdHocId } from '../../engine/modules/ad-hoc/definition.ts'
import { modulesOf } from '../../engine/modules/table.ts'
import type { ModuleTable } from '../../engine/modules/table.ts'
import type { Handlers } from '../registry/registry.ts'
import { debugOf, isOn } from '../store/debug-mode.ts'
import { profileOfWorkspace } from '../store/versions.ts'
import type { Workspace } from '../store/workspace.ts'
import type { Services } from './services.ts'

export const triggerHandlers = ({ workspace }: Services): Handlers<'triggers.list'> => ({
  'triggers.list': () => {
    const modules = modulesOf(profileOfWorkspace(workspace.versions).profile)
    const definitions = [...modules.list().modules_trigger, ...adHocTriggers(workspace, modules)]
    return definitions.map((definition) => rowOf(workspace, definition))
  }
})

/** MISP has one for each stored ad-hoc workflow. */
function adHocTriggers(workspace: Workspace, modules: ModuleTable): readonly ModuleDefinition[] {
  const ids = workspace.workflows.list().flatMap(({ trigger }) => (trigger && isAdHocId(trigger) ? [trigger] : []))
  return [...new Set(ids)].flatMap((id) => {
    const definition = modules.find('trigger', id)
    return definition ? [{ ...definition, name: `${definition.name} (${id})` }] : []
  })
}

function rowOf(workspace: Workspace, definition: ModuleDefinition): TriggerRow {
  const { id } = definition
  const list = workspace.settings[isAdHocId(id) ? 'enabled_adhoc' : 'enabled_triggers']
  const own = workspace.settings[`Plugin.Workflow_triggers_${id}`]
  const page = workspace.runs.list({ trigger: [id] }, '', null, 1)
  // MISP has one workflow for each trigger: the one that was saved last stands for it.
  const [workflow, ...drafts] = workspace.workflows
    .list()
    .filter((one) => one.trigger === id)
    .sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1))
  return {
    definition,
    enabled: Array.isArray(list) ? (list as readonly Json[]).includes(id) : own === undefined ? true : isOn(own),
    enabledKnown: Array.isArray(list) || own !== undefined,
    workflow: workflow ? { ...workflow, ...fieldsOf(workspace.workflows.get(workflow.id).workflow) } : null,
    drafts: drafts.length,
    runs: page.total,
    lastRunAt: page.runs[0]?.startedAt ?? null
  }
}

function fieldsOf(workflow: Json): { readonly debug: boolean | null; readonly counter: string | null } {
  const { counter } = workflowRow(workflow) ?? {}
  return {
    debug: debugOf(workflow),
    counter: typeof counter === 'string' || typeof counter === 'number' ? String(counter) : null
  }
}
