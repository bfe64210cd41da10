import type { TriedReport, TriedRun } from '../../contract/tried.ts'
import type { UpgradeGroup } from '../../contract/upgrade.ts'

const mostExamples = 5

/** Runs that differ in the same way, at the same node, to the same ends are one group; the largest first. */
export function countRuns(runs: readonly (readonly [name: string, run: TriedRun])[]): TriedReport<UpgradeGroup> {
  const groups = new Map<string, UpgradeGroup>()
  let [same, onlyData, refused] = [0, 0, 0]
  for (const [name, run] of runs) {
    if (run.state === 'refused') refused++
    else if (run.state === 'same') {
      same++
      if (run.dataAt !== null) onlyData++
    } else {
      const { nodeId, kind, rules, endRules, outcomes } = run
      const key = JSON.stringify([nodeId, kind, rules, endRules, outcomes])
      const known = groups.get(key)
      const { count, examples } = known ?? { count: 0, examples: [] }
      const shown = examples.length < mostExamples ? [...examples, name] : examples
      // What holds of one of them only is not said of all.
      const isOne = known === undefined || (known.before === run.before && known.after === run.after)
      const [before, after] = isOne ? [run.before, run.after] : kind
      groups.set(key, { nodeId, before, after, rules, endRules, outcomes, count: count + 1, examples: shown })
    }
  }
  return { same, onlyData, refused, groups: [...groups.values()].sort((a, b) => b.count - a.count) }
}
