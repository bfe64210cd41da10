// What a blocked run of each trigger meant for whoever did the thing in MISP.
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/contract/run.ts'
import { modulesOf } from '../../../src/engine/modules/table.ts'
import { blankSummary, RunFold } from '../../../src/engine/replay/fold.ts'

const triggers = modulesOf('2.5.1').list().modules_trigger

function blocked(trigger: string, pathType: 'blocking' | 'non-blocking') {
  const fold = new RunFold()
  const about = { triggerId: trigger, workflowId: '1', workflowName: 'w', profile: '2.5.1', assumptions: [], pathType }
  const end = { outcome: 'blocked', outcomeText: 'blocked', success: false, walk: null, blockingErrors: ['Not today.'] }
  const at = { runId: 'r', seq: 0, at: 0, nodeId: null }
  for (const [type, data] of [
    ['run.started', about],
    ['run.finished', end]
  ] as const)
    fold.apply({ ...at, type, data } as unknown as RunEvent)
  return fold.detail(fold.summary(blankSummary('r', '2024-10-21T12:00:00.000Z')))
}

describe('the consequence of a blocked run', () => {
  it('is said for every blocking trigger, with the text that MISP’s user saw', () => {
    const said = triggers
      .filter(({ blocking }) => blocking)
      .map(({ id }) => [id, blocked(id, 'blocking').consequence] as const)
      .sort()
    expect(said).toEqual([
      ['enrichment-before-query', 'The enrichment module was not queried.'],
      ['event-before-save', 'The event was not saved.'],
      ['event-publish', 'The event was not published.'],
      ['shadow-attribute-before-save', 'The proposal was not saved.'],
      ['user-before-save', 'The user was not saved.']
    ])
    expect(blocked('event-publish', 'blocking').blockingErrors).toEqual(['Not today.'])
  })
  it('is that nothing was stopped for a trigger that does not block', () => {
    expect(blocked('event-after-save', 'non-blocking').consequence).toContain('was not affected')
  })
})
