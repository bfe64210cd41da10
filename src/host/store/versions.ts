// Which MISP a workspace, its workflows and its sources of posts are treated as: what was chosen or recognised, else the usual one.
import type { ProfileHow, ProfileUse } from '../../contract/profiles.ts'
import { defaultProfile, newestProfile, profileFor, profileIds } from '../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../engine/profiles/profiles.ts'
import type { StoredVersions } from './schemas.ts'

/** @param given a profile's name or a MISP version, as it was chosen or recognised */
export function useOf(
  given: string,
  how: ProfileHow,
  evidence: readonly string[] = []
): ProfileUse & { profile: ProfileId } {
  const found = profileFor(given)
  const note = `This Retrace does not know MISP ${given.slice(0, 60)}; ${defaultProfile} (of ${profileIds.join(', ')}) is used.`
  const { profile, note: nearest } = found ?? { profile: defaultProfile, note }
  return { profile, how, note: nearest, evidence, newer: profile === newestProfile ? null : newestProfile }
}

/** Of names that came from a file. */
const own = (chosen: { readonly [name: string]: string } | undefined, name: string): string | undefined =>
  chosen && Object.hasOwn(chosen, name) ? chosen[name] : undefined

export const chosenFor = ({ workflows }: StoredVersions, workflowId: string): string | undefined =>
  own(workflows, workflowId)
export const chosenOfSource = ({ sources }: StoredVersions, source: string): string | undefined => own(sources, source)

export function profileOfWorkspace({ workspace }: StoredVersions): ProfileUse & { profile: ProfileId } {
  return workspace ? useOf(workspace.profile, workspace.how, workspace.evidence) : useOf(defaultProfile, 'before')
}

/** Posts may say otherwise, unless a person chose it for their source. */
export function profileOfSource(
  versions: StoredVersions,
  source: string | null
): { readonly id: ProfileId; readonly isChosen: boolean } {
  const chosen = source === null ? undefined : chosenOfSource(versions, source)
  if (chosen !== undefined) return { id: useOf(chosen, 'chosen').profile, isChosen: true }
  return { id: profileOfWorkspace(versions).profile, isChosen: false }
}
