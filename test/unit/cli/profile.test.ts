// `retrace profile`: which version holds, and why, in words that are true of each way in which one came to hold.
import { describe, expect, it } from 'vitest'
import { ask, hosting } from '../host/hosting.ts'
import { workflowOf } from '../host/samples.ts'
import { retrace } from './here.ts'

const { folder, open } = hosting()

const withModule = (module: string, version: string) => {
  const workflow = workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module }
  }) as { Workflow: { data: { 2: { data: object } } } }
  Object.assign(workflow.Workflow.data[2].data, { module_version: version })
  return workflow
}

describe('retrace profile', () => {
  it('says how each version came to hold, and what points to another one', async () => {
    const root = folder()
    const host = await open(root)
    const add = async (module: string, version: string) =>
      (await ask(host, 'workflows.save', { workflow: withModule(module, version) })).id
    const older = await add('webhook', '0.4')
    const newer = await add('ai-extract-indicators', '0.1')
    await host.close()
    const said = async (...args: readonly string[]) => {
      const { status, out, err } = await retrace(root, 'profile', ...args, '--workspace', root)
      expect([status, err]).toEqual([0, ''])
      return out.split('\n\n')[0]?.split('\n') ?? []
    }
    expect(await said()).toEqual(['workspace  MISP 2.5-newest  the newest one when the workspace was made'])
    expect(await said('--workflow', older)).toEqual([
      'workspace  MISP 2.5-newest  the newest one when the workspace was made',
      `workflow ${older}  MISP 2.5-newest  as the workspace`,
      '  What points to another version:',
      '  Node 2 was saved with version 0.4 of webhook, the one of MISP 2.4.177; MISP keeps that until somebody saves the workflow in its editor.'
    ])
    expect(await said('2.5.12')).toEqual([
      'workspace  MISP 2.5.19  chosen',
      '  MISP 2.5.12 has no profile of its own; the nearest one, 2.5.19, is used.',
      '  There is a newer one, 2.5-newest: retrace profile 2.5-newest --workspace D takes it,',
      '  retrace upgrade --from 2.5.19 --to 2.5-newest --workspace D says what would change.'
    ])
    expect((await said('--workflow', newer)).slice(-3)).toEqual([
      `workflow ${newer}  MISP 2.5.19  as the workspace`,
      '  What points to another version:',
      '  Node 2 is ai-extract-indicators, which only MISP 2.5-newest has.'
    ])
  })
})
