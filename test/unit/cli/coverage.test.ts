// `retrace coverage` against counting by hand on the demonstrations.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Coverage } from '../../../src/contract/coverage.ts'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, workflowOf } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace } from './here.ts'

const folder = temporaryFolders()
beforeAll(() => void builtWorker())

const project = fileURLToPath(new URL('../../..', import.meta.url))
const demo = (name: string, workflow = name) => ({
  workflow: `resources/workspaces/${name}/workflows/${workflow}/1.json`,
  data: `resources/workspaces/${name}/data`
})

async function coverage(cwd: string, ...args: readonly string[]): Promise<Coverage> {
  const { out, err, status } = await retrace(cwd, 'coverage', ...args, '--json')
  expect([status, err]).toEqual([0, ''])
  return JSON.parse(out) as Coverage
}

function put(files: Readonly<Record<string, Json>>): string {
  const root = folder()
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), JSON.stringify(value))
  }
  return root
}

describe('retrace coverage', () => {
  it('counts both sides of a condition', async () => {
    const { workflow, data } = demo('publish-guard')
    expect(await coverage(project, workflow, '--events', data)).toEqual({
      ...{ percent: 100, covered: 11, total: 11, runs: 2, leftOut: 0 },
      nodes: { 1: 2, 2: 2, 3: 1, 4: 1, 5: 1 },
      edges: { '1.output_1->2': 2, '2.output_1->3': 1, '2.output_2->5': 1, '3.output_1->4': 1 },
      conditions: { 2: { true: 1, false: 1, alternatives: {}, without: {} } }
    })
  })

  it('counts each alternative inside a condition, found and not, and rounds down', async () => {
    const { workflow, data } = demo('no-third-party-queries')
    // Of 3 nodes, 2 connections, 2 sides and 2 × 2 alternatives tlp:red was never found: 10 of 11 are 90.9 %.
    expect(await coverage(project, workflow, '--events', data)).toEqual({
      ...{ percent: 90, covered: 10, total: 11, runs: 2, leftOut: 0 },
      nodes: { 1: 2, 2: 2, 3: 1 },
      edges: { '1.output_1->2': 2, '2.output_1->3': 1 },
      conditions: {
        2: {
          ...{ true: 1, false: 1 },
          alternatives: { 'tlp:red': 0, 'PAP:RED': 1 },
          without: { 'tlp:red': 2, 'PAP:RED': 1 }
        }
      }
    })
  })

  it('follows a concurrent task into its job, and data that is none is left out', async () => {
    const { workflow, data } = demo('exercises', 'exercise-bgp-ranking')
    expect(await coverage(project, workflow, '--events', data)).toMatchObject({
      ...{ percent: 100, runs: 2 },
      nodes: { 1: 2, 2: 2, 3: 2, 4: 2 },
      edges: { '1.output_1->2': 2, '2.output_1->3': 2, '3.output_1->4': 2 }
    })
    const root = put({ 'events/a.json': eventOf(1), 'events/b.json': { errors: 'x' } })
    const whole = await coverage(root, join(project, workflow), '--events', 'events')
    expect([whole.runs, whole.leftOut]).toEqual([1, 1])
  })

  it('counts the runs that MISP posted, whose posts do not say which connection was taken', async () => {
    const root = folder()
    await retrace(project, 'import', 'examples/workflow.json', '--workspace', root)
    await retrace(project, 'import', 'examples/posts.ndjson', '--workspace', root)
    const [name] = ['block-tlp-red-announce-the-rest']
    expect(await coverage(project, name, '--workspace', root)).toMatchObject({
      ...{ percent: 100, runs: 2 },
      edges: { '1.output_1->2': 2, '2.output_1->3': 1, '2.output_2->5': 1, '3.output_1->4': 1 },
      conditions: { 2: { true: 1, false: 1 } }
    })
    // The newest run was not blocked: 3 of 5 nodes, 2 of 4 connections, 1 of 2 sides.
    expect(await coverage(project, name, '--workspace', root, '--last', '1')).toMatchObject({ percent: 54, covered: 6 })
  })

  it('does not count what is disabled as run, nor steps behind it that were not reached', async () => {
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'push-zmq', to: { output_1: [3] } },
      3: { type: 'action', module: 'push-zmq' },
      4: { type: 'action', module: 'push-zmq' }
    })
    const root = put({
      'w.json': workflow,
      'events/e.json': eventOf(1),
      'settings.json': { enabled_modules: ['webhook'] }
    })
    const { nodes, edges } = await coverage(root, 'w.json', '--events', 'events', '--settings', 'settings.json')
    expect(nodes).toEqual({ 1: 1, 2: 0, 3: 0, 4: 0 })
    expect(edges['1.output_1->2']).toBe(1)
  })

  it('runs the cases that are about the workflow on it', async () => {
    const row = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        ...{ type: 'logic', module: 'tag-if', to: { output_1: [3] } },
        params: { scope: 'event', condition: 'in_or', tags: ['a', 'b'], clusters: [] }
      },
      3: { type: 'action', module: 'stop-execution', params: { message: 'no' } }
    })
    const testCase = (more: JsonMap): JsonMap => ({
      format: 'retrace.case',
      version: 1,
      expect: { outcome: 'success' },
      ...more
    })
    const other = workflowOf({ 1: { type: 'trigger', module: 'event-publish' } }, 'other')
    const root = put({
      'w.json': row,
      'cases/w.json': row,
      'cases/inside.case.json': testCase({ workflow: row, input: eventOf(1, ['a']) }),
      'cases/beside.case.json': testCase({ workflowFile: 'w.json', input: eventOf(1) }),
      'cases/named.case.json': testCase({ workflowName: 'sample', input: eventOf(1) }),
      'cases/other.case.json': testCase({ workflow: other, input: eventOf(1) })
    })
    const found = await coverage(root, 'cases/w.json', '--cases', 'cases')
    expect([found.runs, found.leftOut]).toEqual([3, 1])
    expect(found.conditions).toEqual({
      2: { true: 1, false: 2, alternatives: { a: 1, b: 0 }, without: { a: 2, b: 3 } }
    })
    // The one of another file is not about this one.
    expect((await coverage(root, 'w.json', '--cases', 'cases')).runs).toBe(2)
  })

  it('has status 1 below --min, and 3 without anything to look at', async () => {
    const { workflow, data } = demo('no-third-party-queries')
    const status = async (...args: string[]): Promise<number> =>
      (await retrace(project, 'coverage', workflow, ...args)).status
    expect(await status('--events', data, '--min', '90')).toBe(0)
    expect(await status('--events', data, '--min', '91')).toBe(1)
    expect(await status()).toBe(3)
    expect(await status('--events', 'nowhere')).toBe(3)
    expect(await status('--events', data, '--min', '101')).toBe(3)
  })

  it('shows what never ran', async () => {
    const { workflow, data } = demo('no-third-party-queries')
    const { out } = await retrace(project, 'coverage', workflow, '--events', data)
    expect(out).toContain('90 % covered  10 of 11, 2 runs')
    expect(out).toContain('    tlp:red: found never, not found 2×')
    expect(out).toContain('    output_1 → 3  1×')
  })
})
