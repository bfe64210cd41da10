import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { stepSizes } from '../../../../src/host/worker/values/sizes.ts'
import type { OpenRun } from '../../../../src/host/worker/runs/open-run.ts'

const runOf = (normalized: Json, outputs: readonly Json[]): OpenRun =>
  ({ fold: { normalized, data: outputs.map((output) => ({ output })) } }) as unknown as OpenRun

describe('sizes of the data at each step', () => {
  it('are about those of the compact JSON, the trigger first', async () => {
    const first = { Event: { id: '1', Attribute: [{ value: 'a', to_ids: true }, null, 12.5] } }
    const second = { ...first, more: 'x'.repeat(100) }
    const sizes = await stepSizes(runOf(first, [first, second]))
    const exact = [first, first, second].map((value) => JSON.stringify(value).length)
    sizes.forEach((size, i) => expect(Math.abs(size - exact[i]!)).toBeLessThan(8))
  })

  it('are told for data that nests deep', async () => {
    let deep: Json = 'x'
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect((await stepSizes(runOf(deep, [])))[0]).toBeGreaterThan(200_000)
  })
})
