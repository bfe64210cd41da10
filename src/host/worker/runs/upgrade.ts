// A workflow under two versions of MISP: what is told without running it, and one run under both.
import { CodedError } from '../../../contract/errors.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { UpgradeLook, UpgradeModule, UpgradeRule, UpgradeRun } from '../../../contract/upgrade.ts'
import type { DataSource, RunOptionsInput } from '../../../contract/operations.ts'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { importReport } from '../../../engine/check/import-report.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { field, moduleOf, nodesOf, phpInt } from '../../../engine/graph/nodes.ts'
import { isMap } from '../../../engine/php/values.ts'
import { codeOf } from '../../../engine/modules/implementations.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { engineDifferences, engineRule, moduleRulesOf } from '../../../engine/profiles/rules.ts'
import type { EngineKey } from '../../../engine/profiles/rules.ts'
import { firstDifference } from '../../../engine/replay/first-difference.ts'
import { extractTriggerId } from '../../../engine/graph/walk-helpers.ts'
import type { Mixed, RunInput } from '../../../engine/run/input.ts'
import { createRun } from '../../../engine/run/start.ts'
import { drive } from '../../../engine/run/walk/driver.ts'
import type { Ports } from '../../../engine/effects/ports.ts'
import { isLive } from '../effects/live-choice.ts'
import { prepareEffects } from '../effects/prepare.ts'
import { noHalt } from '../thread/halt.ts'
import type { Refs } from '../thread/protocol.ts'
import { inputFrom } from '../values/data-source.ts'
import { customModulesOf } from './custom-modules.ts'
import { moduleTable } from './module-table.ts'
import type { RunBook } from './run-book.ts'
import { buildRunInput } from './run-input.ts'
import { withWorld } from './with-world.ts'
import { problemsOf } from './workflow-check.ts'

export interface Versions {
  readonly from: ProfileId
  readonly to: ProfileId
}

const isOfMisp = ({ from, to }: Versions, type: string, id: string): boolean =>
  modulesOf(from).find(type, id) !== undefined || modulesOf(to).find(type, id) !== undefined

/** Whether a shipped module is the same in both. */
function isSame({ from, to }: Versions, type: string, id: string): boolean {
  const [before, after] = [modulesOf(from).find(type, id), modulesOf(to).find(type, id)]
  if (!before || !after) return before === after
  return JSON.stringify(before) === JSON.stringify(after) && codeOf(from).isSame(type, id, codeOf(to))
}

/** How a module differs, as far as that has a name. */
function rulesOf({ from, to }: Versions, type: string, id: string): readonly UpgradeRule[] {
  const known = moduleRulesOf(id, from, to).map(({ name, text }) => ({ name, text }))
  if (known.length > 0) return known
  const [before, after] = [from, to].map((one) => modulesOf(one).find(type, id) !== undefined)
  if (before && !after) return [{ name: id, text: `MISP ${to} does not have it.` }]
  if (!before && after) return [{ name: id, text: `MISP ${from} does not have it.` }]
  return [{ name: id, text: 'Another version of the module.' }]
}

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
  const knownGone = new Set(gone(versions.from).map((one) => JSON.stringify(one)))
  return {
    modules: changedModules(workflow, versions),
    goneParams: gone(versions.to).filter((one) => !knownGone.has(JSON.stringify(one))),
    warnings: only(after, before),
    warningsGone: only(before, after)
  }
}

interface Under {
  readonly profile: ProfileId
  readonly mixed?: Mixed
}

/** Runs it again and again, each time under other rules. */
interface Rig {
  readonly run: (under: Under) => Promise<readonly RunEvent[]>
}

