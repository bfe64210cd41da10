// What moves over a graph while it stays the same: each node looks for itself, so that a moved selection draws two nodes and not all.
import { createContext } from 'react'
import { createStore } from 'zustand/vanilla'

export interface Standing {
  readonly selected: number | null
  /** A paused run stands before it. */
  readonly next: number | null
  /** A paused run stops before these. */
  readonly stops: ReadonlySet<number> | undefined
}

export const createStanding = (standing: Standing) => createStore<Standing>(() => standing)

export const StandingContext = createContext(createStanding({ selected: null, next: null, stops: undefined }))
