// MISP's loaded modules: Workflow::$loaded_classes with the enabled state merged in (loadAllWorkflowModules).
import type { Json } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { Execute } from '../modules/context.ts'
import { badArgument } from '../php/bad-argument.ts'
import { isArray } from '../php/values.ts'

export interface LoadedModule {
  readonly definition: ModuleDefinition
  readonly execute: Execute
  readonly disabled: boolean
}

export class Modules {
  readonly #find: (type: string, id: string) => LoadedModule | null
  readonly #known = new Map<string, LoadedModule | null>()

  constructor(find: (type: string, id: string) => LoadedModule | null) {
    this.#find = find
  }

  /** A module by type and id. */
  find(type: string, id: string): LoadedModule | null {
    const key = `${type}\n${id}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = this.#find(type, id)
    this.#known.set(key, found)
    return found
  }

  /** `!empty($this->loaded_modules['logic'][$id])`. */
  isLogic(id: string): boolean {
    return this.find('logic', id) !== null
  }

  /** Workflow::getModuleClass: `$this->loaded_classes[$type][$id] ?? null`. An array as a key is a TypeError. */
  load(type: Json, id: Json): LoadedModule | null {
    if (isArray(type) || isArray(id)) return badArgument('Illegal offset type in isset or empty')
    return this.find(keyText(type), keyText(id))
  }
}

const keyText = (value: Json): string => (value === true ? '1' : value === false ? '0' : String(value ?? ''))
