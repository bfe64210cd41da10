import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/contract/json.ts'
import type { OperationName, Params, Result } from '../../../src/contract/operations.ts'
import { mask } from '../../../src/contract/secrets.ts'
import { createHost } from '../../../src/host/host.ts'
import { maskStepValue } from '../../../src/host/worker/mask/value.ts'
import { eventOf, workflowOf } from './samples.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const params = { url: 'https://me:hidden1@example.org/', headers: 'Authorization: hidden2', payload: 'plain' }

describe('secrets of a step', () => {
  it('are masked in parameters, posts and sentences, unless asked for', async () => {
    const host = await createHost({ workspace: folder(), shell: 'terminal', version: '0', workerUrl: null })
    const ask = async <N extends OperationName>(name: N, given: Params<N>): Promise<Result<N>> => {
      const answer = await host.call(name, given)
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
      return answer.data as Result<N>
    }
    try {
      const graph = workflowOf({
        1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
        2: { type: 'action', module: 'webhook', params }
      })
      const json = { ...(graph as object), debug_enabled: true } as unknown as Json
      const { runId } = await ask('run.start', { workflow: { json }, data: { json: eventOf(1) as Json } })
      while (host.workspace.runs.get(runId)?.state === 'running') await new Promise((resolve) => setTimeout(resolve, 5))
      const used = await ask('run.text', { runId, step: 1, which: 'params' })
      expect(JSON.parse(used.text)).toMatchObject({
        url: `https://${mask}@example.org/`,
        headers: `Authorization: ${mask}`,
        payload: 'plain'
      })
      const plain = await ask('run.text', { runId, step: 1, which: 'params', unmasked: true })
      expect(JSON.parse(plain.text)).toMatchObject(params)
      const post = await ask('run.text', { runId, step: 1, which: 'post' })
      expect(post.text).not.toContain('hidden')
      const { steps } = await ask('runs.get', { runId })
      expect(JSON.stringify(steps)).not.toContain('hidden')
      const { text } = await ask('module.explain', { moduleId: 'webhook', params })
      expect(text).toContain('Authorization')
      expect(text).not.toContain('hidden')
    } finally {
      await host.close()
    }
  })

  it('are masked in the nodes of a post, and nowhere else', () => {
    const node = { id: 2, data: { id: 'webhook', indexed_params: params, params: [{ id: 'headers', value: 'a: b' }] } }
    const body = { source: { parameters: params }, data: { executed_nodes: [node], blocking_nodes: { 1: node } } }
    const masked = JSON.stringify(maskStepValue('post', { method: 'POST', body }))
    expect(masked).not.toContain('hidden')
    expect(masked).toContain(`a: ${mask}`)
    const data = { method: 'POST', body: { source: {}, data: { Event: { headers: 'hidden', token: 'hidden' } } } }
    expect(maskStepValue('post', data)).toEqual(data)
    expect(maskStepValue('output', params)).toBe(params)
  })
})
