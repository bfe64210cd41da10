// JSON has objects that no text and no number can be made of: `{"toString":1,"valueOf":1}`. Where a text is expected and such a thing stands, it is
// refused or shown as what it is, and nothing else fails with it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/contract/json.ts'
import type { OperationName } from '../../src/contract/operations.ts'
import { parseWorkflow } from '../../src/engine/graph/parse.ts'
import type { Host } from '../../src/host/host.ts'
import { drawingOf } from '../../src/renderer/components/workflow-graph/graph-model.ts'
import { workflowGraph } from '../../src/engine/graph/document.ts'
import { framesOf, keysOf, nodeInfo, positionOf } from '../../src/renderer/stores/editor-model.ts'
import { hosting } from '../unit/host/hosting.ts'
import { eventOf, guard } from '../unit/host/samples.ts'
import { answers } from '../unit/host/takeover/stand-in.ts'
import { repeat, seeded } from './scale.ts'

const { open, folder } = hosting()
const noText = { toString: 1, valueOf: 1, toJSON: 1, constructor: 1 }
const strange: readonly unknown[] = [noText, [noText], { length: 1e9, 0: noText }, 1e300]

type Path = readonly string[]

/** Where a scalar stands, each place once. */
function places(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...at, key]))].filter(
    (path) => path.length > 0
  )
}

function put(value: unknown, [key, ...rest]: Path, what: unknown): unknown {
  if (key === undefined) return what
  if (Array.isArray(value)) return value.map((one, i) => (String(i) === key ? put(one, rest, what) : (one as unknown)))
  return { ...(value as object), [key]: put((value as Record<string, unknown>)[key], rest, what) }
}

/** Some of all places in the short form; the seed is in the name of the test. */
function* broken(value: unknown, most: number, seed: number): Generator<readonly [where: string, value: Json]> {
  const random = seeded(seed)
  const all = places(value).flatMap((path) => strange.map((what) => [path, what] as const))
  const chosen = all.length <= most ? all : Array.from({ length: most }, () => all[Math.floor(random() * all.length)]!)
  for (const [path, what] of chosen)
    yield [`${path.join('.')} = ${JSON.stringify(what)}`, put(value, path, what) as Json]
}

/** Mistakes of ours, with where they were made. */
async function mistakes(
  host: Host,
  calls: readonly (readonly [name: OperationName, params: unknown])[]
): Promise<string[]> {
  const found: string[] = []
  for (const [name, params] of calls) {
    const answer = await host.call(name, params)
    if (!answer.ok && answer.error.code === 'INTERNAL') found.push(name)
  }
  return found
}

const seed = Date.now() % 100_000

