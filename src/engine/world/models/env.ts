// What MISP's models need of the run when an action calls them. A ModuleContext is one.
import type { JsonMap } from '../../../contract/json.ts'
import type { Gen } from '../../effects/signals.ts'
import { dateTimeOf } from '../dates.ts'
import type { World } from '../world.ts'

export interface ModelEnv {
  readonly world: World
  readonly user: JsonMap
  readonly settings: JsonMap
  /** Unix seconds. */
  now(): number
  uuid(): string
  fire(
    triggerId: string,
    data: JsonMap
  ): Gen<{ readonly success: boolean; readonly errors: readonly string[]; readonly ran: boolean }>
}

/** A setting that PHP takes for true. */
export const isOn = (env: ModelEnv, name: string): boolean => {
  const value = Object.hasOwn(env.settings, name) ? env.settings[name] : null
  return !(value === null || value === undefined || value === false || value === 0 || value === '' || value === '0')
}

export const timeText = (env: ModelEnv): string => String(env.now())

/** `Y-m-d H:i:s` in UTC. */
export const dateText = (env: ModelEnv): string => dateTimeOf(env.now())
