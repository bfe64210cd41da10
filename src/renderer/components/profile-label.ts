import { isProfileId, profiles } from '../../engine/profiles/profiles.ts'

/** `2.5.1 (2.5.0 to 2.5.9)`. */
export const profileLabel = (id: string): string => (isProfileId(id) ? `${id} (${profiles[id].title})` : id)
