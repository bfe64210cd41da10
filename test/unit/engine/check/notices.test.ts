import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { noticesFor } from '../../../../src/engine/check/notices.ts'
import type { NoticeContext } from '../../../../src/engine/check/notices.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'

const catalog = '../shared/vectors/catalog.json'
const trigger = modulesOf('2.5.1').find('trigger', 'event-publish') ?? null
const enabled = new Set([...modulesOf('2.5.1').enabledByDefault, 'event-publish'])
const context = (change: Partial<NoticeContext> = {}): NoticeContext => ({
  modules: modulesOf('2.5.1'),
  trigger,
  arbitraryUrls: false,
  isDisabled: ({ id }) => !enabled.has(id),
  ...change
})
const texts = (type: string, id: string, change: Partial<NoticeContext>): string[] => {
  const definition = modulesOf('2.5.1').find(type, id)
  if (!definition) return []
  const { error, warning } = noticesFor(definition, context({ isDisabled: () => false, ...change }))
  return [...error, ...warning].map(({ text }) => text)
}

describe('noticesFor', () => {
  it('warns of blocking modules and of the core format, depending on the trigger', () => {
    const log = modulesOf('2.5.1').find('trigger', 'log-after-save') ?? null
    expect(texts('action', 'stop-execution', { trigger: log })).toEqual(['Blocking module might not work as intended'])
    expect(texts('logic', 'tag-if', { trigger: log })).toEqual(['Potential data format issue'])
    expect(texts('logic', 'tag-if', {})).toEqual([])
    expect(texts('logic', 'tag-if', { trigger: null })).toEqual(['Potential data format issue'])
  })

  it('warns of arbitrary URLs at Telegram too, as MISP does', () => {
    expect(texts('action', 'telegram-send-alert', {})).toHaveLength(1)
    expect(texts('action', 'telegram-send-alert', { arbitraryUrls: true })).toEqual([])
  })

  it.skipIf(!existsSync(catalog))("gives MISP's own for an event-publish workflow", () => {
    const { misp_modules_down: down } = JSON.parse(readFileSync(catalog, 'utf8')) as {
      misp_modules_down: { [name: string]: { [type: string]: { id: string; notifications: unknown }[] } }
    }
    for (const [type, modules] of Object.entries(down['notifications_for_event-publish_workflow'] ?? {}))
      for (const { id, notifications } of modules) {
        const definition = modulesOf('2.5.1').find(type.replace('modules_', ''), id)
        const answers = definition && [true, false].map((on) => noticesFor(definition, context({ arbitraryUrls: on })))
        expect(answers, id).toContainEqual(notifications)
      }
  })
})
