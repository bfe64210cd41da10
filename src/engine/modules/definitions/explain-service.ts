import type { Explain, ModuleDefinition } from '../../../contract/modules.ts'

export const explainServiceModule =
  (definition: ModuleDefinition): Explain =>
  () =>
    definition.description
