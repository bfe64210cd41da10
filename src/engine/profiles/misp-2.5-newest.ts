// The newest MISP that could be read, beside 2.5.19: only modules and triggers are known to differ.
import type { ProfileDifferences } from './profile.ts'

export const misp25newest: ProfileDifferences = {}
