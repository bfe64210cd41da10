import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { actionModules, logicModules, triggerModules } from '../../../../src/engine/modules/definitions.ts'
import { changesData, firersOf } from '../../../../src/host/capture/understand/module-facts.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'

const folders = (type: string): readonly string[] =>
  readdirSync(new URL(`../../../../src/engine/modules/${type}/`, import.meta.url)).sort()

describe('the facts of modules', () => {
  it.each([
    ['trigger', triggerModules],
    ['logic', logicModules],
    ['action', actionModules]
  ] as const)('has one folder for each %s module, named by its id', (type, table) => {
    expect(folders(type)).toEqual(Object.keys(table).sort())
  })

  it('ask about parameters that the module has, and fire triggers that MISP has', () => {
    for (const { definition, facts } of [...Object.values(logicModules), ...Object.values(actionModules)]) {
      const ids = definition.params.map((param) => param.id)
      for (const { param } of facts.needs) expect(ids, definition.id).toContain(param)
    }
    for (const { definition, facts } of Object.values(actionModules)) {
      const ids = definition.params.map((param) => param.id)
      for (const sends of facts.sends) if ('param' in sends) expect(ids, definition.id).toContain(sends.param)
      for (const { trigger } of facts.fires({})) expect(Object.keys(triggerModules), definition.id).toContain(trigger)
    }
  })

  it('say what a refusal means for each trigger that can refuse, and only for those', () => {
    for (const { definition, facts } of Object.values(triggerModules))
      expect(facts.refused !== null, definition.id).toBe(definition.blocking)
  })

  it('name the modules that MISP enables by itself', () => {
    expect([...modulesOf('2.5.1').enabledByDefault].sort()).toEqual(
      [
        ...['concurrent-task', 'distribution-if', 'generic-if', 'organisation-if', 'published-if', 'push-zmq'],
        ...['stop-execution', 'tag-if', 'webhook']
      ].sort()
    )
  })

  it('tell tags on events, which need tag notifications, from tags on attributes, which do not', () => {
    const fires = (params: Record<string, string>): readonly string[] =>
      actionModules.tag_operation.facts
        .fires(params)
        .map(({ trigger, needs }) => (needs ? `${trigger} (${needs})` : trigger))
    expect(fires({ scope: 'event' })).toContain('tag-attached-after-save (tag notifications)')
    expect(fires({ scope: 'attribute' })).toContain('tag-attached-after-save')
    expect(fires({ scope: 'attribute' })).toContain('object-after-save')
    expect(fires({ scope: 'attribute', action: 'remove' })).not.toContain('tag-attached-after-save')
  })
})

describe('what capture derives from them', () => {
  it('knows that proposal-action reloads the data and that assign_country leaves it', () => {
    expect(changesData('proposal-action')).toBe(true)
    expect(changesData('assign_country')).toBe(false)
    expect(changesData('if')).toBe(false)
    expect(changesData('somebody-elses')).toBeNull()
  })

  it('finds the parents of event-before-save also among the modules that fire it by tagging', () => {
    const parents = firersOf('event-before-save')
    for (const id of ['assign_country', 'tag_operation', 'tag_replacement_tlp', 'tag_replacement_pap', 'publish-event'])
      expect(parents?.has(id), id).toBe(true)
    expect(parents?.has('webhook')).toBe(false)
    expect(
      Object.keys(triggerModules)
        .filter((id) => firersOf(id) !== null)
        .sort()
    ).toEqual(['enrichment-before-query', 'event-before-save', 'event-publish', 'shadow-attribute-before-save'])
    expect([...(firersOf('adhoc_7') ?? [])]).toEqual(['run-workflow'])
  })
})
