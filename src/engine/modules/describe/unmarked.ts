// Parameters as they were before MISP rendered them by itself: without the mark.
import type { ModuleDefinition } from '../../../contract/modules.ts'

export const withoutTemplates = <T extends ModuleDefinition>(definition: T): T => ({
  ...definition,
  params: definition.params.map(({ jinja_supported: _mark, ...param }) => ({
    ...param,
    id: param.id,
    type: param.type
  }))
})
