// From which version of MISP a workflow comes, as far as its nodes tell: by triggers and modules that only some versions have, and by the
// versions of modules that it was saved with. MISP keeps the version of a node until somebody saves the workflow in its editor, so that an older
// one is what an update leaves behind; a newer one than a MISP has cannot be.
import { largest } from '../../contract/lists.ts'
import type { ProfileTrace } from '../../contract/profiles.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { dataOf, field, moduleOf, nodesOf } from '../graph/nodes.ts'
import { modulesOf } from '../modules/table.ts'
import { isMap } from '../php/values.ts'
import { profileIds } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { plainText, type JsonMap } from '../../contract/json.ts'

/** A trace that the engine made: its profiles are known ones. */
export interface Trace extends ProfileTrace {
  readonly profiles: readonly ProfileId[]
}

/** `2.5-newest and 2.5.19`. */
const namesOf = (profiles: readonly string[]): string =>
  profiles.length < 2 ? (profiles[0] ?? 'none') : `${profiles.slice(0, -1).join(', ')} and ${profiles.at(-1)}`

/** What some versions have or do: those are named, or the others where they are fewer. */
const told = (
  profiles: readonly string[],
  { only, no }: { readonly only: (names: string, one: boolean) => string; readonly no: typeof only }
): string => {
  const others = profileIds.filter((id) => !profiles.includes(id))
  return others.length > 0 && others.length < profiles.length
    ? no(namesOf(others), others.length === 1)
    : only(namesOf(profiles), profiles.length === 1)
}

/** Behind what a post says: "only those of MISP 2.5-newest and 2.5.19 do". */
export const postsOfOnly = (profiles: readonly string[]): string =>
  told(profiles, {
    only: (names) => `only those of MISP ${names} do`,
    no: (names) => `those of MISP ${names} do not`
  })

const hadByOnly = (profiles: readonly string[]): string =>
  told(profiles, {
    only: (names, one) => `only MISP ${names} ${one ? 'has' : 'have'}`,
    no: (names, one) => `MISP ${names} ${one ? 'does' : 'do'} not have`
  })

/** Of a module that a MISP does not have. */
const inOnly = (profiles: readonly string[]): string =>
  told(profiles, {
    only: (names, one) => `nor ${one ? 'does' : 'do'} MISP ${names}`,
    no: (names, one) => `which MISP ${names} ${one ? 'has' : 'have'}`
  })

const where = (fits: (profile: ProfileId) => boolean): readonly ProfileId[] => profileIds.filter(fits)

const tells = (profiles: readonly ProfileId[], all: number = profileIds.length): boolean =>
  profiles.length > 0 && profiles.length < all

/** What having a trigger or module says; null where every version has it, or none (a custom one). */
export function traceOfModule(type: string, id: string, at: string): Trace | null {
  const profiles = where((profile) => modulesOf(profile).find(type, id) !== undefined)
  return tells(profiles) ? { text: `${at} is ${id}, which ${hadByOnly(profiles)}.`, profiles, isOld: false } : null
}

