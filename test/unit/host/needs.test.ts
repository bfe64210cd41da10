import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/contract/json.ts'
import { ask, hosting } from './hosting.ts'
import { guard } from './samples.ts'

const { open } = hosting()

describe('what a workflow needs before it runs', () => {
  it('names tags that the world lacks, and the trigger and modules that are switched off', async () => {
    const host = await open()
    const needs = async (options: Parameters<typeof ask<'run.needs'>>[2]['options']) =>
      (await ask(host, 'run.needs', { workflow: { json: guard as Json }, ...(options ? { options } : {}) })).map(
        ({ text }) => text
      )
    const lacking = 'tag-if offers 1 tag missing from World: tlp:red'
    expect(await needs({ world: { tags: [{ id: '1', name: 'tlp:red' }] } })).toEqual([])
    expect(await needs(undefined)).toEqual([lacking])
    expect(await needs({ settings: { enabled_triggers: [], enabled_modules: ['tag-if', 'push-zmq'] } })).toEqual([
      'The trigger event-publish is disabled in this workspace: the workflow will not start.',
      'The module stop-execution is disabled in this workspace: MISP refuses its node.',
      lacking
    ])
  })
})
