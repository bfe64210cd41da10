// What one person set in this window: kept in the browser, not in the workspace.
import { createStore } from 'zustand/vanilla'

export interface Preferences {
  readonly scheme: 'auto' | 'light' | 'dark'
  /** Sizes of resizable panes by group. */
  readonly panes: { readonly [group: string]: { readonly [pane: string]: number } }
  readonly wideTree: boolean
  /** The editor's nodes show their fields, as MISP's do. */
  readonly fieldsInNodes: boolean
  readonly dismissed: readonly string[]
}

const key = 'retrace.preferences'
const initial: Preferences = { scheme: 'auto', panes: {}, wideTree: false, fieldsInNodes: false, dismissed: [] }

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
