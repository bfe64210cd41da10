// What MISP's models need of the run when an action calls them. A ModuleContext is one.
import type { JsonMap } from '../../../contract/json.ts'
import type { Gen } from '../../effects/signals.ts'
import { phpException } from '../../php/exceptions.ts'
import type { PhpThrow } from '../../php/exceptions.ts'
import { isEmptyArray } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
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

/** DboSource::value writes a list that is not empty as the word Array, which the database takes for a column, and an empty one as NULL. */
export const listInColumn = (column: string, value: PhpArray): PhpThrow =>
  phpException(
    'PDOException',
    isEmptyArray(value)
      ? `SQLSTATE[23000]: Integrity constraint violation: 1048 Column '${column}' cannot be null`
      : "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'Array' in 'SET'"
  )
