import { join } from 'node:path'
import type { ModuleUse } from '../../contract/authoring.ts'
import type { Json } from '../../contract/json.ts'
import { workflowGraph } from '../../engine/graph/document.ts'
import { field, moduleOf, nodesOf } from '../../engine/graph/nodes.ts'
import { CodedError } from '../../contract/errors.ts'
import { bytesIn } from '../aside/aside.ts'
import { isActionModule } from '../../engine/modules/service/definition.ts'
import { isServiceSet, liveConfigOf } from '../ports/live-config.ts'
import { listModulesOf } from '../ports/misp-modules.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

export const moduleHandlers = ({
  workspace,
  trust,
  aside,
  emit
}: Services): Handlers<'modules.usage' | 'modules.fromService'> => ({
  'modules.fromService': async () => {
    workspace.assertWritable()
    const { settings } = trust
    if (!isServiceSet(settings, ['Enrichment', 'Action']))
      throw new CodedError(
        'SERVICE_NOT_SET',
        'No misp-modules service is configured: add one under Settings › Live services, or set Plugin.Action_services_url.'
      )
    const url = liveConfigOf(settings, null).mispModules.Action
    const listed = await listModulesOf(url)
    if (listed === null)
      throw new CodedError('TAKE_OVER_FAILED', `${url} does not list its modules within one second, as MISP expects.`)
    const asked = { folder: join(workspace.folder, 'world'), part: 'service_modules', rows: listed }
    const total = await aside.run('worldMerge', asked, { bytes: await bytesIn(asked.folder), name: 'world' })
    emit('workspace.changed', workspace.info())
    return { url, total, actions: listed.filter(isActionModule).length }
  },
  'modules.usage': () =>
    workspace.workflows.list().flatMap(({ id, name }) => usesOf(id, name, workspace.workflows.get(id).workflow))
})

function usesOf(workflowId: string, workflowName: string, workflow: Json): ModuleUse[] {
  const nodes = new Map<string, (string | number)[]>()
  for (const { node, key } of nodesOf(workflowGraph(workflow))) {
    // What is no node (a text, a number) has no module.
    if (typeof node !== 'object' || node === null) continue
    const module = moduleOf(node).id
    if (module === '') continue
    const id = field(node, 'id')
    nodes.set(module, [...(nodes.get(module) ?? []), typeof id === 'string' || typeof id === 'number' ? id : key])
  }
  return [...nodes].map(([moduleId, nodeIds]) => ({ moduleId, workflowId, workflowName, nodeIds }))
}
