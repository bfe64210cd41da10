import type { EffectOptions } from '../../../contract/effects.ts'

/** Whether anything of a run is to be really done. */
export const isLive = (effects: EffectOptions | undefined): boolean =>
  effects !== undefined &&
  [effects.policy, ...Object.values(effects.modules ?? {}), ...Object.values(effects.nodes ?? {})].includes('live')
