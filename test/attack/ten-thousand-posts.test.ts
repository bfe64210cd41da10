// A busy MISP through the listener and the host: every post is in the run that it belongs to, none is lost, and an offline run does what MISP did.
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { parseSendTarget, sendPost } from '../../src/host/capture/listen/send.ts'
import { runAll, workflow } from '../unit/engine/run/builders.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { scale, seeded } from './scale.ts'

const { open } = hosting()
const seed = Number(process.env.RETRACE_SEED ?? 7)
const posts = scale(300, 10_000)
/** MISP's requests and workers run beside each other. */
const atOnce = 6

const filter = (label: string, to: readonly (readonly number[])[]) => ({
  id: 'generic-filter-data',
  params: { 'filtering-label': label, selector: 'Event.Tag', operator: 'in', value: 'x', hash_path: 'name' },
  to
})
/** Red events go another way than the others, which differ in length. */
const flow = workflow([
  { id: 'tag-if', params: { scope: 'event', condition: 'in_or', tags: ['red'], clusters: [] }, to: [[3], [4]] },
  { id: 'stop-execution', params: { message: 'too red' } },
  filter('A', [[5]]),
  { id: 'generic-if', params: { operator: 'in', value: 'x', hash_path: 'Event.info' }, to: [[6], []] },
  filter('B', [])
])

interface Post {
  readonly target: string
  readonly body: string
}

function postsOf(number: number, kind: number): readonly Post[] {
  const uuid = `c99506a6-1255-4b71-afa5-${String(number).padStart(12, '0')}`
  const Tag = kind === 0 ? [{ id: '1', name: 'red' }] : []
  const Event: JsonMap = {
    id: String(number),
    uuid,
    info: kind === 1 ? 'x' : 'y',
    published: false,
    distribution: '1',
    Tag
  }
  const events = runAll({ workflow: flow, data: { Event } })
  return events.flatMap((one: RunEvent): Post[] => {
    if (one.type !== 'post') return []
    const { path, query, body } = one.data.post
    return [{ target: `${path}?${query}`, body: JSON.stringify(body) }]
  })
}

describe(`${posts} posts of one MISP, seed ${seed}`, () => {
  it('are all in the runs that they belong to, and those are equal', { timeout: 1_200_000 }, async () => {
    const random = seeded(seed)
    const host = await open(undefined, { listen: true })
    await ask(host, 'profiles.choose', { for: 'workspace', profile: '2.5.1' })
    const settings = { 'MISP.host_org_id': 1, 'MISP.baseurl': 'http://misp.example.org' }
    await ask(host, 'workspace.set', { settings })
    await ask(host, 'workflows.save', { workflow: { Workflow: flow } })
    const { url } = await ask(host, 'capture.configure', { port: 0 })
    const to = parseSendTarget(url ?? '')
    const [truth, sent] = [new Map<number, string[]>(), ['']]
    const going: { readonly run: number; readonly rest: Post[] }[] = []
    let started = 0
    for (let seq = 1; seq <= posts || going.length > 0; seq++) {
      // Now and then an event is saved once more.
      const number = (run: number): number => (run % 10 === 9 ? run - 8 : run)
      while (going.length < atOnce && seq <= posts) {
        started++
        going.push({ run: started, rest: [...postsOf(number(started), number(started) % 3)] })
      }
      const at = Math.floor(random() * going.length)
      const one = going[at] as (typeof going)[number]
      const post = one.rest.shift() as Post
      const meta = { at: 0, source: '', method: 'POST', target: post.target, headers: [] }
      expect(await sendPost(to, { meta, body: Buffer.from(post.body) })).toBe(200)
      // An end says nothing of the event: those of two runs that went the same way are one text, and nobody can tell them apart.
      sent.push(`${post.target} ${post.body}`)
      truth.set(one.run, [...(truth.get(one.run) ?? []), sent[seq] as string])
      if (one.rest.length === 0) going.splice(at, 1)
    }
    const service = await host.capture.service()
    await service.idle()
    const found = [...service.runs.values()].map((run) => run.posts.map(([seq]) => sent[seq]).join('\n'))
    expect(found.sort()).toEqual([...truth.values()].map((own) => own.join('\n')).sort())
    const { accounts } = await ask(host, 'runs.rows', {})
    expect([accounts.waiting, accounts.unassigned]).toEqual([0, 0])
    const ids = [...service.runs.values()].map(({ id }) => id)
    const sample = Array.from({ length: scale(10, 100) }, () => ids[Math.floor(random() * ids.length)] as string)
    const reports = await ask(host, 'runs.verify', { runIds: [...new Set(sample)] })
    expect(reports.filter(({ verdict }) => verdict !== 'equal')).toEqual([])
  })
})
