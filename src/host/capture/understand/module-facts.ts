// What the module of a post is, by its id alone: posts do not tell the type. The version of MISP that posted is not told either, so a
// module that the usual one does not have is looked for in the others.
import type { JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { ActionFacts, LogicFacts } from '../../../engine/modules/facts.ts'
import { isAdHocId } from '../../../engine/modules/ad-hoc/definition.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { defaultProfile, profileIds } from '../../../engine/profiles/profiles.ts'

const tables = [...new Set([defaultProfile, ...profileIds])].map(modulesOf)

const first = <T>(ask: (table: (typeof tables)[number]) => T | undefined): T | undefined => {
  for (const table of tables) {
    const found = ask(table)
    if (found !== undefined) return found
  }
  return undefined
}

/** A shipped module by id alone, of whichever version has it. */
export const anyModule = (moduleId: string): ModuleDefinition | undefined => first((table) => table.byId(moduleId))

/** Parameters with which a trigger's workflow runs on whatever comes; null for one that has none. */
export const widestParams = (triggerId: string): JsonMap | null =>
  first((table) => table.facts('trigger', triggerId))?.widest ?? null

const formerIds = new Map(
  tables.flatMap((table) =>
    table
      .idsWhere('logic', ({ formerId }) => formerId !== undefined)
      .map((id) => [table.facts('logic', id)?.formerId, id] as const)
  )
)

const logicFacts = (moduleId: string): LogicFacts | undefined =>
  first((table) => table.facts('logic', formerIds.get(moduleId) ?? moduleId))

const nodeFacts = (moduleId: string): LogicFacts | ActionFacts | undefined =>
  logicFacts(moduleId) ?? first((table) => table.facts('action', moduleId))

/** A logic module that MISP ships, also under the id that it had before. */
export const isLogic = (moduleId: string): boolean => logicFacts(moduleId) !== undefined

/** Where a logic module goes: see LogicFacts. Undefined for any other module. */
export const branchesOf = (moduleId: string): LogicFacts['branches'] | undefined => logicFacts(moduleId)?.branches

export const isShipped = (moduleId: string): boolean => nodeFacts(moduleId) !== undefined

/** Whether a module may store roaming data, so that the next post holds other data; null for a module that nobody knows. */
export const changesData = (moduleId: string): boolean | null => nodeFacts(moduleId)?.changesData ?? null

/** Whether a module ends the walk when it fails; null for a module that nobody knows. */
export const isBlocking = (moduleId: string): boolean | null =>
  isShipped(moduleId) ? (first((table) => table.find('action', moduleId))?.blocking ?? false) : null

/** Shipped actions that can make MISP run a trigger's workflow, whatever their parameters. */
const firing = (triggerId: string): ReadonlySet<string> =>
  new Set(
    tables.flatMap((table) =>
      table.idsWhere('action', ({ fires }) => fires({ scope: 'all' }).some(({ trigger }) => trigger === triggerId))
    )
  )

/**
 * By trigger: which modules make MISP run its workflow inside the run that fires it, because its trigger is blocking. Modules of a
 * misp-modules service may query too.
 */
const firingInside: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...new Set(tables.flatMap((table) => table.idsWhere('trigger', () => true)))]
    .filter((id) => anyModule(id)?.blocking === true)
    .map((id) => [id, firing(id)] as const)
    .filter(([, modules]) => modules.size > 0)
)

const startingAdHoc: ReadonlySet<string> = new Set(
  tables.flatMap((table) => table.idsWhere('action', ({ startsAdHoc }) => startsAdHoc === true))
)

/** Modules that make MISP run the workflow of a trigger inside the run that they are of; null where none does. */
export const firersOf = (triggerId: string): ReadonlySet<string> | null =>
  isAdHocId(triggerId) ? startingAdHoc : (firingInside.get(triggerId) ?? null)
