import { isNumeric } from '../../php/cast.ts'
import { phpException } from '../../php/exceptions.ts'
import { isEmpty } from '../../php/values.ts'
import type { WarninglistRow } from '../world.ts'
import type { ModelEnv } from './env.ts'

/**
 * Warninglist::import of an existing list: its entries are deleted before the list is validated, so a list that is not valid loses
 * them. MISP also forgets the attribute types of the list; in the process that imports them the old ones stay in use.
 */
export function importWarninglist(env: ModelEnv, list: WarninglistRow, entries: readonly string[]): void {
  env.world.replaceWarninglistEntries(list.id, [])
  const errors: { [field: string]: string[] } = {}
  if (isEmpty(list.name.trim())) errors.name = ['Name cannot be empty.']
  if (isEmpty(list.description.trim())) errors.description = ['Description cannot be empty.']
  if (!isNumeric(list.version)) errors.version = ['numeric']
  if (!['cidr', 'hostname', 'string', 'substring', 'regex'].includes(list.type)) errors.type = ['inList']
  if (Object.keys(errors).length > 0) {
    throw phpException(
      'Exception',
      `Could not save warninglist because of validation errors: ${JSON.stringify(errors)}`
    )
  }
  env.world.replaceWarninglistEntries(list.id, entries)
}
