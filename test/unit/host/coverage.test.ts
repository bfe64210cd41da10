import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { JsonMap } from '../../../src/contract/json.ts'
import { ask, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const { open, folder } = hosting()
const demonstrations = fileURLToPath(new URL('../../../resources/workspaces', import.meta.url))

it('counts the stored run of a demonstration and a run on its data set', async () => {
  const root = folder()
  cpSync(join(demonstrations, 'blocked-publish'), root, { recursive: true })
  const host = await open(root)
  const workflow = { workflow: { workflowId: 'demo-1' }, workflowId: 'demo-1' }
  const { percent, runs, nodes, conditions } = await ask(host, 'coverage.report', { ...workflow, data: true })
  // Both were blocked: of 5 nodes, 4 connections, 2 sides and 2 × 2 alternatives 4, 3, 1 and 2 are covered.
  expect({ percent, runs, nodes }).toEqual({ percent: 66, runs: 2, nodes: { 1: 2, 2: 2, 3: 2, 4: 2, 5: 0 } })
  expect(conditions['2']).toEqual({
    ...{ true: 2, false: 0 },
    alternatives: { 'tlp:red': 2, 'PAP:RED': 2 },
    without: { 'tlp:red': 0, 'PAP:RED': 0 }
  })
  expect((await ask(host, 'coverage.report', { ...workflow, runs: 0 })).runs).toBe(0)
})

it('counts a value for itself, whatever a run of another version asked for in its place', async () => {
  const root = folder()
  cpSync(join(demonstrations, 'blocked-publish'), root, { recursive: true })
  const host = await open(root)
  const file = readFileSync(join(root, 'workflows', 'demo-1', '1.json'), 'utf8')
  const { workflow } = JSON.parse(file.replaceAll('PAP:RED', 'tlp:green')) as { readonly workflow: JsonMap }
  const { runs, conditions } = await ask(host, 'coverage.report', {
    workflow: { json: workflow },
    workflowId: 'demo-1'
  })
  expect(runs).toBe(1)
  // Its event has PAP:RED, which the stored run asked for, and no tlp:green.
  expect(conditions['2']).toMatchObject({ alternatives: { 'tlp:red': 1, 'tlp:green': 0 }, without: { 'tlp:green': 1 } })
})

it('keeps the ids of workflows away from the names of pages', async () => {
  const host = await open()
  const workflow = { Workflow: { name: 'Coverage', data: [] } }
  expect((await ask(host, 'workflows.save', { workflow })).id).not.toBe('coverage')
})

const setOf = (runs: number) => ({ runs, data: false, cases: true })

it('counts the cases of the workspace that are about the workflow, and files that a person chose', async () => {
  const root = folder()
  cpSync(join(demonstrations, 'blocked-publish'), root, { recursive: true })
  const host = await open(root)
  const workflow = { workflow: { workflowId: 'demo-1' }, workflowId: 'demo-1' }
  const put = (name: string, value: JsonMap): void => {
    mkdirSync(join(root, 'cases', 'more'), { recursive: true })
    writeFileSync(join(root, 'cases', name), JSON.stringify({ format: 'retrace.case', version: 1, ...value }))
  }
  for (let i = 0; i < 12; i++)
    put(`more/${i}.case.json`, { workflowName: 'Publish guard', input: eventOf(1), expect: { outcome: 'success' } })
  put('red.case.json', { workflowName: 'demo-1', input: eventOf(1, ['tlp:red']), expect: { outcome: 'blocked' } })
  put('other.case.json', {
    workflow: workflowOf({ 1: { type: 'trigger', module: 'event-publish' } }, 'x'),
    input: {},
    expect: { outcome: 'success' }
  })
  put('gone.case.json', { workflowName: 'not here', input: eventOf(1), expect: { outcome: 'blocked' } })
  const { runs, leftOut, nodes, conditions } = await ask(host, 'coverage.report', { ...workflow, ...setOf(0) })
  expect({ runs, leftOut, nodes }).toEqual({ runs: 13, leftOut: 2, nodes: { 1: 13, 2: 13, 3: 1, 4: 1, 5: 12 } })
  expect(conditions['2']).toMatchObject({ true: 1, false: 12, alternatives: { 'tlp:red': 1, 'PAP:RED': 0 } })

  const files = await Promise.all(
    [eventOf(1), { errors: 'no event' }].map(async (value, i) => {
      const uploadId = await host.uploads.receive(Readable.from([JSON.stringify(value)]))
      return { uploadId, name: `${i}.json` }
    })
  )
  const settings = { enabled_modules: ['tag-if'] }
  const question = { ...workflow, runs: 0, files, options: { settings } }
  const ofFiles = await ask(host, 'coverage.report', question)
  // What is disabled did not run.
  expect([ofFiles.runs, ofFiles.leftOut, ofFiles.nodes]).toEqual([1, 1, { 1: 1, 2: 1, 3: 0, 4: 0, 5: 0 }])
  // The uploads are of that question only.
  expect(await host.call('coverage.report', question)).toMatchObject({ ok: false, error: { code: 'UPLOAD_NOT_FOUND' } })
})

it('names the case that it cannot read', async () => {
  const root = folder()
  cpSync(join(demonstrations, 'blocked-publish'), root, { recursive: true })
  const host = await open(root)
  mkdirSync(join(root, 'cases'))
  writeFileSync(join(root, 'cases', 'odd.case.json'), '{')
  const asked = { workflow: { workflowId: 'demo-1' }, workflowId: 'demo-1', ...setOf(0) }
  const answer = await host.call('coverage.report', asked)
  expect(answer).toMatchObject({ ok: false, error: { message: expect.stringContaining('odd.case.json') as string } })
})
