import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { Result } from '../../../../src/contract/operations.ts'
import type { Host } from '../../../../src/host/host.ts'
import { mergeRows } from '../../../../src/host/world/world-store.ts'
import { ask, hosting } from '../hosting.ts'
import { eventOf, guard, workflowOf } from '../samples.ts'

const { folder, open } = hosting()

async function run(host: Host, workflow: JsonMap, event = eventOf(2)): Promise<string> {
  const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: event as Json } })
  while (!(host.workspace.runs.get(runId)?.size ?? 0)) await new Promise((resolve) => setTimeout(resolve, 5))
  return runId
}

describe('the world of a workspace', () => {
  it('lists what a workflow names and the world lacks', async () => {
    const host = await open()
    const needs = (): Promise<Result<'run.needs'>> => ask(host, 'run.needs', { workflow: { json: guard } })
    expect((await needs()).map(({ part, nodeId, missing, text }) => [part, nodeId, missing, text])).toEqual([
      ['tags', 2, ['tlp:red'], 'tag-if offers 1 tag missing from World: tlp:red']
    ])
    const tags = JSON.stringify({ Tag: [{ id: '1', name: 'TLP:RED', colour: '#f00' }] })
    await ask(host, 'takeover.import', { name: 'tags', text: tags })
    expect(await needs()).toEqual([])
    await ask(host, 'world.remove', { part: 'tags' })
    expect(await needs()).toHaveLength(1)
  })

  it('is what warninglists of the official format are matched from', async () => {
    const workspace = folder()
    const list = join(workspace, 'world', 'warninglists', 'own')
    mkdirSync(list, { recursive: true })
    const official = {
      name: 'Own',
      type: 'cidr',
      version: 1,
      description: '',
      list: ['198.51.0.0/24'],
      matching_attributes: ['ip-dst']
    }
    writeFileSync(join(list, 'list.json'), JSON.stringify(official))
    const host = await open(workspace)
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'attach-warninglist', params: { warninglists: ['ALL'] } }
    })
    const runId = await run(host, workflow)
    const page = await ask(host, 'run.search', {
      runId,
      step: 1,
      which: 'output',
      query: 'warninglist_name',
      in: 'key'
    })
    expect(page.matches.length).toBeGreaterThan(0)
  })

  it('shows what a run changed, in order and row by row', async () => {
    const host = await open()
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'attribute_ids_flag_operation', params: { action: 'remove' } }
    })
    const runId = await run(host, workflow)
    const { changes, tables, total } = await ask(host, 'run.worldChanges', { runId })
    expect(total).toBe(changes.length)
    expect(changes.some(({ nodeId, step }) => nodeId === 2 && step === 1)).toBe(true)
    const attributes = tables.find(({ table }) => table === 'attributes')
    expect(attributes?.rows.map(({ id, before, after }) => [id, before?.['to_ids'], after?.['to_ids']])).toEqual([
      ['1', '1', '0'],
      ['2', '1', '0']
    ])
  })

  it('merges rows by uuid, id or name, and numbers those without an id', () => {
    const before: JsonMap[] = [
      { id: '1', name: 'a' },
      { id: '2', uuid: 'u', name: 'b' }
    ]
    const merged = mergeRows(before, [{ id: '9', uuid: 'u', name: 'c' }, { name: 'a', colour: 'x' }, { name: 'new' }])
    expect(merged).toEqual([
      { id: '1', name: 'a', colour: 'x' },
      { id: '9', uuid: 'u', name: 'c' },
      { id: '10', name: 'new' }
    ])
  })
})

it('is listed with the parts that can be read when one cannot', async () => {
  const workspace = folder()
  mkdirSync(join(workspace, 'world'), { recursive: true })
  writeFileSync(join(workspace, 'world', 'tags.json'), '[{"Tag": {"id": "1", "name": "tlp:red"}}]')
  writeFileSync(join(workspace, 'world', 'users.json'), '[{"User": ')
  const host = await open(workspace)
  const parts = await ask(host, 'world.list', {})
  expect(parts.map(({ part, rows, problem }) => [part, rows, problem?.includes('users.json') ?? null])).toEqual([
    ['tags', 1, null],
    ['users', 0, true]
  ])
  expect((await ask(host, 'world.value', { part: 'tags' })).entries).toHaveLength(1)
  expect(await host.call('world.value', { part: 'users' })).toMatchObject({ ok: false })
  await ask(host, 'world.remove', { part: 'users' })
  expect((await ask(host, 'world.list', {})).map(({ part }) => part)).toEqual(['tags'])
})
