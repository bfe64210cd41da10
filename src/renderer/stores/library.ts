// What the workspace offers to choose from: workflows, data sets, modules. Small lists, kept live.
import { createStore } from 'zustand/vanilla'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { DataSummary, WorkflowSummary } from '../../contract/workspace.ts'
import { client } from '../client/client.ts'

export interface Library {
  readonly workflows: readonly WorkflowSummary[] | null
  readonly data: readonly DataSummary[] | null
  readonly modules: readonly ModuleDefinition[] | null
}

export const library = createStore<Library>(() => ({ workflows: null, data: null, modules: null }))

export async function reloadLibrary(): Promise<void> {
  const [workflows, data, modules] = await Promise.all([
    client.call('workflows.list', {}),
    client.call('data.list', {}),
    client.call('modules.list', {})
  ])
  if (workflows.ok) library.setState({ workflows: workflows.data })
  if (data.ok) library.setState({ data: data.data })
  if (modules.ok) library.setState({ modules: modules.data })
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
client.onState((state) => state === 'open' && void reloadLibrary())
