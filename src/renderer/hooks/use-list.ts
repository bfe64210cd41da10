import { useStore } from 'zustand'
import { listState, lists, searchList, selectInList } from '../stores/lists.ts'

/** Search and selection of a list, kept while the window is open. */
export function useList(name: string) {
  useStore(lists, ({ byName }) => byName[name])
  const { search, selected } = listState(name)
  return {
    search,
    selected,
    setSearch: (text: string) => searchList(name, text),
    select: (ids: Iterable<string>) => selectInList(name, ids)
  }
}