describe(`what no text can be made of (seed ${seed})`, () => {
  it('in a blueprint', async () => {
    const host = await open()
    const row = {
      ...{
        id: '1',
        uuid: '6a2f4c1e-5b1d-4c53-9f0e-0d1c2b3a4f5e',
        name: 'b',
        description: 'd',
        timestamp: '1700000000'
      },
      ...{
        default: false,
        data: Object.values((guard['Workflow'] as { data: object }).data).filter((node) => !Array.isArray(node))
      }
    }
    const bad: string[] = []
    for (const [where, value] of broken({ WorkflowBlueprint: row }, repeat(40, 5000), seed)) {
      const files = [{ name: 'b.json', text: JSON.stringify(value) }]
      const found = await mistakes(host, [
        ['blueprints.import', { files, force: true }],
        ['blueprints.list', {}],
        ['blueprints.get', { uuid: row.uuid }],
        ['blueprints.export', { uuid: row.uuid }]
      ])
      if (found.length > 0) bad.push(`${where}: ${found.join()}`)
    }
    expect(bad).toEqual([])
  }, 600_000)

  it('in a blueprint of a workspace that came along', async () => {
    const row = {
      uuid: '6a2f4c1e-5b1d-4c53-9f0e-0d1c2b3a4f5e',
      name: 'b',
      description: 'd',
      timestamp: '1',
      data: [{ id: 1, data: { id: 'x', module_type: 'action' } }]
    }
    const file = { format: 'retrace.blueprint', version: 1, default: true, blueprint: row, text: null }
    const bad: string[] = []
    for (const [where, value] of broken(file, repeat(5, 500), seed)) {
      const workspace = folder()
      mkdirSync(join(workspace, 'blueprints'), { recursive: true })
      writeFileSync(join(workspace, 'blueprints', `${row.uuid}.json`), JSON.stringify(value))
      const host = await open(workspace)
      const found = await mistakes(host, [
        ['blueprints.list', {}],
        ['blueprints.get', { uuid: row.uuid }],
        ['blueprints.export', { uuid: row.uuid }],
        ['blueprints.save', { uuid: row.uuid, name: 'n', description: '', nodes: [] }]
      ])
      if (found.length > 0) bad.push(`${where}: ${found.join()}`)
      await host.close()
    }
    expect(bad).toEqual([])
  }, 600_000)

  it('in answers of a MISP, and in what is there already', async () => {
    const host = await open()
    const bad: string[] = []
    for (const [path, answer] of Object.entries(answers))
      for (const [where, value] of broken(answer, repeat(4, 2000), seed)) {
        const found = await mistakes(host, [
          ['takeover.import', { name: path, text: JSON.stringify(value) }],
          ['world.list', {}],
          ['workspace.settings', {}]
        ])
        if (found.length > 0) bad.push(`${path} ${where}: ${found.join()}`)
      }
    bad.push(
      ...(await mistakes(host, [
        ['triggers.list', {}],
        ['modules.list', {}],
        ['run.needs', { workflow: { json: guard } }]
      ]))
    )
    expect(bad).toEqual([])
  }, 600_000)

  it('in a workflow', async () => {
    const host = await open()
    const bad: string[] = []
    for (const [where, json] of broken(guard, repeat(25, 5000), seed)) {
      const workflow = { json }
      const found = await mistakes(host, [
        ['workflows.check', { workflow }],
        ['workflows.save', { workflow: json, note: '', ifKnown: 'copy' }],
        ['run.needs', { workflow }],
        ['run.plan', { workflow, data: { json: eventOf(1) } }],
        ['run.start', { workflow, data: { json: eventOf(1) } }]
      ])
      if (found.length > 0) bad.push(`${where}: ${found.join()}`)
    }
    bad.push(
      ...(await mistakes(host, [
        ['workflows.list', {}],
        ['triggers.list', {}],
        ['modules.usage', {}]
      ]))
    )
    expect(bad).toEqual([])
  }, 600_000)

  it('in an event', async () => {
    const host = await open()
    const bad: string[] = []
    for (const [where, json] of broken(eventOf(1, ['tlp:red']), repeat(30, 5000), seed)) {
      const data = { json }
      const found = await mistakes(host, [
        ['data.import', { name: 'e', text: JSON.stringify(json) }],
        ['hash.extract', { data, path: 'Event.Tag.{n}.name' }],
        ['run.start', { workflow: { json: guard }, data }]
      ])
      if (found.length > 0) bad.push(`${where}: ${found.join()}`)
    }
    expect(bad).toEqual([])
  }, 600_000)

  it('in a post', async () => {
    const host = await open()
    const body = JSON.stringify({
      timestamp: '2024-10-21T12:00:00+00:00',
      source: { module_id: 'tag-if', node_id: 2 },
      data: eventOf(1)
    })
    const post = {
      at: '2024-10-21T12:00:00.000Z',
      opened: '2024-10-21T12:00:00.000Z',
      source: 's',
      method: 'POST',
      target: '/event-publish/exec/tag-if?result=success',
      headers: { a: 'b' },
      body
    }
    const bad: string[] = []
    const all = [
      ...broken(post, repeat(10, 500), seed),
      ...[...broken(JSON.parse(body), repeat(10, 2000), seed)].map(
        ([where, value]) => [where, { ...post, body: JSON.stringify(value) }] as const
      )
    ]
    for (const [where, value] of all) {
      const found = await mistakes(host, [
        ['capture.import', { name: 'p', text: JSON.stringify(value) }],
        ['posts.list', {}],
        ['runs.list', {}]
      ])
      if (found.length > 0) bad.push(`${where}: ${found.join()}`)
    }
    expect(bad).toEqual([])
  }, 600_000)
})

describe('what a page shows of a workflow', () => {
  it('is drawn, whatever stands in the places of its numbers and texts', () => {
    const framed = JSON.parse(
      JSON.stringify(guard).replace('"_frames":[]', '"_frames":{"f":{"text":"t","nodes":["1",2]}}')
    ) as Json
    const bad: string[] = []
    for (const [where, workflow] of broken(framed, repeat(200, 5000), seed)) {
      try {
        parseWorkflow(workflow, 'w')
      } catch {
        // Nobody is shown it.
        continue
      }
      try {
        const graph = workflowGraph(workflow)
        drawingOf(workflow)
        framesOf(graph)
        for (const key of keysOf(graph)) {
          positionOf(graph, key)
          nodeInfo(graph, key)
        }
      } catch (error) {
        bad.push(`${where}: ${String(error)}`)
      }
    }
    expect(bad).toEqual([])
  })

  it('is placed by numbers alone', () => {
    for (const what of strange.slice(0, 3)) {
      const placed = put(guard, ['Workflow', 'data', '2', 'pos_x'], what) as Json
      expect(positionOf(workflowGraph(placed), '2')).toEqual({ x: 0, y: 0 })
      expect(drawingOf(placed).nodes.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
    }
  })
})
