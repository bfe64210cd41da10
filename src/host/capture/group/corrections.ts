// What a person changed about the grouping. Each change says where posts belong, so moving, splitting and merging are one thing;
// changes are only ever added, also the taking back of one, and are applied again after every regrouping.

export interface Correction {
  readonly id: number
  /** ISO 8601. */
  readonly at: string
  readonly kind: 'move' | 'split' | 'merge'
  readonly posts: readonly number[]
  /** Run that they belong to from now on; null: to none. */
  readonly to: string | null
}

export type CorrectionLine = Correction | { readonly undo: number; readonly at: string }

/** Corrections that hold: those that were not taken back, in order. */
export function effective(lines: readonly CorrectionLine[]): Correction[] {
  const undone = new Set(lines.flatMap((line) => ('undo' in line ? [line.undo] : [])))
  return lines.flatMap((line) => ('undo' in line || undone.has(line.id) ? [] : [line]))
}

/** The last correction that can be taken back. */
export const lastCorrection = (lines: readonly CorrectionLine[]): Correction | null => effective(lines).at(-1) ?? null

export interface Corrected {
  /** Posts of every run that corrections touch, by run id; an empty list: the run is gone. */
  readonly runs: ReadonlyMap<string, readonly (readonly [seq: number, job: number])[]>
  /** Posts that were taken out of all runs. */
  readonly removed: ReadonlySet<number>
}

/**
 * Applies corrections to what grouping found. `runOf` returns the run and branch of a post, `postsOf` the posts of a run, both as
 * grouped.
 */
export function applyCorrections(
  corrections: readonly Correction[],
  runOf: (seq: number) => string | null,
  postsOf: (runId: string) => readonly (readonly [seq: number, job: number])[] | null
): Corrected {
  const place = new Map<number, string | null>()
  const touched = new Set<string>()
  for (const { posts, to } of corrections) {
    for (const seq of posts) {
      const from = place.has(seq) ? place.get(seq) : runOf(seq)
      if (from !== null && from !== undefined) touched.add(from)
      if (to !== null) touched.add(to)
      place.set(seq, to)
    }
  }
  const runs = new Map<string, (readonly [number, number])[]>()
  for (const id of touched)
    runs.set(
      id,
      (postsOf(id) ?? []).filter(([seq]) => !place.has(seq))
    )
  const jobs = new Map<number, number>()
  for (const id of touched) for (const [seq, job] of postsOf(id) ?? []) jobs.set(seq, job)
  for (const [seq, to] of place)
    if (to !== null) runs.get(to)!.push([seq, runOf(seq) === to ? (jobs.get(seq) ?? 0) : 0])
  for (const list of runs.values()) list.sort((a, b) => a[0] - b[0])
  return { runs, removed: new Set([...place].flatMap(([seq, to]) => (to === null ? [seq] : []))) }
}
