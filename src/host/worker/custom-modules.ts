// Custom modules of the workspace as the engine takes them.
import type { CustomModule } from '../../engine/run/environment.ts'
import type { Refs } from './protocol.ts'

/** Those that are switched on. */
export async function customModulesOf(_refs: Refs): Promise<readonly CustomModule[]> {
  return []
}
