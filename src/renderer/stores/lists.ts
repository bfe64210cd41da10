// What a list is like when a person comes back to it: the search, and what is selected. Order and widths of columns are preferences.
import { createStore } from 'zustand/vanilla'

interface ListState {
  readonly search: string
  readonly selected: ReadonlySet<string>
}

const empty: ListState = { search: '', selected: new Set() }

export const lists = createStore<{ readonly byName: Readonly<Record<string, ListState>> }>(() => ({ byName: {} }))

export const listState = (name: string): ListState => lists.getState().byName[name] ?? empty

const change = (name: string, part: Partial<ListState>): void =>
  lists.setState(({ byName }) => ({ byName: { ...byName, [name]: { ...listState(name), ...part } } }))

export const searchList = (name: string, search: string): void => change(name, { search })
export const selectInList = (name: string, ids: Iterable<string>): void => change(name, { selected: new Set(ids) })
