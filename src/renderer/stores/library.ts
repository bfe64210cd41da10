// What the workspace offers to choose from: workflows, data sets, modules. Small lists, kept live.
import { createStore } from 'zustand/vanilla'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { Params, Result } from '../../contract/operations.ts'
import type { DataSummary, WorkflowSummary } from '../../contract/workspace.ts'
import { client } from '../client/client.ts'
import { setModules } from './added-modules.ts'

export interface Library {
  readonly workflows: readonly WorkflowSummary[] | null
  readonly data: readonly DataSummary[] | null
  readonly modules: readonly ModuleDefinition[] | null
}

export const library = createStore<Library>(() => ({ workflows: null, data: null, modules: null }))

/** Taking over MISP's list of modules, or making or switching a custom module, changes what there is. */
function reloadModules(): void {
  void client.call('modules.list', {}).then((answer) => {
    if (!answer.ok) return
    setModules(answer.data)
    library.setState({ modules: answer.data })
  })
}

/** Each list is taken as soon as it comes: held back until the others are there, it would undo changes that were told meanwhile. */
function reloadLibrary(): void {
  const take = <N extends 'workflows.list' | 'data.list'>(name: N, set: (all: Result<N>) => void) =>
    void client.call(name, {} as Params<N>).then((answer) => answer.ok && set(answer.data))
  take('workflows.list', (workflows) => library.setState({ workflows }))
  take('data.list', (data) => library.setState({ data }))
  reloadModules()
}

const merged = <T extends { readonly id: string }>(
  all: readonly T[] | null,
  changed: readonly T[],
  removed: readonly string[]
): readonly T[] => {
  const byId = new Map((all ?? []).map((one) => [one.id, one]))
  for (const one of changed) byId.set(one.id, one)
  for (const id of removed) byId.delete(id)
  return [...byId.values()]
}

client.on('workflows.changed', ({ changed, removed }) =>
  library.setState(({ workflows }) => ({ workflows: merged(workflows, changed, removed) }))
)
client.on('data.changed', ({ changed, removed }) =>
  library.setState(({ data }) => ({ data: merged(data, changed, removed) }))
)
client.on('workspace.changed', reloadModules)
client.on('modules.changed', reloadModules)
client.onState((state) => state === 'open' && reloadLibrary())
