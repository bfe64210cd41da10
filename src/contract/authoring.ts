// What helps a person who writes a workflow: hash paths over real data, node filters, templates, triggers that did not fire.
import type { ModuleDefinition } from './modules.ts'
import type { Claim, Sentence } from './sentence.ts'
import type { ValuePath, ValueType } from './values.ts'

/** Characters of a template; none that anybody writes comes near. */
export const mostTemplate = 10_000_000

/** A key that can come next in a hash path. */
export interface HashKey {
  /** As it is written: `Tag`, `{n}`, `0`. */
  readonly key: string
  readonly type: ValueType
  /** How many of the values that were looked at have it. */
  readonly count: number
  /** Of the first one. */
  readonly preview: string
}

/** A value that a path found, and where it is. */
export interface HashMatch {
  readonly path: ValuePath
  readonly type: ValueType
  readonly preview: string
}

interface HashSegment {
  readonly token: string
  /** What it chooses, in plain English. */
  readonly meaning: string
  readonly matches: number
  /** The first of them. */
  readonly samples: readonly HashMatch[]
}

/** A hash path over data, seen from every side. */
export interface HashLook {
  readonly path: string
  readonly segments: readonly HashSegment[]
  /** Position in `segments` of the one that chose nothing. */
  readonly stoppedAt: number | null
  /** Keys that are there instead, the most similar first. */
  readonly keysThere: readonly string[]
  readonly valuesThere: readonly string[]
  readonly summary: string
  readonly warnings: readonly string[]
  /** What Hash::extract answers: MISP uses it for every operator but equals and not_equals. */
  readonly extract: { readonly total: number; readonly matches: readonly HashMatch[] }
  /** What Hash::get answers: MISP uses it for equals and not_equals in IF modules. It knows no `{n}`. */
  readonly get: {
    readonly found: boolean
    readonly type: ValueType
    readonly preview: string
    readonly note: string | null
  }
  /** Items of the selector, when the path is one below a selector. */
  readonly items: number | null
}

export interface FilterItem extends HashMatch {
  readonly kept: boolean
  readonly reason: Sentence
}

/** What a node filter keeps and drops. */
export interface FilterLook {
  readonly enabled: boolean
  /** Items that the selector found. */
  readonly items: number
  readonly kept: number
  readonly shown: readonly FilterItem[]
  /** PHP's throwable, when MISP aborts here. */
  readonly failure: string | null
  readonly summary: Sentence
}

/** A template over data, as MISP gets it from misp-modules. */
export interface TemplateLook {
  readonly text: string
  readonly error: {
    readonly type: string
    readonly message: string
    readonly line: number | null
    /** Which of the limits was reached. */
    readonly limit?: string
  } | null
  readonly characters: number
}

/** What a misp-modules service makes of a template; `same`: Retrace renders that text too. */
export type TemplateLive =
  { readonly text: string; readonly characters: number; readonly same: boolean } | { readonly error: string }

export interface TemplateCompletions {
  /** What an item replaces. */
  readonly from: number
  readonly to: number
  readonly items: readonly {
    readonly label: string
    readonly kind: string
    readonly detail: string
    readonly insert: string
  }[]
}

/** A module in a workflow of the workspace. */
export interface ModuleUse {
  readonly moduleId: string
  readonly workflowId: string
  readonly workflowName: string
  readonly nodeIds: readonly (string | number)[]
}

/** A trigger as MISP's table shows it. */
export interface TriggerRow {
  readonly definition: ModuleDefinition
  readonly enabled: boolean
  /** False when nobody said; Retrace then takes every trigger for enabled. */
  readonly enabledKnown: boolean
  readonly workflow: {
    readonly id: string
    readonly name: string
    readonly version: number
    readonly savedAt: string
    /** MISP's debug mode of the workflow; null when the workflow does not say. */
    readonly debug: boolean | null
    readonly counter: string | null
  } | null
  /** Other workflows of the workspace with this trigger: MISP has one. */
  readonly drafts: number
  readonly runs: number
  readonly lastRunAt: string | null
}

/** ok: it is so. problem: this keeps it from running. unknown: nobody said; `assumed` is what Retrace goes by. note: does not keep it, but matters. */
export type WhyNotState = 'ok' | 'problem' | 'note' | 'unknown'

export interface WhyNotCheck {
  readonly id: string
  readonly title: string
  readonly state: WhyNotState
  /** What is known, or what would happen. */
  readonly text: string
  readonly claims: readonly Claim[]
  readonly assumed: string | null
  /** How to look it up in MISP. */
  readonly lookUp: {
    readonly menu: string | null
    readonly setting: string | null
    readonly command: string | null
  }
}

export interface WhyNotReport {
  readonly checks: readonly WhyNotCheck[]
  readonly summary: string
  /** Of the summary. */
  readonly claims: readonly Claim[]
}
