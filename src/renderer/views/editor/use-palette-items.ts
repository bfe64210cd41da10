import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { moduleOf, nodesOf } from '../../../engine/graph/nodes.ts'
import { blueprints, loadBlueprints } from '../../stores/blueprints.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { isAdHocId } from '../../../engine/modules/ad-hoc/definition.ts'
import { modulesToAdd, triggersToCreate } from '../../stores/added-modules.ts'
import { library } from '../../stores/library.ts'
import type { Item } from './actions.ts'
import { useEditorState } from './editor-context.ts'

export interface PaletteItem {
  readonly item: Item
  readonly id: string
  readonly title: string
  readonly detail: string
  readonly icon: string
  readonly group: 'Triggers' | 'Logic' | 'Actions' | 'Blueprints'
  readonly blocking: boolean
  readonly words: string
}

/** What can be added: triggers only where there is none yet. */
export function usePaletteItems(): readonly PaletteItem[] {
  const modules = useStore(library, (state) => state.modules)
  const workflows = useStore(library, (state) => state.workflows)
  const taken = useMemo(() => workflows?.map(({ trigger }) => trigger), [workflows])
  const known = useStore(blueprints, (state) => state.list)
  const hasTrigger = useEditorState((state) =>
    nodesOf(workflowGraph(state.document)).some(({ node }) => moduleOf(node).type === 'trigger')
  )
  useEffect(() => void loadBlueprints(), [])
  return useMemo(() => {
    const groups = { trigger: 'Triggers', logic: 'Logic', action: 'Actions' } as const
    const adHoc = triggersToCreate(taken ?? []).filter(({ id }) => isAdHocId(id))
    const own = (modules === null ? [] : [...modulesToAdd(), ...adHoc])
      .filter(({ module_type: type }) => type !== 'trigger' || !hasTrigger)
      .map((definition): PaletteItem => ({
        item: { kind: 'module', definition },
        id: `${definition.module_type}/${definition.id}`,
        title: definition.name,
        detail: definition.description,
        icon: definition.icon,
        group: groups[definition.module_type],
        blocking: definition.blocking,
        words: `${definition.name} ${definition.id} ${definition.description}`.toLowerCase()
      }))
    const pieces = (known ?? []).map(({ uuid, name, description, modules: ids }): PaletteItem => ({
      item: { kind: 'blueprint', uuid, name },
      id: `blueprint/${uuid}`,
      title: name,
      detail: description,
      icon: 'shapes',
      group: 'Blueprints',
      blocking: false,
      words: `${name} ${description} blueprint ${ids.join(' ')}`.toLowerCase()
    }))
    const order = ['Triggers', 'Logic', 'Actions', 'Blueprints']
    return [...own, ...pieces].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group))
  }, [modules, known, hasTrigger, taken])
}

/** All words, in any order; matches of the name first. */
export function searchItems(items: readonly PaletteItem[], query: string): readonly PaletteItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return items
  const phrase = words.join(' ')
  const score = ({ title, words: text }: PaletteItem): number => {
    if (!words.every((word) => text.includes(word))) return 0
    const name = title.toLowerCase()
    if (name === phrase) return 5
    if (name.includes(phrase)) return name.startsWith(phrase) ? 4 : 3
    return words.every((word) => name.includes(word)) ? 2 : 1
  }
  return items
    .map((item) => ({ item, score: score(item) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
