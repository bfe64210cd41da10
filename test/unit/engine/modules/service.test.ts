import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import {
  definitionFromService,
  entryFromDefinition,
  isActionModule
} from '../../../../src/engine/modules/service/definition.ts'
import { modulesOf, serviceDefinitions } from '../../../../src/engine/modules/table.ts'

const chat = {
  name: 'chatPost',
  type: 'action_mod',
  meta: {
    description: 'Posts to a chat.',
    'module-type': ['action'],
    outputs: 2,
    config: {
      params: {
        'Data extraction path': { type: 'hash_path', value: 'Event.info' },
        message_template: { type: 'large_string', jinja_supported: true },
        botToken: { type: 'string', description: 'secret' }
      },
      blocking: true,
      support_filters: true
    }
  }
}

describe('definitionFromService', () => {
  it('names module and parameters as CakePHP inflects them', () => {
    const definition = definitionFromService(chat)
    expect(definition).toMatchObject({ id: 'chat_post', name: 'chatPost', icon: 'python', icon_class: 'fab' })
    expect(definition).toMatchObject({ blocking: true, support_filters: true, is_misp_module: true, version: '0.1' })
    expect(definition.params).toEqual([
      {
        id: 'data_extraction_path',
        label: 'Data Extraction Path',
        placeholder: 'Event.info',
        type: 'input',
        _isHashPath: true
      },
      { id: 'message_template', label: 'Message Template', placeholder: '', type: 'textarea', jinja_supported: true },
      { id: 'bot_token', label: 'BotToken', placeholder: '', type: 'input' }
    ])
  })

  it('makes the same definition of a row of MISP’s list of modules', () => {
    const row = definitionFromService({ ...chat, meta: { ...chat.meta, outputs: 1 } })
    const entry = entryFromDefinition({ ...row, disabled: true } as unknown as JsonMap)
    expect(entry && isActionModule(entry)).toBe(true)
    expect(entry && definitionFromService(entry)).toEqual(row)
    expect(entryFromDefinition({ id: 'webhook', name: 'Webhook', is_misp_module: false })).toBeNull()
  })

  it('writes the number of outputs into inputs, as MISP does', () => {
    expect(definitionFromService(chat)).toMatchObject({ inputs: 2, outputs: 1 })
  })

  it('survives descriptors with missing or wrong fields', () => {
    for (const json of [
      {},
      { name: 1, meta: 'x' },
      { name: 'a', meta: { config: ['x'] } },
      { name: 'a', meta: { config: { params: 'x' } } }
    ])
      expect(definitionFromService(json as JsonMap).params).toEqual([])
  })

  it('takes action modules only', () => {
    expect(isActionModule(chat)).toBe(true)
    expect(isActionModule({ meta: { 'module-type': ['expansion'] } })).toBe(false)
    expect(isActionModule({ meta: {} })).toBe(false)
  })
})

describe('the table of modules', () => {
  const service = serviceDefinitions([chat, { ...chat, name: 'webhook' }])

  it('finds service modules, and lets them replace a shipped module of the same id', () => {
    expect(modulesOf('2.5.1').definition('action', 'chat_post', service)?.name).toBe('chatPost')
    expect(modulesOf('2.5.1').definition('action', 'webhook', service)?.is_misp_module).toBe(true)
    expect(modulesOf('2.5.1').definition('logic', 'chat_post', service)).toBeUndefined()
    expect(modulesOf('2.5.1').explain('action', 'chat_post', service)?.({ params: { bot_token: 'x' } }).text).toContain(
      'BotToken `••••••`'
    )
  })

  it('knows no module by the name of an object property', () => {
    for (const id of ['constructor', '__proto__', 'toString'])
      expect(modulesOf('2.5.1').definition('action', id)).toBeUndefined()
    expect(modulesOf('2.5.1').definition('constructor', 'webhook')).toBeUndefined()
  })

  it('lists what MISP 2.5.1 ships: 17 triggers, 10 logic and 26 action modules, and its two examples', () => {
    const { modules_trigger, modules_logic, modules_action } = modulesOf('2.5.1').list()
    const count = (list: typeof modules_action): number => list.filter((d) => !d.is_custom).length
    expect([count(modules_trigger), count(modules_logic), count(modules_action)]).toEqual([17, 10, 26])
    expect(
      modulesOf('2.5.1')
        .list(undefined, service)
        .modules_action.filter((d) => d.id === 'webhook')
    ).toHaveLength(1)
  })
})

it('reads a module of the service once, however many lists it stands in', () => {
  const first = serviceDefinitions([chat]).get('chat_post')
  expect(first).toBeDefined()
  expect(serviceDefinitions([{ ...chat, name: 'another' }, chat]).get('chat_post')).toBe(first)
})
