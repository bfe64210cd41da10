// Modules that a workspace adds are known to every view as MISP's own are.
import { afterEach, expect, it } from 'vitest'
import type { ModuleDefinition } from '../../../../src/contract/modules.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import { defaultProfile } from '../../../../src/engine/profiles/profiles.ts'
import { definitionNow, setModules } from '../../../../src/renderer/stores/added-modules.ts'

afterEach(() => setModules([]))

it('finds the definition of a custom module, and of one that replaces a module of MISP', () => {
  const own = modulesOf(defaultProfile).find('logic', 'tag-if') as ModuleDefinition
  const custom: ModuleDefinition = { ...own, id: 'has-value', name: 'Has value', icon: 'puzzle-piece', is_custom: true }
  const instead: ModuleDefinition = { ...own, name: 'Our IF', is_custom: true }
  expect(definitionNow('logic', 'has-value')).toBeUndefined()
  setModules([own, custom, instead])
  expect(definitionNow('logic', 'has-value')?.icon).toBe('puzzle-piece')
  expect(definitionNow('logic', 'tag-if')?.name).toBe('Our IF')
  expect(definitionNow('action', 'webhook')?.name).toBe('Webhook')
})
