// Two runs as posts: each kind of difference, and each reason for which nobody can tell, as far as the posts and the offline run tell it.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RunEvent } from '../../../../src/contract/run.ts'
import { OfflineBook } from '../../../../src/engine/replay/verify/offline.ts'
import { LaneBook } from '../../../../src/engine/replay/verify/posts.ts'
import { verifyRun } from '../../../../src/engine/replay/verify/verify.ts'
import type { Verified, VerifyInput } from '../../../../src/engine/replay/verify/verify.ts'
import { defaultProfile } from '../../../../src/engine/profiles/profiles.ts'

interface Step {
  readonly node: number
  readonly module: string
  readonly data: JsonMap
  readonly result?: string
  readonly params?: JsonMap
  readonly errors?: readonly string[]
  readonly branch?: 'output_1' | 'output_2'
  readonly job?: string
}
type Posted = Step | { readonly end: string } | { readonly event: Partial<RunEvent> }

const red: JsonMap = { Event: { id: '7', info: 'seen', Tag: [{ name: 'tlp:red' }] } }
const tagIf: JsonMap = { scope: 'event', condition: 'in_or', tags: ['tlp:red'], clusters: [] }
const condition = (branch: 'output_1' | 'output_2'): Step => ({
  ...{ node: 2, module: 'tag-if', data: red, params: tagIf, branch }
})
const zmq = (node: number, more: Partial<Step> = {}): Step => ({ node, module: 'push-zmq', data: red, ...more })
const success = { end: 'success' }

let seq = 0
const event = (type: string, data: object, nodeId: number | null = null): RunEvent =>
  ({ runId: 'run', seq: ++seq, at: 0, nodeId, type, data }) as unknown as RunEvent

const post = (path: string, query: string, body: JsonMap, job?: string): RunEvent =>
  event('post', { post: { method: 'POST', path, query, body }, ...(job === undefined ? {} : { job }) })

function stepEvents(step: Step): RunEvent[] {
  const { node, module, data, result = 'success', params = {}, errors = [], branch, job } = step
  const type = module === 'tag-if' ? 'logic' : 'action'
  const finished = { nodeId: node, moduleId: module, moduleType: type, result, success: true, errors, params }
  const source = { node_id: node, module_id: module, filters: [], parameters: params }
  const of = job === undefined ? {} : { job }
  return [
    event('node.finished', {
      ...finished,
      before: data,
      after: data,
      view: data,
      ...(branch ? { branch } : {}),
      ...of
    }),
    post(`/event-publish/exec/${module}`, `result=${result}`, { source, data, errors }, job)
  ]
}

function eventsOf(posted: readonly Posted[]): RunEvent[] {
  const start = [
    event('run.started', { triggerId: 'event-publish' }),
    post('/event-publish/init', 'type=blocking', { data: { original: red, normalized: red } })
  ]
  return start.concat(
    posted.flatMap((one) =>
      'event' in one
        ? [event(one.event.type ?? '', one.event.data ?? {})]
        : 'end' in one
          ? [post('/event-publish/end', `outcome=${one.end}`, { data: {} })]
          : stepEvents(one)
    )
  )
}

function verified(misp: readonly Posted[], here: readonly Posted[], more: Partial<VerifyInput> = {}): Verified {
  const seen = new LaneBook('run')
  for (const one of eventsOf(misp)) seen.take(one)
  const offline = new OfflineBook('run', defaultProfile)
  for (const one of eventsOf(here)) offline.take(one)
  return verifyRun({ seen, offline, times: { now: 0, from: 0, to: 0 }, ...more })
}

const laneOf = (posted: readonly Posted[]): LaneBook => {
  const book = new LaneBook('run')
  for (const one of eventsOf(posted)) book.take(one)
  return book
}

const other: JsonMap = { Event: { ...(red['Event'] as JsonMap), info: 'other' } }

