// Which changes of MISP make a workflow run otherwise under another version: found by trying. The older run is made again with one change of the
// newer at a time until it does what the newer did; what no change brings about cannot be told.
import type { VersionRule } from '../../../contract/profiles.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { moduleOf, nodesOf } from '../../../engine/graph/nodes.ts'
import { isMap } from '../../../engine/php/values.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { engineDifferences, engineRule, pathBetween } from '../../../engine/profiles/rules.ts'
import type { EngineKey } from '../../../engine/profiles/rules.ts'
import { compareRuns } from '../../../engine/replay/compare/compare-runs.ts'
import type { Compared } from '../../../engine/replay/compare/compare-runs.ts'
import { partingOf } from '../../../engine/replay/compare/parting.ts'
import type { Parting } from '../../../engine/replay/compare/parting.ts'
import type { ComparedRun } from '../../../engine/replay/compare/side.ts'
import type { Mixed } from '../../../engine/run/input.ts'
import { isOfMisp, isSame, rulesOf } from './module-versions.ts'
import type { Versions } from './module-versions.ts'
import type { Rig } from './rig.ts'

/** One thing that differs, as it is mixed into a run: a rule of the engine, or the version of one module. */
type Suspect = { readonly key: EngineKey } | { readonly type: string; readonly id: string; readonly in: ProfileId }

export interface Causes {
  /** What brings about that they part where they do; several: only together. Empty: it could not be told. */
  readonly rules: readonly VersionRule[]
  /** What it takes besides until the end is the other one, too; null: it could not be told. */
  readonly endRules: readonly VersionRule[] | null
}

/** `others`: workflows that the run may start. */
function suspectsOf(workflows: readonly RawWorkflow[], versions: Versions): readonly Suspect[] {
  const modules = new Map<string, Suspect>()
  for (const { node } of workflows.flatMap(({ data }) => nodesOf(data))) {
    if (!isMap(node) || !isMap(node.data)) continue
    const { type, id } = moduleOf(node)
    if (isOfMisp(versions, type, id) && !isSame(versions, type, id))
      modules.set(`${type}/${id}`, { type, id, in: versions.to })
  }
  return [...modules.values(), ...engineDifferences(versions.from, versions.to).map((key) => ({ key }))]
}

function mixOf(suspects: readonly Suspect[], to: ProfileId): Mixed {
  const keys = suspects.flatMap((one) => ('key' in one ? [one.key] : []))
  const modules = suspects.flatMap((one) => ('key' in one ? [] : [[`${one.type}/${one.id}`, one.in] as const]))
  return { rules: Object.fromEntries(keys.map((key) => [key, profiles[to][key]])), modules: new Map(modules) }
}

/** More are not tried: each is a run. */
const mostSuspects = 80

/** @param compared the run under the older version against the run under the newer */
export async function causesOf(
  rig: Rig,
  workflows: readonly RawWorkflow[],
  versions: Versions,
  parted: { readonly compared: Compared; readonly parting: Parting }
): Promise<Causes> {
  const { compared, parting } = parted
  const after = compared.b.run
  const place = placeInB(compared, parting)
  // Only what came of each is kept: runs on large events are large.
  const known = new Map<string, { readonly goes: boolean; readonly ends: boolean }>()
  const verdictOf = async (some: readonly Suspect[]) => {
    const key = JSON.stringify(some)
    const before = known.get(key)
    if (before) return before
    const run = await rig.run({ profile: versions.from, mixed: mixOf(some, versions.to) })
    const goes = goesAs(run, after, place)
    const verdict = { goes, ends: goes && endKey(run) === endKey(after) }
    known.set(key, verdict)
    return verdict
  }
  const goesThere: Test = async (some) => (await verdictOf(some)).goes
  const endsThere: Test = async (some) => (await verdictOf(some)).ends
  const all = suspectsOf(workflows, versions).slice(0, mostSuspects)
  const needed = await fewest(all, [], goesThere)
  if (needed === null) return { rules: [], endRules: null }
  /** Of `some`, which all together do it. */
  const named = async (
    of: readonly Suspect[],
    some: readonly Suspect[],
    test: Test
  ): Promise<readonly VersionRule[]> => {
    const rules: (readonly VersionRule[])[] = []
    for (const one of of) rules.push(await ruleOf(one, some, versions, test))
    return rules.flat()
  }
  const rules = await named(needed, needed, goesThere)
  if (endKey(compared.a.run) === endKey(after)) return { rules, endRules: [] }
  const more = await fewest(all, needed, endsThere)
  if (more === null) return { rules, endRules: null }
  const others = more.filter((one) => !needed.includes(one))
  return { rules, endRules: await named(others, more, endsThere) }
}

type Test = (some: readonly Suspect[]) => Promise<boolean>

/** The first that alone does it beside `base`, else the fewest that are left when those are taken away that it does not need; null: nothing does. */
async function fewest(
  all: readonly Suspect[],
  base: readonly Suspect[],
  test: Test
): Promise<readonly Suspect[] | null> {
  if (base.length > 0 && (await test(base))) return base
  const others = all.filter((one) => !base.includes(one))
  for (const one of others) if (await test([...base, one])) return [...base, one]
  if (!(await test(all))) return null
  let needed = all
  for (const one of others) {
    const fewer = needed.filter((other) => other !== one)
    if (await test(fewer)) needed = fewer
  }
  return needed
}

/** The rule of one of those that are needed. A module may have changed more than once: its first version that does it tells which change it was. */
async function ruleOf(
  one: Suspect,
  some: readonly Suspect[],
  { from, to }: Versions,
  test: Test
): Promise<readonly VersionRule[]> {
  if ('key' in one) return [engineRule(one.key, from, to)]
  const { type, id } = one
  const rest = some.filter((other) => other !== one)
  const steps = pathBetween(from, to)
    .slice(1)
    .filter((version, i) => !isSame({ from: pathBetween(from, to)[i] as ProfileId, to: version }, type, id))
  const [only, ...others] = steps
  if (only === undefined || others.length === 0) return rulesOf({ from, to }, type, id)
  for (const version of steps) {
    const before = pathBetween(from, to)[pathBetween(from, to).indexOf(version) - 1] as ProfileId
    if (version === steps.at(-1) || (await test([...rest, { type, id, in: version }])))
      return rulesOf({ from: before, to: version }, type, id)
  }
  return []
}

/** A step of the newer run: the one at which they part, or the one that would have been next. */
function placeInB({ rows }: Pick<Compared, 'rows'>, { row }: Pick<Parting, 'row'>): number {
  if (row === null) return Infinity
  const own = rows[row]?.b ?? null
  return own ?? rows.slice(0, row).reduce((most, { b }) => Math.max(most, b ?? 0), 0) + 1
}

/** Whether a run does the same as another up to a step of that, the step included; behind its last step: all the way. */
function goesAs(run: ComparedRun, other: ComparedRun, step: number): boolean {
  const compared = compareRuns(run, other, { data: false })
  const parting = partingOf(compared)
  if (parting === null) return true
  return step <= other.fold.steps.length && placeInB(compared, parting) > step
}

const endKey = ({ fold: { finished } }: ComparedRun): string =>
  JSON.stringify([finished?.outcome ?? null, finished?.throwable?.class ?? null])
