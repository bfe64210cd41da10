// What the data of a run adds to its surroundings.
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { BroughtInput } from '../../../engine/run/given/bring.ts'
import type { WorldData } from '../../../engine/world/world.ts'

/** What was made up and what the database is assumed to contain, in words. */
export function assumedOfData({ shown, assumptions }: BroughtInput, { world }: RunOptionsInput): readonly string[] {
  if (!shown || world?.events === undefined) return assumptions
  return [...assumptions, 'Beside the world, MISP’s database contains what the data tells of.']
}

/** A thread that the data speaks of is there, unless the world says what threads there are. */
export function worldOf({ world }: RunOptionsInput, { threads }: BroughtInput): WorldData | undefined {
  if (threads === undefined || world?.['threads'] !== undefined) return world as WorldData | undefined
  return { ...(world as WorldData | undefined), threads }
}
