// Custom modules of the workspace as the engine takes them.
import type { CustomModuleInfo } from '../../contract/effects.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { maskParamMap } from '../../contract/secrets.ts'
import { theirs } from '../../contract/sentence.ts'
import type { Sentence } from '../../contract/sentence.ts'
import { buildCustomModule } from '../modules/custom-module.ts'
import type { HashedModule } from '../modules/custom-module.ts'
import { GuestThread } from '../modules/guest.ts'
import { moduleFiles } from '../modules/module-file.ts'
import { ModuleReader } from '../modules/read-module.ts'
import type { ReadModule } from '../modules/read-module.ts'
import type { Refs } from './protocol.ts'

const guest = new GuestThread()
const reader = new ModuleReader(guest)
/** By id, as last read: sentences are asked for by id alone. */
const known = new Map<string, ReadModule>()

type On = NonNullable<Refs['customModules']>['on']

/** A file that was changed since it was switched on is another module. */
const isOn = (on: On, file: string, sha256: string | null): boolean =>
  on === 'all' || (sha256 !== null && Object.hasOwn(on, file) && on[file] === sha256)

/** Those that are switched on and can be read. */
async function readOn({ customModules }: Refs): Promise<readonly ReadModule[]> {
  if (!customModules) return []
  const { folder, on } = customModules
  const files = (await moduleFiles(folder)).filter((file) => on === 'all' || Object.hasOwn(on, file))
  const found: ReadModule[] = []
  for (const file of files) {
    const result = await reader.read(folder, file)
    if ('module' in result && isOn(on, file, result.sha256)) found.push(result.module)
  }
  for (const module of found) known.set(module.definition.id, module)
  return found
}

export async function customModulesOf(refs: Refs): Promise<readonly HashedModule[]> {
  return (await readOn(refs)).map((module) => buildCustomModule(module, guest))
}

export async function customDefinitions(refs: Refs): Promise<readonly ModuleDefinition[]> {
  return (await readOn(refs)).map(({ definition }) => definition)
}

/** The module's own sentence, which never sees secrets; null for a module that is not custom, or has none. */
export function explainCustom(id: string, params: JsonMap): Sentence | null {
  const module = known.get(id)
  if (!module) return null
  if (!module.explained) return theirs(module.definition.description || module.definition.name)
  const reply = guest.explain(module.source, JSON.stringify({ params: maskParamMap(params) }))
  return theirs('done' in reply ? reply.done.slice(0, 1000) : module.definition.description)
}

/** Every file of the folder. Files that are off are read too, in their interpreter: nobody switches on what cannot be looked at. */
export async function listCustomModules({ customModules }: Refs): Promise<readonly CustomModuleInfo[]> {
  if (!customModules) return []
  const { folder, on } = customModules
  const list: CustomModuleInfo[] = []
  for (const file of await moduleFiles(folder)) {
    const result = await reader.read(folder, file)
    const definition = 'module' in result ? result.module.definition : null
    list.push({
      file,
      id: definition?.id ?? null,
      name: definition?.name ?? null,
      kind: definition ? (definition.module_type as 'action' | 'logic') : null,
      description: definition?.description ?? '',
      on: isOn(on, file, result.sha256),
      changed: on !== 'all' && Object.hasOwn(on, file) && on[file] !== result.sha256,
      sha256: result.sha256,
      error: 'error' in result ? result.error : null
    })
  }
  return list
}

export const stopCustomModules = (): Promise<void> => guest.stop()
