import { describe, expect, it } from 'vitest'
import type { ModuleDefinition } from '../../../../src/contract/modules.ts'
import { actionModules, logicModules, triggerModules } from '../../../../src/engine/modules/definitions.ts'
import { definitionFromService } from '../../../../src/engine/modules/service/definition.ts'
import { findExecute } from '../../../../src/engine/modules/implementations.ts'

const all = [...Object.values(triggerModules), ...Object.values(logicModules), ...Object.values(actionModules)]

describe('the table of implementations', () => {
  it.each(all.map(({ definition }) => [definition.id, definition as ModuleDefinition] as const))(
    'has the code of %s',
    (_id, definition) => {
      expect(findExecute(definition)).toBeTypeOf('function')
    }
  )

  it('has code for every module of a misp-modules service', () => {
    const definition = definitionFromService({ name: 'webhook', meta: { 'module-type': ['action'] } })
    expect(findExecute(definition)).not.toBe(findExecute(actionModules.webhook.definition))
  })

  it('finds nothing under ids that every object has', () => {
    for (const id of ['__proto__', 'constructor', 'toString']) {
      expect(findExecute({ ...actionModules.webhook.definition, id })).toBeUndefined()
    }
  })
})
