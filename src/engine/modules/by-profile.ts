// What a profile takes of something that versions change: its own difference, else that of the profile it extends, and so on.
import { lineage } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import type { ByProfile } from './define.ts'

/** Whether a version of MISP has a module. */
export const isPresent = (
  { addedIn, missingIn }: { readonly addedIn?: ProfileId; readonly missingIn?: ProfileId },
  profile: ProfileId
): boolean =>
  (addedIn === undefined || lineage[profile].includes(addedIn)) &&
  (missingIn === undefined || !lineage[profile].includes(missingIn))

/** `base` with what the profile and those that it extends change in it, the nearest last. */
export function asIn<T extends object>(profile: ProfileId, base: T, versions: ByProfile<Partial<T>> | undefined): T {
  if (versions === undefined) return base
  return lineage[profile].reduceRight<T>((so, id) => ({ ...so, ...versions[id] }), base)
}
