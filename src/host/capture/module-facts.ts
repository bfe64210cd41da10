// What the module of a post is, by its id alone: posts do not tell the type.
import type { ActionFacts, LogicFacts } from '../../engine/modules/facts.ts'
import { factsOf, findBuiltIn, idsWhere } from '../../engine/modules/table.ts'

const formerIds = new Map(
  idsWhere('logic', ({ formerId }) => formerId !== undefined).map((id) => [factsOf('logic', id)?.formerId, id])
)

const logicFacts = (moduleId: string): LogicFacts | undefined => factsOf('logic', formerIds.get(moduleId) ?? moduleId)

const nodeFacts = (moduleId: string): LogicFacts | ActionFacts | undefined =>
  logicFacts(moduleId) ?? factsOf('action', moduleId)

/** A logic module that MISP ships, also under the id that it had before. */
export const isLogic = (moduleId: string): boolean => logicFacts(moduleId) !== undefined

/** Where a logic module goes: see LogicFacts. Undefined for any other module. */
export const branchesOf = (moduleId: string): LogicFacts['branches'] | undefined => logicFacts(moduleId)?.branches

export const isShipped = (moduleId: string): boolean => nodeFacts(moduleId) !== undefined

/** Whether a module may store roaming data, so that the next post holds other data; null for a module that nobody knows. */
export const changesData = (moduleId: string): boolean | null => nodeFacts(moduleId)?.changesData ?? null

/** Whether a module ends the walk when it fails; null for a module that nobody knows. */
export const isBlocking = (moduleId: string): boolean | null =>
  isShipped(moduleId) ? (findBuiltIn('action', moduleId)?.blocking ?? false) : null

/** Shipped actions that can make MISP run a trigger's workflow, whatever their parameters. */
const firing = (triggerId: string): ReadonlySet<string> =>
  new Set(idsWhere('action', ({ fires }) => fires({ scope: 'all' }).some(({ trigger }) => trigger === triggerId)))

/**
 * By trigger: which modules make MISP run its workflow inside the run that fires it, because its trigger is blocking. Modules of a
 * misp-modules service may query too.
 */
export const firingInside: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  idsWhere('trigger', () => true)
    .filter((id) => findBuiltIn('trigger', id)?.blocking === true)
    .map((id) => [id, firing(id)] as const)
    .filter(([, modules]) => modules.size > 0)
)
