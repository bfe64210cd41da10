// Which parts of a workflow have run: nodes, connections, both sides of every condition and of each alternative inside it.

/** How often a condition held and did not, and each value that it asks for was found and was not. */
export interface ConditionCoverage {
  readonly true: number
  readonly false: number
  /** By value; empty where the condition has fewer than two. */
  readonly alternatives: Readonly<Record<string, number>>
  readonly without: Readonly<Record<string, number>>
}

export interface Hits {
  readonly nodes: Readonly<Record<string, number>>
  /** `1.output_1->2`. */
  readonly edges: Readonly<Record<string, number>>
  /** By node id. */
  readonly conditions: Readonly<Record<string, ConditionCoverage>>
}

export interface Coverage extends Hits {
  /** Of nodes, connections and sides, rounded down: 100 only where nothing is missing. */
  readonly percent: number
  readonly covered: number
  readonly total: number
  /** Runs that were counted, and what was no input or no run of this workflow. */
  readonly runs: number
  readonly leftOut: number
}

type Counts = Readonly<Record<string, number>>

const addCounts = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(Object.entries(a).map(([key, count]) => [key, count + (b[key] ?? 0)]))

const addConditions = (a: ConditionCoverage, b: ConditionCoverage | undefined): ConditionCoverage =>
  b === undefined
    ? a
    : {
        ...{ true: a.true + b.true, false: a.false + b.false },
        alternatives: addCounts(a.alternatives, b.alternatives),
        without: addCounts(a.without, b.without)
      }

/** What of `b` the workflow of `a` does not have is left out. */
export const addHits = (a: Hits, b: Hits): Hits => ({
  nodes: addCounts(a.nodes, b.nodes),
  edges: addCounts(a.edges, b.edges),
  conditions: Object.fromEntries(
    Object.entries(a.conditions).map(([id, one]) => [id, addConditions(one, b.conditions[id])])
  )
})

/** Every count that can be zero. */
const countsOf = ({ nodes, edges, conditions }: Hits): readonly number[] => [
  ...Object.values(nodes),
  ...Object.values(edges),
  ...Object.values(conditions).flatMap((one) => [
    one.true,
    one.false,
    ...Object.values(one.alternatives),
    ...Object.values(one.without)
  ])
]

export function coverageOf(hits: Hits, runs: number, leftOut: number): Coverage {
  const counts = countsOf(hits)
  const covered = counts.filter((count) => count > 0).length
  const total = counts.length
  const percent = total === 0 ? 100 : Math.floor((100 * covered) / total)
  return { percent, covered, total, ...hits, runs, leftOut }
}
