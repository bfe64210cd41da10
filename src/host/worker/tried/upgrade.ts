// A workflow under two versions of MISP: what is told without running it, and one run under both.
import type { DataSource, RunOptionsInput } from '../../../contract/operations.ts'
import type { TriedRun } from '../../../contract/tried.ts'
import type { UpgradeLook, UpgradeModule } from '../../../contract/upgrade.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { importReport } from '../../../engine/check/import-report.ts'
import { field, moduleOf, nodesOf } from '../../../engine/graph/nodes.ts'
import { extractTriggerId } from '../../../engine/graph/walk-helpers.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { phpInt } from '../../../engine/php/cast.ts'
import { isMap } from '../../../engine/php/values.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { moduleTable } from '../runs/module-table.ts'
import type { RunBook } from '../runs/run-book.ts'
import { problemsOf } from '../runs/workflow-check.ts'
import type { Refs } from '../thread/protocol.ts'
import { causesOf } from './causes.ts'
import { isOfMisp, isSame, rulesOf } from './module-versions.ts'
import type { Versions } from './module-versions.ts'
import { comparePair } from './pair.ts'
import { othersOf, rigFor } from './rig.ts'

function changedModules(workflow: RawWorkflow, versions: Versions): readonly UpgradeModule[] {
  return nodesOf(workflow.data).flatMap(({ node }): UpgradeModule[] => {
    if (!isMap(node) || !isMap(node.data)) return []
    const { type, id: moduleId } = moduleOf(node)
    if (!isOfMisp(versions, type, moduleId) || isSame(versions, type, moduleId)) return []
    const [before, after] = [versions.from, versions.to].map(
      (profile) => modulesOf(profile).find(type, moduleId)?.version ?? null
    ) as [string | null, string | null]
    const state = before === null ? 'new' : after === null ? 'gone' : 'changed'
    const rules = rulesOf(versions, type, moduleId)
    return [{ nodeId: phpInt(field(node, 'id')), moduleId, state, before, after, rules }]
  })
}

const keyOf = ({ code, nodeIds, message }: WorkflowProblem): string => JSON.stringify([code, nodeIds, message])

/** What is told of it in one that is not told in the other. */
const only = (of: readonly WorkflowProblem[], than: readonly WorkflowProblem[]): readonly WorkflowProblem[] => {
  const known = new Set(than.map(keyOf))
  return of.filter((one) => !known.has(keyOf(one)))
}

export async function lookAtUpgrade(
  workflow: RawWorkflow,
  versions: Versions,
  given: RunOptionsInput,
  refs: Refs
): Promise<UpgradeLook> {
  const said = async (profile: ProfileId): Promise<readonly WorkflowProblem[]> => {
    const options = { ...(refs.world ? { world: refs.world } : {}), ...given, profile }
    return problemsOf(workflow, options, refs.settings, [], (await moduleTable(refs, profile)).added)
  }
  const [before, after] = [await said(versions.from), await said(versions.to)]
  const gone = (profile: ProfileId) => importReport(workflow.data, modulesOf(profile).find).goneParams
  const unknownBefore = new Map(gone(versions.from).map(({ nodeId, params }) => [nodeId, params]))
  return {
    modules: changedModules(workflow, versions),
    // What the version before did not know either is not gone, and a module that is new had none.
    goneParams: gone(versions.to).flatMap((one) => {
      const params = one.params.filter((name) => unknownBefore.get(one.nodeId)?.includes(name) !== true)
      const isNew = modulesOf(versions.from).byId(one.moduleId) === undefined
      return isNew || params.length === 0 ? [] : [{ ...one, params }]
    }),
    warnings: only(after, before),
    warningsGone: only(before, after)
  }
}

/** One run of it under both versions. */
export async function compareVersions(
  workflow: RawWorkflow,
  data: DataSource,
  { from, to }: Versions,
  given: RunOptionsInput,
  at: { readonly book: RunBook; readonly refs: Refs }
): Promise<TriedRun> {
  const trigger = extractTriggerId(workflow.data)
  const knows = (profile: ProfileId): boolean =>
    typeof trigger === 'string' && modulesOf(profile).find('trigger', trigger) !== undefined
  if (!knows(from) || !knows(to)) return withoutTrigger(String(trigger), { from, to }, [knows(from), knows(to)])
  const workflows = [workflow, ...othersOf(at.refs).map(({ data }) => ({ data }) as RawWorkflow)]
  return comparePair(async () => {
    const rig = (await rigFor(workflow, given, at))(data)
    const [before, after] = [await rig.run({ profile: from }), await rig.run({ profile: to })]
    return { before, after, causes: (parted) => causesOf(rig, workflows, { from, to }, parted) }
  })
}

function withoutTrigger(trigger: string, versions: Versions, [before, after]: readonly [boolean, boolean]): TriedRun {
  if (!before && !after) return { state: 'refused', why: `No version of MISP has the trigger ${trigger}.` }
  const said = (has: boolean): string => (has ? 'runs' : 'no such trigger')
  return {
    ...{ state: 'different', outcomes: [null, null], nodeId: null, before: said(before), after: said(after) },
    ...{ kind: [said(before), said(after)], endRules: [] },
    rules: rulesOf(versions, 'trigger', trigger)
  }
}
