import { expect, it } from 'vitest'
import type { RunSummary } from '../../../src/contract/run-views.ts'
import { sortedRuns } from '../../../src/host/runs/run-order.ts'

const run = (id: string, workflowName: string | null, name: string | null): RunSummary =>
  ({ id, workflowName, name, workflowId: null, startedAt: `2024-01-01T00:00:0${id}.000Z` }) as RunSummary

it('sorts by the workflow whatever a run is named, and by the name where there is one', () => {
  const runs = [run('1', 'Zebra', 'a name'), run('2', 'Ant', null), run('3', 'Bee', 'Other name')]
  const ids = (by: 'workflow' | 'name') => sortedRuns(runs, { by, down: false }).map(({ id }) => id)
  expect(ids('workflow')).toEqual(['2', '3', '1'])
  expect(ids('name')).toEqual(['1', '3', '2'])
})