describe('a difference', () => {
  it.each([
    ['data', [zmq(2, { data: other })], [zmq(2)], { step: 1, nodeId: 2, path: 'Event.info', actual: 'seen' }],
    ['parameter', [zmq(2, { params: { a: 'x' } })], [zmq(2, { params: { a: 'y' } })], { path: 'a', expected: 'x' }],
    ['order', [zmq(2), zmq(3), zmq(4)], [zmq(2), zmq(4), zmq(3)], { step: 2, nodeId: 3, expected: { nodeId: 3 } }],
    ['outcome', [zmq(2, { result: 'partial-success' })], [zmq(2)], { step: 1, expected: 'partial-success' }],
    ['errors', [zmq(2, { errors: ['a'] })], [zmq(2, { errors: ['b'] })], { path: '0', expected: 'a', actual: 'b' }],
    ['module', [zmq(2, { result: 'disabled_module' })], [zmq(2)], { step: 1, expected: 'disabled_module' }],
    ['extra step', [zmq(2), zmq(3)], [zmq(2)], { step: 2, nodeId: 3, expected: { nodeId: 3 }, actual: 'end' }]
  ] as const)('of the kind %s has its step and its values', (kind, misp, here, first) => {
    const { verdict, first: found } = verified([...misp, success], [...here, success])
    expect([verdict, found?.kind]).toEqual(['different', kind])
    expect(found).toMatchObject({ ...first, condition: null })
  })

  it('is a missing step where MISP’s end does not list it', () => {
    const { first } = verified([zmq(2), success], [zmq(2), zmq(3), success])
    expect(first).toMatchObject({ kind: 'missing step', step: null, expected: 'end', actual: { nodeId: 3 } })
  })

  it('is an outcome at the end', () => {
    const { first } = verified([zmq(2), { end: 'blocked' }], [zmq(2), success])
    expect(first).toMatchObject({ kind: 'outcome', step: null, expected: 'blocked', actual: 'success' })
  })

  it('of a branch has the condition and what it read', () => {
    const misp = [condition('output_2'), zmq(4), success]
    const here = [condition('output_1'), zmq(3), success]
    const { first, decided } = verified(misp, here)
    expect(decided).toEqual({ nodeId: 2, isTrue: true })
    expect(first).toMatchObject({ kind: 'branch', step: 1, nodeId: 2, condition: { result: true } })
    const flipped = verified(misp, here, { flip: () => laneOf(misp) }).first
    expect(flipped?.kind).toBe('branch')
    expect(flipped?.cause.text).toMatch(/took another branch: .* Offline it is true: .*tlp:red/)
    const facts = new Map(flipped?.condition?.facts.map(({ name, value }) => [name, value]))
    expect([...facts.keys()]).toEqual(['path', 'found', 'operator', 'value'])
    expect(facts.get('found')).toContain('tlp:red')
    expect(facts.get('value')).toContain('tlp:red')
    // Its other output does not lead where MISP went: it is not the branch.
    expect(verified(misp, here, { flip: () => laneOf(here) }).first?.kind).toBe('missing step')
  })

  it('that is accepted is counted, and what is behind its way is not compared', () => {
    const accepted = {
      ...{ id: 'a', workflowId: null, runId: 'run', nodeId: 2, reason: 'known', until: '2999-01-01', at: '' },
      ...({ kind: 'data', path: 'Event.info' } as const)
    }
    const told = verified([zmq(2, { data: other }), success], [zmq(2), success], { accepted: [accepted] })
    expect([told.verdict, told.accepted]).toEqual(['equal', [accepted]])
    const way = { ...accepted, kind: 'extra step' as const, nodeId: 3, path: null }
    const parted = verified([zmq(2), zmq(3), success], [zmq(2), success], { accepted: [way] })
    expect([parted.verdict, parted.remarks.map(({ text }) => text)]).toEqual([
      'equal',
      ['What is behind an accepted difference of the way was not compared.']
    ])
  })
})

const unknown = (type: string, data: JsonMap): Posted => ({ event: { type, data } as unknown as Partial<RunEvent> })
const differs: readonly Posted[] = [zmq(2, { data: other }), success]

