// MISP 2.5.19 (September 2025), beside 2.5.1.
import type { ProfileDifferences } from './profile.ts'

export const misp2519: ProfileDifferences = {}
