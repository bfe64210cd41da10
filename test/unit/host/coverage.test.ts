import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ask, hosting } from './hosting.ts'

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

it('keeps the ids of workflows away from the names of pages', async () => {
  const host = await open()
  const workflow = { Workflow: { name: 'Coverage', data: [] } }
  expect((await ask(host, 'workflows.save', { workflow })).id).not.toBe('coverage')
})
