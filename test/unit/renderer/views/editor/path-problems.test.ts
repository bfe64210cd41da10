// Hash paths that match nothing: said of those that cannot match, and of no path of the demonstrations, of the recorded runs and of the
// published blueprints on their own data.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../../src/contract/json.ts'
import { pathProblems } from '../../../../../src/renderer/views/editor/path-problems.ts'
import { workflow } from '../../../engine/graph/build.ts'
import type { NodeSpec } from '../../../engine/graph/build.ts'
import { createWorkspaces } from '../../../../../src/host/workspaces/workspaces.ts'
import { ask, hosting } from '../../../host/hosting.ts'
import { temporaryFolders } from '../../../host/temporary.ts'

const { open } = hosting()
const folder = temporaryFolders()
const runs = join(import.meta.dirname, '..', '..', '..', '..', '..', '..', 'shared', 'vectors', 'runs')

const event = {
  Event: {
    ...{ id: '1', info: 'Kit', uuid: '5c3d2b8e-5a0f-4f4e-8a52-6d1f0c8f8d11', Tag: [] },
    Attribute: [{ id: '1', type: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e', to_ids: true }]
  }
}

async function messages(nodes: Readonly<Record<number, NodeSpec>>): Promise<readonly string[]> {
  const host = await open()
  const { id } = await ask(host, 'data.import', { name: 'kit', text: JSON.stringify(event) })
  const { data, ...row } = workflow(nodes)
  const document = { Workflow: { ...row, data } } as unknown as Json
  const found = await pathProblems(document, id, (params) => ask(host, 'hash.look', params))
  return found.map(({ code, message }) => `${code} ${message}`)
}

const when = (path: string, to: number[][] = []): NodeSpec => ({
  module: 'generic-if',
  params: { operator: 'in', hash_path: path, value: 'x' },
  to
})
const trigger = (to: number): NodeSpec => ({ module: 'event-publish', to: [[to]] })

describe('a path that matches nothing', () => {
  it('is named with the nearest key', async () => {
    expect(await messages({ 1: trigger(2), 2: when('Event.inof') })).toEqual([
      'PATH_NO_MATCH Node 2 (generic-if): Hash path `Event.inof` matches nothing in the chosen data. The nearest key there is info.'
    ])
  })

  it('is named with the values where a condition lets nothing pass', async () => {
    const [message] = await messages({ 1: trigger(2), 2: when('Event._AttributeFlattened.{n}[type=md55].value') })
    expect(message).toMatch(/Values there: .*md5/)
  })

  it('is no problem where the data only has none of such things', async () => {
    expect(await messages({ 1: trigger(2), 2: when('Event.Tag.{n}.name') })).toEqual([])
  })

  it('is a problem when nothing before adds what it asks for', async () => {
    const path = 'Event._AttributeFlattened.{n}.enrichment.{n}.Object'
    const [message] = await messages({ 1: trigger(2), 2: when(path) })
    expect(message).toContain('No earlier node is “attach-enrichment”')
    const attach: NodeSpec = { module: 'attach-enrichment', params: { modules: ['x'] }, to: [[3]] }
    expect(await messages({ 1: trigger(2), 2: attach, 3: when(path) })).toEqual([])
  })

  it('is not said of templates', async () => {
    expect(await messages({ 1: trigger(2), 2: when('Event.{{ Event.info }}') })).toEqual([])
  })
})

describe('sound workflows', () => {
  it('have no such problem in the demonstrations', async () => {
    const place = { workspace: folder(), userFolder: folder() }
    const host = await createWorkspaces({ ...place, shell: 'terminal', version: '0', workerUrl: null })
    const found: string[] = []
    for (const { id } of (await ask(host, 'workspaces.list', {})).demonstrations) {
      await ask(host, 'workspaces.open', { demonstration: id })
      for (const one of await ask(host, 'workflows.list', {}))
        for (const data of await ask(host, 'data.list', {})) {
          const { workflow: document } = await ask(host, 'workflows.get', { workflowId: one.id })
          const problems = await pathProblems(document, data.id, (params) => ask(host, 'hash.look', params))
          found.push(...problems.map(({ message }) => `${one.id}, ${data.id}: ${message}`))
        }
    }
    await host.close()
    expect(found).toEqual([])
  })

  it.runIf(existsSync(runs))('have none among the recorded runs, whose data is whole', async () => {
    const host = await open()
    const found = new Set<string>()
    for (const name of readdirSync(runs)) {
      const run = JSON.parse(readFileSync(join(runs, name), 'utf8')) as JsonMap
      const { workflow: document, input_data: json } = run
      if (!document || !json || (run['origin'] !== 'own' && run['blueprint_file'] === undefined)) continue
      const problems = await pathProblems(document, 'of the run', async (params) => {
        const { trigger: as } = params.data as { readonly trigger?: string }
        const data = { json: json as JsonMap, ...(as ? { trigger: as } : {}) }
        const answer = await host.call('hash.look', { ...params, data })
        return answer.ok ? (answer.data as Awaited<ReturnType<Parameters<typeof pathProblems>[2]>>) : null
      })
      for (const { message } of problems) found.add(/`[^`]*`/.exec(message)?.[0] ?? message)
    }
    // Recorded for what MISP does then: an event that is null or has no info, a path with a key that no event has, JSON for a path.
    expect([...found].sort()).toEqual(['`Event.NotThere.{n}`', '`Event.NotThere`', '`Event.info`', '`{"a":1}`'])
  })
})
