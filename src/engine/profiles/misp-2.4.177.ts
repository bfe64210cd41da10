// MISP 2.4.177 (September 2023), beside 2.4.198.
import type { ProfileDifferences } from './profile.ts'

export const misp24177: ProfileDifferences = {}
