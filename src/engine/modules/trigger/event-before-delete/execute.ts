import { toCore } from '../../shared/trigger-data.ts'

export const normalize = toCore
