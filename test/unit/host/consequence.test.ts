// What a blocked run of each trigger meant for whoever did the thing in MISP.
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/contract/json.ts'
import type { RunEvent } from '../../../src/contract/run.ts'
import { modulesOf } from '../../../src/engine/modules/table.ts'
import { RunFold } from '../../../src/engine/replay/fold.ts'
import { blankSummary } from '../../../src/engine/replay/run-facts.ts'

const triggers = modulesOf('2.5.1').list().modules_trigger

function ended(
  trigger: string,
  pathType: 'blocking' | 'non-blocking',
  given: Json = {},
  outcome = 'blocked',
  between: readonly (readonly [type: string, data: unknown])[] = [],
  origin: 'local' | 'captured' = 'local'
) {
  const fold = new RunFold()
  const about = { triggerId: trigger, workflowId: '1', workflowName: 'w', profile: '2.5.1', assumptions: [], pathType }
  const end = { outcome, outcomeText: outcome, success: false, walk: null, blockingErrors: ['Not today.'] }
  const at = { runId: 'r', seq: 0, at: 0, nodeId: null }
  for (const [type, data] of [
    ['run.started', about],
    ['run.normalized', { original: given, normalized: given }],
    ...between,
    ['run.finished', end]
  ] as const)
    fold.apply({ ...at, type, data } as unknown as RunEvent)
  return fold.detail(fold.summary({ ...blankSummary('r', '2024-10-21T12:00:00.000Z'), origin }))
}

describe('the consequence of a blocked run', () => {
  it('is said for every blocking trigger, with the text of the block', () => {
    const said = triggers
      .filter(({ blocking }) => blocking)
      .map(({ id }) => [id, ended(id, 'blocking').consequence] as const)
      .sort()
    expect(said).toEqual([
      ['enrichment-before-query', 'The enrichment module was not queried.'],
      ['event-before-save', 'The event was not saved.'],
      ['event-publish', 'The event was not published.'],
      ['shadow-attribute-before-save', 'The proposal was not saved.'],
      ['user-before-save', 'The user was not saved.']
    ])
    expect(ended('event-publish', 'blocking').blockingErrors).toEqual(['Not today.'])
  })
  it.each<[string, Json, string, string]>([
    ['event-publish', { Event: { published: false } }, 'It stays unpublished', 'Job queued'],
    ['event-publish', { Event: { published: '0' } }, 'It stays unpublished', 'alert mails before the workflow runs'],
    ['event-publish', { Event: { published: true } }, 'keeps it marked as published', 'goes to no other server'],
    ['event-publish', { Event: { published: '1' } }, 'keeps it marked as published', 'nobody is shown it'],
    ['event-before-save', { Event: { info: 'new' } }, 'does not exist in MISP', 'only in MISP’s log'],
    ['event-before-save', { Event: { id: '7' } }, 'stays as it was', 'only in MISP’s log'],
    ['user-before-save', { id: '3' }, 'stays as before', 'could not be saved. Please, try again.'],
    ['shadow-attribute-before-save', {}, 'could not be saved', 'only in MISP’s log'],
    ['enrichment-before-query', {}, 'blocked enrichment', 'only in MISP’s log']
  ])('says what MISP keeps and shows: %s %j', (trigger, data, kept, shown) => {
    for (const outcome of ['blocked', 'failure'])
      for (const text of [kept, shown]) expect(ended(trigger, 'blocking', data, outcome).aftermath).toContain(text)
    // The operation died with it.
    expect(ended(trigger, 'blocking', data, 'aborted').aftermath).toBeNull()
  })
  it('says that a node unpublished the event, or that nobody knows', () => {
    const data = { Event: { id: '1', published: true } }
    const change = { op: 'changed', table: 'events', id: '1', fields: { published: ['1', '0'], timestamp: ['1', '2'] } }
    const node = { nodeId: 2, moduleId: 'tag_operation', moduleType: 'action' }
    const tagged = [['node.started', node] as const, ['world.changed', { change }] as const]
    expect(ended('event-publish', 'blocking', data, 'blocked', tagged).aftermath).toContain('which unpublished it')
    expect(ended('event-publish', 'blocking', data, 'blocked', [], 'captured').aftermath).toContain('unless a node')
  })
  it('is that nothing was stopped for a trigger that does not block', () => {
    expect(ended('event-after-save', 'non-blocking').consequence).toContain('was not affected')
  })
})
