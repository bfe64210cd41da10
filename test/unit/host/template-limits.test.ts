import { describe, expect, it } from 'vitest'
import type { TemplateLook } from '../../../src/contract/authoring.ts'
import { buildPolicy } from '../../../src/engine/effects/policy.ts'
import type { Limits } from '../../../src/engine/jinja/python/limits.ts'
import { createHost } from '../../../src/host/host.ts'
import { enginePorts } from '../../../src/host/worker/thread/ports.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const loop = '{% for i in range(1000) %}{{ i }}{% endfor %}'

describe('limits of templates in a workspace', () => {
  it('hold for the renderer of runs', () => {
    const rendered = (limits: Partial<Limits>) => {
      const effect = { kind: 'template', template: loop, data: {}, param: 'message' } as const
      return buildPolicy({}, enginePorts(limits), {})({ nodeId: 1, moduleId: 'stop-execution', effect })?.answer
    }
    expect(rendered({})).toHaveProperty('text')
    expect(rendered({ steps: 100 })).toMatchObject({ failure: 'unavailable' })
  })

  it('hold for previews, and wrong ones are not saved', async () => {
    const host = await createHost({ workspace: folder(), shell: 'terminal', version: '0', workerUrl: null })
    try {
      const wrong = await host.call('template.setLimits', { limits: { rounds: 1 } })
      expect(wrong.ok ? null : wrong.error.code).toBe('SETTING_INVALID')
      const look = async () => {
        const answer = await host.call('template.render', { template: loop, data: { json: {} } })
        return answer.ok ? ((answer.data as TemplateLook).error?.type ?? null) : answer.error.code
      }
      expect(await look()).toBeNull()
      await host.call('template.setLimits', { limits: { steps: 100 } })
      expect(await look()).toBe('LIMIT')
    } finally {
      await host.close()
    }
  })
})
