import { shadowAttribute } from '../../shared/trigger-data.ts'

export const normalize = shadowAttribute
