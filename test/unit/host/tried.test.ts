import { expect, it } from 'vitest'
import { ask, hosting } from './hosting.ts'
import { guard } from './samples.ts'

const { open } = hosting()

it('coverage is told of a workflow that nothing ran yet', async () => {
  const host = await open()
  const report = await ask(host, 'coverage.report', { workflow: { json: guard as never }, workflowId: 'none' })
  expect(report).toMatchObject({ runs: 0, leftOut: 0 })
})