describe('nobody can tell', () => {
  it.each([
    ['world', [unknown('note', { nodeId: 2, code: 'WORLD_UNKNOWN', text: 'No users are known.' }), zmq(2), success]],
    [
      'trigger',
      [
        unknown('trigger.fired', {
          ...{ triggerId: 'event-publish', runId: null, nodeId: 2, reason: 'no workflow uses this trigger' }
        }),
        ...[zmq(2), success]
      ]
    ],
    ['limit', [unknown('run.finished', { outcome: 'cannot tell', outcomeText: 'Too long.' }), zmq(2), success]],
    ['limit', [unknown('note', { nodeId: null, code: 'RUN_LIMIT', text: 'Too many jobs.' }), zmq(2), success]],
    ['limit', [unknown('job.finished', { job: '', cannotTell: 'The branch took too long.' }), zmq(2), success]]
  ] as const)('behind an unknown %s', (what, here) => {
    // A module that changes the data: what it wrote may come from there.
    const enrich = (posted: readonly Posted[]) =>
      posted.map((one) => ('node' in one ? { ...one, module: 'attach-enrichment' } : one))
    const told = verified(enrich(differs), enrich(here))
    expect([told.verdict, told.missing.map((one) => one.what)]).toEqual(['cannot tell', [what]])
    // What nothing unknown makes is a difference all the same.
    const params = verified([zmq(2, { params: { a: 'x' } }), success], [here[0] as Posted, zmq(2), success])
    expect(params.first?.kind).toBe('parameter')
  })

  it('behind a response that was not recorded', () => {
    const sent = unknown('effect', { nodeId: 2, effect: { kind: 'http' }, by: 'record' })
    const told = verified([zmq(2, { result: 'partial-success' }), success], [sent, zmq(2), success])
    expect([told.verdict, told.missing.map((one) => one.what)]).toEqual(['cannot tell', ['answer']])
    expect(told.missing[0]?.text.text).toMatch(/Import the answer, or mock it/)
  })

  it('where posts are missing: of a node, of the end, of a concurrent branch', () => {
    const texts = (told: Verified): Json => [told.verdict, told.missing.map((one) => `${one.what}: ${one.text.text}`)]
    expect(texts(verified([zmq(2)], [zmq(2), zmq(3), success]))).toEqual([
      'cannot tell',
      ['posts: MISP’s posts end before the run does. MISP stopped there, or posts are missing.']
    ])
    expect(texts(verified([zmq(2), zmq(4)], [zmq(2), zmq(3), zmq(4), success]))).toEqual([
      'cannot tell',
      ['posts: The post of a node is missing, and MISP went on behind it.']
    ])
    const job = zmq(5, { job: 'job-1' })
    expect(texts(verified([zmq(2), success], [zmq(2), success, job]))).toEqual([
      'cannot tell',
      ['posts: A concurrent branch has no more posts. Its worker may not have run, or its posts are missing.']
    ])
  })

  it('where the captured run may not be whole, as its doubts say', () => {
    const doubt = {
      what: 'grouping',
      text: verified([], []).remarks[0] ?? { text: 'x', verdict: 'depends', claims: [] }
    } as const
    const same = [zmq(2), success]
    expect(verified(same, same)).toMatchObject({ verdict: 'equal', equal: 3 })
    expect(verified(same, same, { doubts: [doubt] })).toMatchObject({ verdict: 'cannot tell', missing: [doubt] })
  })
})

describe('a run of 10,000 posts', () => {
  /** Every read of a key of the data counts. */
  function counted(value: JsonMap): { readonly value: JsonMap; readonly reads: () => number } {
    let reads = 0
    const watched = new Proxy(value, {
      ownKeys(target) {
        reads++
        return Reflect.ownKeys(target)
      }
    })
    return { value: watched, reads: () => reads }
  }

  it('is compared with work that grows as the run does: data that goes on unchanged is compared once', () => {
    const work = (posts: number): number => {
      const [theirs, ours] = [counted({ ...red }), counted({ ...red })]
      const steps = (data: JsonMap) => Array.from({ length: posts }, (_, i) => zmq(i + 2, { data }))
      const told = verified([...steps(theirs.value), success], [...steps(ours.value), success])
      expect([told.verdict, told.equal]).toEqual(['equal', posts + 2])
      return theirs.reads() + ours.reads()
    }
    expect(work(10_000)).toBe(work(10))
  })

  it('whose last data differ is found at its last step', () => {
    const steps = Array.from({ length: 10_000 }, (_, i) => zmq(i + 2))
    const last = zmq(10_001, { data: other })
    const told = verified([...steps.slice(0, -1), last, success], [...steps, success])
    expect(told.first).toMatchObject({ kind: 'data', step: 10_000, path: 'Event.info' })
  })
})
