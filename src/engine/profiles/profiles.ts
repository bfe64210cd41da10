// The MISP versions whose behaviour Retrace has, and which of them stands for a version in between.
import { misp24177 } from './misp-2.4.177.ts'
import { misp24198 } from './misp-2.4.198.ts'
import { misp25newest } from './misp-2.5-newest.ts'
import { misp2519 } from './misp-2.5.19.ts'
import { misp251 } from './misp-2.5.1.ts'
import type { Profile } from './profile.ts'

/** Newest first, as they are listed. */
export const profileIds = ['2.5-newest', '2.5.19', '2.5.1', '2.4.198', '2.4.177'] as const
export type ProfileId = (typeof profileIds)[number]
/** What holds where nobody says anything: a command line without a workspace, a workspace from before there were profiles. */
export const defaultProfile: ProfileId = '2.5.1'
export const newestProfile: ProfileId = profileIds[0]

const from2519 = { ...misp251, ...misp2519, id: '2.5.19' }
const from24198 = { ...misp251, ...misp24198, id: '2.4.198' }

export const profiles: { readonly [id in ProfileId]: Profile } = {
  '2.5-newest': { ...from2519, ...misp25newest, id: '2.5-newest' },
  '2.5.19': from2519,
  '2.5.1': misp251,
  '2.4.198': from24198,
  '2.4.177': { ...from24198, ...misp24177, id: '2.4.177' }
}

/** A profile and those that it extends, nearest first. A module that does not name the first looks for the next one. */
export const lineage: { readonly [id in ProfileId]: readonly ProfileId[] } = {
  '2.5-newest': ['2.5-newest', '2.5.19', '2.5.1'],
  '2.5.19': ['2.5.19', '2.5.1'],
  '2.5.1': ['2.5.1'],
  '2.4.198': ['2.4.198', '2.5.1'],
  '2.4.177': ['2.4.177', '2.4.198', '2.5.1']
}

export const isProfileId = (id: string): id is ProfileId => Object.hasOwn(profiles, id)

/** A version that stands between profiles: the one that is nearest, and what that means. */
export interface NearestProfile {
  readonly profile: ProfileId
  /** Empty when the version is the profile's own. */
  readonly note: string
}

/**
 * Where each profile begins to be the nearest. 2.4 went on beside 2.5: from 2.4.201 on it has what 2.5.19 has (ad-hoc workflows,
 * renumbered filters), so it is nearer to that.
 */
const nearest: readonly (readonly [from: readonly [number, number, number], profile: ProfileId])[] = [
  [[2, 5, 24], '2.5-newest'],
  [[2, 5, 10], '2.5.19'],
  [[2, 5, 0], '2.5.1'],
  [[2, 4, 201], '2.5.19'],
  [[2, 4, 188], '2.4.198'],
  [[0, 0, 0], '2.4.177']
]

/**
 * The profile for a MISP version (`2.5.12`, `v2.4.208`) or for a profile's own name; null for what is neither.
 */
export function profileFor(version: string): NearestProfile | null {
  if (isProfileId(version)) return { profile: version, note: '' }
  const match = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:[-+.].{0,40})?$/.exec(version.trim())
  if (!match) return null
  const [major, minor, patch] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const plain = `${major}.${minor}.${patch}`
  if (isProfileId(plain)) return { profile: plain, note: '' }
  const reached = (from: readonly [number, number, number]): boolean =>
    major !== from[0] ? major > from[0] : minor !== from[1] ? minor > from[1] : patch >= from[2]
  const profile = nearest.find(([from]) => reached(from))?.[1] ?? '2.4.177'
  return { profile, note: `MISP ${plain} has no profile of its own; the nearest one, ${profile}, is used.` }
}
