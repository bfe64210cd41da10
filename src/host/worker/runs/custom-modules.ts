// Custom modules of the workspace as the engine takes them.
import type { CustomModuleInfo } from '../../../contract/effects.ts'
import type { JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import { maskParamMap } from '../../../contract/secrets.ts'
import { theirs } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { buildCustomModule } from '../../modules/custom-module.ts'
import type { HashedModule } from '../../modules/custom-module.ts'
import { GuestThread } from '../../modules/guest.ts'
import { moduleFiles } from '../../modules/module-file.ts'
import { ModuleReader } from '../../modules/read-module.ts'
import type { ReadModule } from '../../modules/read-module.ts'
import type { Refs } from '../thread/protocol.ts'

const guest = new GuestThread()
const reader = new ModuleReader(guest)
interface KnownModule {
  readonly module: ReadModule
  readonly sha256: string
}

/** Those that are on, by id, as last read: sentences are asked for by id alone. */
let known: ReadonlyMap<string, KnownModule> = new Map()

type On = NonNullable<Refs['customModules']>['on']

/** A file that was changed since it was switched on is another module. */
const isOn = (on: On, file: string, sha256: string | null): boolean =>
  on === 'all' || (sha256 !== null && Object.hasOwn(on, file) && on[file] === sha256)

/** Code that was switched off, or is another one than was switched on, says no sentences any more. Called before each operation. */
export function forgetModulesThatAreOff({ customModules }: Refs): void {
  const still = [...known].filter(
    ([, { module, sha256 }]) => customModules !== undefined && isOn(customModules.on, module.file, sha256)
  )
  if (still.length < known.size) known = new Map(still)
}

/** Those that are switched on and can be read; of two with one id the first, in the order of their files. */
async function readOn({ customModules }: Refs): Promise<readonly ReadModule[]> {
  if (!customModules) return []
  const { folder, on } = customModules
  // Where none is on, nothing is looked for: who tries hundreds of runs asks for each.
  const isAnyOn = on === 'all' || Object.keys(on).length > 0
  const files = (isAnyOn ? await moduleFiles(folder) : []).filter((file) => on === 'all' || Object.hasOwn(on, file))
  const found = new Map<string, KnownModule>()
  for (const file of files) {
    const { sha256, ...result } = await reader.read(folder, file)
    if (!('module' in result) || sha256 === null || !isOn(on, file, sha256)) continue
    const { id } = result.module.definition
    if (!found.has(id)) found.set(id, { module: result.module, sha256 })
  }
  known = found
  return [...found.values()].map(({ module }) => module)
}

export async function customModulesOf(refs: Refs): Promise<readonly HashedModule[]> {
  return (await readOn(refs)).map((module) => buildCustomModule(module, guest))
}

export async function customDefinitions(refs: Refs): Promise<readonly ModuleDefinition[]> {
  return (await readOn(refs)).map(({ definition }) => definition)
}

/** The module's own sentence, which never sees secrets; null for a module that is not custom, or has none. */
export function explainCustom(id: string, params: JsonMap): Sentence | null {
  const module = known.get(id)?.module
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
  const owners = new Map<string, string>()
  for (const file of await moduleFiles(folder)) {
    const result = await reader.read(folder, file)
    const definition = 'module' in result ? result.module.definition : null
    const works = definition !== null && isOn(on, file, result.sha256)
    const owner = works ? owners.get(definition.id) : undefined
    if (works && owner === undefined) owners.set(definition.id, file)
    list.push({
      file,
      id: definition?.id ?? null,
      name: definition?.name ?? null,
      kind: definition ? (definition.module_type as 'action' | 'logic') : null,
      description: definition?.description ?? '',
      on: isOn(on, file, result.sha256),
      changed: on !== 'all' && Object.hasOwn(on, file) && on[file] !== result.sha256,
      sha256: result.sha256,
      error: 'error' in result ? result.error : owner === undefined ? null : takenBy(owner, file)
    })
  }
  return list
}

const takenBy = (owner: string, file: string): CustomModuleInfo['error'] => ({
  message: `It is not used: modules/${owner} has the same ID and comes first.`,
  ...{ file, line: null }
})

export const stopCustomModules = (): Promise<void> => guest.stop()