/** `0.10` is later than `0.9`; null where one is no version. */
function compareVersions(a: string, b: string): number | null {
  const [left, right] = [a, b].map((one) => (/^\d{1,4}(\.\d{1,4}){0,3}$/.test(one) ? one.split('.').map(Number) : null))
  if (!left || !right) return null
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * What the version of a module says. A version that no profile has says nothing. `exact`: MISP itself lists it, so it is the one it has.
 */
export function traceOfVersion(
  { type, id, version }: { readonly type: string; readonly id: string; readonly version: string },
  at: string,
  exact = false
): Trace | null {
  const versionIn = (profile: ProfileId): string | undefined => modulesOf(profile).find(type, id)?.version
  const having = where((profile) => versionIn(profile) !== undefined)
  const same = having.filter((profile) => versionIn(profile) === version)
  if (!tells(same, having.length)) return null
  if (exact)
    return {
      text: `${at} has version ${version} of ${id}, the one of MISP ${namesOf(same)}.`,
      profiles: same,
      isOld: false
    }
  const reached = having.filter((profile) => (compareVersions(versionIn(profile) ?? '', version) ?? -1) >= 0)
  const saved = `${at} was saved with version ${version} of ${id}`
  if (!tells(reached, having.length)) {
    const kept = 'MISP keeps that until somebody saves the workflow in its editor'
    return { text: `${saved}, the one of MISP ${namesOf(same)}; ${kept}.`, profiles: same, isOld: true }
  }
  const older = having.filter((profile) => !reached.includes(profile))
  const lower = `MISP ${namesOf(older)} ${older.length === 1 ? 'has an older one' : 'have older ones'}`
  return { text: `${saved}; ${lower}.`, profiles: reached, isOld: false }
}

/** The first of each; a workflow of thousands of nodes says the same many times. */
const mostTraces = 200

/** With what each is about, whichever node says it. */
function traceNode(node: JsonMap): readonly (readonly [about: string, trace: Trace | null])[] {
  const { type, id } = moduleOf(node)
  const at = `Node ${plainText(field(node, 'id') ?? '?').slice(0, 20)}`
  const version = dataOf(node, 'module_version')
  const module = JSON.stringify([type, id])
  const told = [[module, traceOfModule(type, id, at)]] as const
  if (typeof version !== 'string') return told
  return [...told, [`${module} ${version}`, traceOfVersion({ type, id, version }, at)]]
}

/** What the nodes of a workflow say of the MISP that they were made in. */
export function tracesOf(graph: RawGraph): readonly Trace[] {
  const found: Trace[] = []
  const said = new Set<string>()
  for (const { node } of nodesOf(graph)) {
    // What is no node has no module, and MISP would not come so far.
    if (!isMap(node) || !isMap(node.data)) continue
    for (const [about, trace] of traceNode(node)) {
      if (trace === null || said.has(about)) continue
      said.add(about)
      found.push(trace)
    }
    if (found.length >= mostTraces) break
  }
  return found
}

export interface Recognised {
  readonly profile: ProfileId
  /** False: nothing speaks against the one that holds anyhow. */
  readonly isOther: boolean
  /** What speaks for it and against the one that holds anyhow, the strongest first. */
  readonly traces: readonly Trace[]
}

/**
 * The profile that traces point to. It is the one that holds anyhow, unless something speaks against that which an update does not
 * explain; then the one that most of them fit, the newest of several.
 * @param otherwise what holds without traces
 */
export function recognise(traces: readonly Trace[], otherwise: ProfileId): Recognised {
  const fits = (profile: ProfileId, isOld: boolean): number =>
    traces.filter((trace) => trace.isOld === isOld && trace.profiles.includes(profile)).length
  const against = (profile: ProfileId): readonly Trace[] => traces.filter(({ profiles }) => !profiles.includes(profile))
  if (!against(otherwise).some(({ isOld }) => !isOld))
    return { profile: otherwise, isOther: false, traces: against(otherwise) }
  const best = largest(profileIds.map((profile) => fits(profile, false)))
  const fitting = profileIds.filter((profile) => fits(profile, false) === best)
  if (fitting.includes(otherwise)) return { profile: otherwise, isOther: false, traces: against(otherwise) }
  const profile = fitting.reduce((a, b) => (fits(b, true) > fits(a, true) ? b : a))
  const speaking = against(otherwise).filter(({ profiles }) => profiles.includes(profile))
  return { profile, isOther: true, traces: [...speaking].sort((a, b) => Number(a.isOld) - Number(b.isOld)) }
}

/** The version that the id of a module or trigger alone points to; null where the one that holds anyhow has it, or none. */
export function recogniseId(id: string, otherwise: ProfileId): Recognised | null {
  if (modulesOf(otherwise).byId(id)) return null
  const traces = (['trigger', 'logic', 'action'] as const).flatMap(
    (type) => traceOfModule(type, id, type === 'trigger' ? 'The trigger' : 'The module') ?? []
  )
  const found = recognise(traces, otherwise)
  return found.isOther ? found : null
}

/** MISP has more of each in every version: a shorter list is none of all. */
const fewest = { trigger: 10, logic: 8, action: 15 } as const

/** What MISP's own lists of triggers and modules have and lack. */
export function tracesOfLists(rows: readonly JsonMap[]): readonly Trace[] {
  const found = new Map<string, Trace>()
  const take = (trace: Trace | null): void => void (trace && found.set(trace.text, trace))
  for (const type of ['trigger', 'logic', 'action'] as const) {
    const own = rows.filter((row) => row['module_type'] === type && row['is_misp_module'] !== true)
    for (const { id, version } of own) {
      if (typeof id !== 'string') continue
      take(traceOfModule(type, id, 'A module of this MISP'))
      if (typeof version === 'string') take(traceOfVersion({ type, id, version }, 'This MISP', true))
    }
    if (own.length < fewest[type]) continue
    for (const trace of lacking(type, new Set(own.map(({ id }) => plainText(id ?? ''))))) take(trace)
  }
  return [...found.values()]
}

function lacking(type: 'trigger' | 'logic' | 'action', ids: ReadonlySet<string>): readonly Trace[] {
  const all = new Set(
    profileIds.flatMap((profile) => {
      const { modules_trigger, modules_logic, modules_action } = modulesOf(profile).list()
      const listed = type === 'trigger' ? modules_trigger : type === 'logic' ? modules_logic : modules_action
      return listed.map(({ id }) => id)
    })
  )
  return [...all].flatMap((id): Trace[] => {
    if (ids.has(id)) return []
    const profiles = where((profile) => modulesOf(profile).find(type, id) === undefined)
    return tells(profiles)
      ? [{ text: `This MISP does not have ${id}, ${inOnly(profiles)}.`, profiles, isOld: false }]
      : []
  })
}
