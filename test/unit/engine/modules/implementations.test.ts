import { describe, expect, it } from 'vitest'
import type { ModuleDefinition } from '../../../../src/contract/modules.ts'
import { actionModules, logicModules, triggerModules } from '../../../../src/engine/modules/definitions.ts'
import { definitionFromService } from '../../../../src/engine/modules/service/definition.ts'
import { codeOf } from '../../../../src/engine/modules/implementations.ts'

const all = [...Object.values(triggerModules), ...Object.values(logicModules), ...Object.values(actionModules)]

describe('the table of implementations', () => {
  it.each(all.map(({ definition }) => [definition.id, definition as ModuleDefinition] as const))(
    'has the code of %s',
    (_id, definition) => {
      expect(codeOf('2.5.1').execute(definition)).toBeTypeOf('function')
    }
  )

  it('has code for every module of a misp-modules service', () => {
    const definition = definitionFromService({ name: 'webhook', meta: { 'module-type': ['action'] } })
    expect(codeOf('2.5.1').execute(definition)).not.toBe(codeOf('2.5.1').execute(actionModules.webhook.definition))
  })

  it('finds nothing under ids that every object has', () => {
    for (const id of ['__proto__', 'constructor', 'toString']) {
      expect(codeOf('2.5.1').execute({ ...actionModules.webhook.definition, id })).toBeUndefined()
    }
  })
})
