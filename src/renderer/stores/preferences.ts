// What one person set in this window: kept in the browser, not in the workspace.
import { createStore } from 'zustand/vanilla'

export interface Preferences {
  readonly scheme: 'auto' | 'light' | 'dark'
  /** Sizes of resizable panes by group. */
  readonly panes: { readonly [group: string]: { readonly [pane: string]: number } }
  readonly wideTree: boolean
  /** Data is edited as text instead of in its tree. */
  readonly dataAsText: boolean
  /** The editor's nodes show their fields, as MISP's do. */
  readonly fieldsInNodes: boolean
  readonly dismissed: readonly string[]
  /** By the list's name: widths of columns that somebody changed, in pixels, and what it is sorted by. */
  readonly lists: { readonly [list: string]: ListPreferences }
}

interface ListPreferences {
  readonly widths?: Readonly<Record<string, number>>
  readonly sorting?: { readonly id: string; readonly down: boolean } | null
}

const key = 'retrace.preferences'
const initial: Preferences = {
  ...{ scheme: 'auto', panes: {}, wideTree: false, dataAsText: false, fieldsInNodes: false, dismissed: [], lists: {} }
}

function load(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    return { ...initial, ...(stored as Partial<Preferences>) }
  } catch {
    return initial
  }
}

export const preferences = createStore<Preferences>(load)
preferences.subscribe((state) => {
  try {
    localStorage.setItem(key, JSON.stringify(state))
  } catch {
    // A full or forbidden storage costs the memory of panes, nothing else.
  }
})

export const setPreference = <K extends keyof Preferences>(name: K, value: Preferences[K]): void =>
  preferences.setState({ [name]: value } as Pick<Preferences, K>)

export const rememberPanes = (group: string, layout: Record<string, number>): void =>
  preferences.setState(({ panes }) => ({ panes: { ...panes, [group]: layout } }))

const changeList = (list: string, change: Partial<ListPreferences>): void =>
  preferences.setState(({ lists }) => ({ lists: { ...lists, [list]: { ...lists[list], ...change } } }))

/** `undefined`: as wide as it was at first. */
export function setColumnWidth(list: string, column: string, width: number | undefined): void {
  const { [column]: _, ...others } = preferences.getState().lists[list]?.widths ?? {}
  changeList(list, { widths: width === undefined ? others : { ...others, [column]: Math.round(width) } })
}

export const sortList = (list: string, sorting: ListPreferences['sorting']): void =>
  changeList(list, { sorting: sorting ?? null })

/** What the host is told of it, where it sorts the list by one of these. */
export function sortingOf<By extends string>(
  list: string,
  known: readonly By[]
): { readonly sort?: { readonly by: By; readonly down: boolean } } {
  const sorting = preferences.getState().lists[list]?.sorting
  const by = known.find((one) => one === sorting?.id)
  return sorting && by ? { sort: { by, down: sorting.down } } : {}
}
