// Runs of MISP's log are looked for among those that were captured, on the listener's thread: not each beside each.
import { expectLinear } from './work.ts'
import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../src/contract/run-views.ts'
import type { LogRun } from '../../src/host/capture/import/execution-log.ts'
import { matchRuns } from '../../src/host/capture/import/log-import.ts'

const noon = Date.parse('2024-10-21T12:00:00Z')
const captured = (size: number): RunSummary[] =>
  Array.from({ length: size }, (_, i) => ({
    ...{ id: `c${i}`, trigger: 't', outcome: 'success', steps: 1, words: 'webhook' },
    startedAt: new Date(noon).toISOString()
  })) as unknown as RunSummary[]
const logged = (size: number, startedAt: number): LogRun[] =>
  Array.from({ length: size }, () => ({
    ...{ trigger: 't', outcome: 'success', nodes: [{ moduleId: 'webhook' }], errors: [], startedAt }
  })) as unknown as LogRun[]

describe('runs of a log', () => {
  for (const [name, seconds] of Object.entries({ 'that were captured': 0, 'at other times': 7 }))
    it(`${name} cost what logs and captures are together`, () => {
      expectLinear(
        (size) => [logged(size, noon + seconds * 1000), captured(size)] as const,
        ([logs, runs]) => matchRuns([logs], runs),
        300
      )
    })

  it('are the captured ones in order, at whole quarters of an hour and a few seconds', () => {
    const runOf = (ms: number): string | undefined => matchRuns([logged(1, noon + ms)], captured(2))[0]?.run?.id
    const hour = 3_600_000
    expect([0, 3000, -3000, 2 * hour, -5 * hour + 2999, 15 * hour].map(runOf)).toEqual(Array(6).fill('c0'))
    expect([3001, -3001, 16 * hour, 7 * 60_000].map(runOf)).toEqual(Array(4).fill(undefined))
    expect(matchRuns([logged(3, noon)], captured(2)).map(({ run }) => run?.id)).toEqual(['c0', 'c1', undefined])
  })
})
