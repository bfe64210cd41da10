import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { ModuleDefinition } from '../../../../src/contract/modules.ts'
import { modulesOf, serviceDefinitions } from '../../../../src/engine/modules/table.ts'

const folder = '../shared/vectors'
const read = (name: string): JsonMap => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as JsonMap

/** A definition as MISP lists it: `extra` beside the rest, without what depends on the instance's state. */
const asListed = ({ extra, ...definition }: ModuleDefinition): JsonMap =>
  ({ ...definition, ...extra }) as unknown as JsonMap

describe.skipIf(!existsSync(`${folder}/catalog.json`))('the catalogue of MISP 2.5.1', () => {
  it('is equal in every property, options of the world included', () => {
    const { world } = read('world.json') as { world: JsonMap }
    const listed = (read('catalog.json').misp_modules_down as JsonMap).modules as Record<string, readonly JsonMap[]>
    const ours = modulesOf('2.5.1').list({ world, enrichmentModules: null })
    for (const [type, modules] of Object.entries(listed)) {
      const definitions = ours[type as keyof typeof ours]
      expect(definitions.map((d) => d.id)).toEqual(modules.map((m) => m.id))
      for (const [i, { disabled, decayingmodels, ...expected }] of modules.entries()) {
        expect(typeof disabled).toBe('boolean')
        expect(decayingmodels === undefined || Array.isArray(decayingmodels)).toBe(true)
        expect(asListed(definitions[i] as ModuleDefinition)).toEqual(expected)
      }
    }
  })

  it('is equal with the misp-modules service up', () => {
    const services = (read('service-modules.json').modules ?? []) as readonly JsonMap[]
    const { modules_action_changed_or_new: changed } = (read('catalog.json').misp_modules_up as JsonMap).modules as {
      modules_action_changed_or_new: readonly JsonMap[]
    }
    const service = serviceDefinitions(services)
    const from = { world: {}, enrichmentModules: services.map((m) => String(m.name)) }
    const ours = modulesOf('2.5.1').list(undefined, service).modules_action
    for (const { disabled: _disabled, ...expected } of changed) {
      const definition = ours.find((d) => d.id === expected.id) as ModuleDefinition
      expect(asListed(modulesOf('2.5.1').resolve(definition, from)) as Json).toEqual(expected)
    }
  })
})
