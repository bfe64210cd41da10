import { asGiven } from '../../shared/trigger-data.ts'

export const normalize = asGiven