/** Nothing leaves: effects are answered as in a dry run, and both draw the same ids. */
async function rigFor(
  workflow: RawWorkflow,
  data: DataSource,
  given: RunOptionsInput,
  { book, refs }: { readonly book: RunBook; readonly refs: Refs }
): Promise<Rig> {
  const { effects, ...others } = given
  const dry = effects && !isLive(effects) ? given : others
  const customModules = await customModulesOf(refs)
  const own = extractTriggerId(workflow.data)
  const inputs = new Map<ProfileId, { readonly input: RunInput; readonly ports: Ports }>()
  const inputFor = async (profile: ProfileId) => {
    const known = inputs.get(profile)
    if (known) return known
    const full = await withWorld({ ...dry, profile }, refs)
    const brought = await inputFrom(book, data, { trigger: typeof own === 'string' ? own : null, options: full, refs })
    const { options, ports, ...around } = await prepareEffects({
      ...{ book, refs, data: brought.data, customModules, options: full }
    })
    const settings = refs.settings ? { settings: refs.settings } : {}
    const others = refs.workflows?.map((other, i) => parseWorkflow(other, `workflow ${i + 1} of the workspace`))
    const workflows = others ? { workflows: others } : {}
    const input = buildRunInput({ workflow, brought, options, ...around, ...settings, ...workflows, runId: 'upgrade' })
    inputs.set(profile, { input, ports })
    return { input, ports }
  }
  // Of the data both get the same: what is made up must not differ.
  const now = Math.floor(Date.now() / 1000)
  return {
    async run({ profile, mixed }) {
      const { input, ports } = await inputFor(profile)
      const events: RunEvent[] = []
      let ids = 0
      const fixed = { ...ports, uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}` }
      const options = { now, ...input.options, profile, ...(mixed ? { mixed } : {}) }
      const halt = refs.halt ?? noHalt
      const stepper = createRun({ ...input, options }, { ...fixed, breath: () => halt.check() }, (event) =>
        events.push(event)
      )
      const perform = (): Promise<never> =>
        Promise.reject(new CodedError('LIVE_NOT_CONFIRMED', 'Nothing is live here.'))
      await drive(stepper, { perform, breathe: () => halt.breathe(), stopped: () => halt.asked })
      halt.check()
      return events
    }
  }
}

/** One thing that differs, as it is mixed into a run. */
interface Suspect {
  readonly rule: UpgradeRule
  readonly keys: readonly EngineKey[]
  readonly modules: readonly string[]
}

function suspectsOf(workflow: RawWorkflow, versions: Versions): readonly Suspect[] {
  const byName = new Map<string, { rule: UpgradeRule; keys: EngineKey[]; modules: string[] }>()
  const put = ({ name, text }: UpgradeRule): { keys: EngineKey[]; modules: string[] } => {
    const known = byName.get(name) ?? { rule: { name, text }, keys: [], modules: [] }
    byName.set(name, known)
    return known
  }
  for (const { node } of nodesOf(workflow.data)) {
    if (!isMap(node) || !isMap(node.data)) continue
    const { type, id } = moduleOf(node)
    if (!isOfMisp(versions, type, id) || isSame(versions, type, id)) continue
    const [rule] = rulesOf(versions, type, id)
    if (rule) put(rule).modules.push(`${type}/${id}`)
  }
  for (const key of engineDifferences(versions.from, versions.to)) put(engineRule(key)).keys.push(key)
  return [...byName.values()]
}

function mixOf(suspects: readonly Suspect[], to: ProfileId): Mixed {
  const keys = suspects.flatMap((one) => one.keys)
  return {
    rules: Object.fromEntries(keys.map((key) => [key, profiles[to][key]])),
    modules: new Map(suspects.flatMap((one) => one.modules.map((module) => [module, to] as const)))
  }
}

const mostSuspects = 60

/** Which rules bring the difference about: one that alone does it, else the fewest that are left when those are taken away that it does not need. */
async function findRules(
  rig: Rig,
  suspects: readonly Suspect[],
  { from, to }: Versions,
  after: readonly RunEvent[]
): Promise<readonly UpgradeRule[]> {
  const isAsAfter = async (some: readonly Suspect[]): Promise<boolean> => {
    const { parting } = firstDifference(await rig.run({ profile: from, mixed: mixOf(some, to) }), after)
    return parting === null
  }
  const all = suspects.slice(0, mostSuspects)
  for (const one of all) if (await isAsAfter([one])) return [one.rule]
  if (!(await isAsAfter(all))) return []
  let needed = all
  for (const one of all) {
    const fewer = needed.filter((other) => other !== one)
    if (await isAsAfter(fewer)) needed = fewer
  }
  return needed.map(({ rule }) => rule)
}

/** One run of it under both versions. */
export async function compareVersions(
  workflow: RawWorkflow,
  data: DataSource,
  { from, to }: Versions,
  given: RunOptionsInput,
  at: { readonly book: RunBook; readonly refs: Refs }
): Promise<UpgradeRun> {
  const trigger = extractTriggerId(workflow.data)
  const knows = (profile: ProfileId): boolean =>
    typeof trigger === 'string' && modulesOf(profile).find('trigger', trigger) !== undefined
  if (!knows(from) || !knows(to)) return withoutTrigger(String(trigger), { from, to }, [knows(from), knows(to)])
  let rig: Rig
  let before: readonly RunEvent[]
  let after: readonly RunEvent[]
  try {
    rig = await rigFor(workflow, data, given, at)
    before = await rig.run({ profile: from })
    after = await rig.run({ profile: to })
  } catch (error) {
    if (error instanceof CodedError && error.code.startsWith('INPUT_')) return { state: 'refused', why: error.message }
    throw error
  }
  const { parting, dataAt, outcomes } = firstDifference(before, after)
  if (parting === null) return { state: 'same', outcome: outcomes[1], dataAt }
  const rules = await findRules(rig, suspectsOf(workflow, { from, to }), { from, to }, after)
  return { state: 'different', outcomes, ...parting, rules }
}

function withoutTrigger(trigger: string, versions: Versions, [before, after]: readonly [boolean, boolean]): UpgradeRun {
  if (!before && !after) return { state: 'refused', why: `No version of MISP has the trigger ${trigger}.` }
  const said = (has: boolean): string => (has ? 'runs' : 'no such trigger')
  return {
    ...{ state: 'different', outcomes: [null, null], nodeId: null, before: said(before), after: said(after) },
    rules: rulesOf(versions, 'trigger', trigger)
  }
}
