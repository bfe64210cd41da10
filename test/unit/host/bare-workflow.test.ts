// Workflows that were saved without MISP's wrapper, or as bare nodes: whoever reads them finds the same in them.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { parseWorkflow } from '../../../src/engine/graph/parse.ts'
import { encodePostLine } from '../../../src/host/capture/understand/ndjson.ts'
import { recordedRuns } from './capture/recorded-runs.ts'
import { ask, hosting } from './hosting.ts'
import { guard, workflowOf } from './samples.ts'

const { open } = hosting()
const row = guard['Workflow'] as JsonMap
const nodesOf = (workflow: JsonMap): JsonMap => (workflow['Workflow'] as JsonMap)['data'] as JsonMap
const shapes: readonly (readonly [string, (workflow: JsonMap) => Json])[] = [
  ['an export', (workflow) => workflow],
  ['a row', (workflow) => workflow['Workflow'] as Json],
  ['bare nodes', nodesOf],
  ['a list of nodes', (workflow) => Object.values(nodesOf(workflow)).filter((node) => !Array.isArray(node))]
]

describe.each(shapes)('a workflow saved as %s', (name, shape) => {
  it('is listed with its nodes, modules and fields', async () => {
    const host = await open()
    const saved = await ask(host, 'workflows.save', { workflow: shape(guard) })
    expect(saved).toMatchObject({ nodes: 4, trigger: 'event-publish' })
    const used = (await ask(host, 'modules.usage', {})).map(({ moduleId }) => moduleId)
    expect(used.sort()).toEqual(['event-publish', 'push-zmq', 'stop-execution', 'tag-if'])
    const own = (await ask(host, 'triggers.list', {})).find(({ workflow }) => workflow?.id === saved.id)
    expect(own?.workflow).toMatchObject({ debug: name.includes('nodes') ? null : true })
  })

  it('is exported with a captured run, once wrapped and without its secrets', async () => {
    const host = await open()
    const run = recordedRuns().find(({ trigger }) => trigger === 'event-publish')!
    const secret = 'a-key-of-somebody'
    const hook = { type: 'action', module: 'webhook', params: { headers: `Authorization: ${secret}` } } as const
    const whole = workflowOf({ 1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } }, 2: hook })
    await ask(host, 'workflows.save', { workflow: shape(whole) })
    const text = run.posts
      .map(({ at, target, body }) =>
        encodePostLine({ meta: { at, source: '', method: 'POST', target, headers: [] }, body: Buffer.from(body) })
      )
      .join('\n')
    await ask(host, 'capture.import', { name: 'posts.ndjson', text })
    const [captured] = (await ask(host, 'runs.list', { filter: { origin: ['captured'] } })).runs
    const exported = await ask(host, 'runs.export', { runId: captured!.id, format: 'workflow' })
    expect(exported.text).not.toContain(secret)
    const { data } = parseWorkflow(JSON.parse(exported.text), 'export')
    expect(JSON.stringify(data)).toContain('webhook')
  })
})

it('copies a workflow that is alone in a list', async () => {
  const host = await open()
  const uuid = '7e570001-0000-4000-8000-000000000001'
  const named: Json = [{ Workflow: { ...row, uuid } }]
  await ask(host, 'workflows.save', { workflow: named })
  const copy = await ask(host, 'workflows.save', { workflow: named, ifKnown: 'copy' })
  expect(copy).toMatchObject({ name: 'guard (copy)', nodes: 4 })
})
