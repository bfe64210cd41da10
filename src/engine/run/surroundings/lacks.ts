// What is missing for a run to be repeated exactly, in sentences.
import type { Surroundings } from '../../../contract/surroundings.ts'
import { modulesOf, serviceDefinitions } from '../../modules/table.ts'
import { profileFor } from '../../profiles/profiles.ts'

/** What an old run's file does not have. */
export const nothingKept =
  'Its file does not say what it depended on: the clock, uuids, settings as they were read, enabled triggers and modules, answers of custom modules, and the rows of the world that it read.'

/** Modules that are of another version here, profiles that are unknown: such a repeat may come out otherwise. */
export function lacksOf({ input, versions, modules, service }: Surroundings): readonly string[] {
  const found = profileFor(input.profile)
  const lacks: string[] = []
  if (!found || found.note !== '') lacks.push(`This Retrace does not know MISP ${input.profile.slice(0, 40)}.`)
  if (!found) return lacks
  const table = modulesOf(found.profile)
  const own = new Set(modules.map(({ definition }) => `${definition.module_type} ${definition.id}`))
  const listed = serviceDefinitions(service?.filter((row) => typeof row !== 'string') ?? null)
  for (const [module, was] of Object.entries(versions)) {
    const [type = '', id = ''] = module.split(' ')
    if (own.has(module) || listed.has(id)) continue
    const is = table.definition(type, id, listed)?.version
    if (is === undefined) lacks.push(`This Retrace has no module ${id}.`)
    else if (is !== was) lacks.push(`Module ${id} was version ${was}, and is ${is} here.`)
  }
  return lacks
}
