// Which MISP a workspace, a workflow, a run and captured posts are treated as.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { newestProfile } from '../../../src/engine/profiles/profiles.ts'
import { recognisePosts } from '../../../src/host/capture/understand/recognise-posts.ts'
import { parsePost } from '../../../src/host/capture/understand/post-parse.ts'
import { Workspace } from '../../../src/host/store/workspace.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const { open, folder: temporaryFolder } = hosting()

const plain = workflowOf({
  1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
  2: { type: 'logic', module: 'tag-if', params: { scope: 'event', condition: 'in_or', tags: ['tlp:red'] } }
}) as Json
const newer = workflowOf({
  1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
  2: { type: 'logic', module: 'filter-tag', params: { scope: 'attribute' } }
}) as Json

describe('the profile of a workspace', () => {
  it('is the newest of a new one, and 2.5.1 of one that is there already', async () => {
    const folder = temporaryFolder()
    const fresh = await Workspace.open(join(folder, 'new'))
    expect(fresh.info().profile).toMatchObject({ profile: newestProfile, how: 'new', newer: null })
    await fresh.close()
    const again = await Workspace.open(join(folder, 'new'))
    expect(again.info().profile.profile).toBe(newestProfile)
    await again.close()
    const file = join(folder, 'new', 'catalogue.json')
    const { versions: _versions, ...old } = JSON.parse(readFileSync(file, 'utf8')) as JsonMap
    writeFileSync(file, JSON.stringify(old))
    const before = await Workspace.open(join(folder, 'new'))
    expect(before.info().profile).toMatchObject({ profile: '2.5.1', how: 'before', newer: newestProfile })
    await before.close()
  })

  it('stays 2.5.1 where the catalogue is lost or broken', async () => {
    const folder = temporaryFolder()
    await (await Workspace.open(folder)).close()
    writeFileSync(join(folder, 'catalogue.json'), '{')
    const broken = await Workspace.open(folder)
    expect(broken.info().profile.profile).toBe('2.5.1')
    await broken.close()
  })

  it('keeps what it cannot read of a newer Retrace', async () => {
    const folder = temporaryFolder()
    await (await Workspace.open(folder)).close()
    const file = join(folder, 'catalogue.json')
    const raw = JSON.parse(readFileSync(file, 'utf8')) as JsonMap
    const versions = { workspace: { profile: '3.1.0', how: 'chosen', evidence: [], more: 1 }, later: { a: 1 } }
    writeFileSync(file, JSON.stringify({ ...raw, versions }))
    const workspace = await Workspace.open(folder)
    expect(workspace.info().profile).toMatchObject({ profile: newestProfile, how: 'chosen' })
    await workspace.close()
    expect((JSON.parse(readFileSync(file, 'utf8')) as JsonMap).versions).toEqual(versions)
  })

  it('is asked by everything that shows modules, and chosen', async () => {
    const host = await open()
    const has = async (id: string) => (await ask(host, 'modules.list', {})).some((one) => one.id === id)
    expect(await has('filter-tag')).toBe(true)
    const triggers = (await ask(host, 'triggers.list', {})).length
    const state = await ask(host, 'profiles.choose', { for: 'workspace', profile: '2.4.177' })
    expect(state.workspace).toMatchObject({ profile: '2.4.177', how: 'chosen', newer: newestProfile })
    expect(await has('filter-tag')).toBe(false)
    expect((await ask(host, 'modules.get', { moduleId: 'webhook' })).version).toBe('0.4')
    expect((await ask(host, 'modules.get', { moduleId: 'webhook', profile: '2.5.1' })).version).toBe('0.7')
    expect((await ask(host, 'triggers.list', {})).length).toBeLessThan(triggers)
    await expect(ask(host, 'profiles.choose', { for: 'workspace', profile: '1.0x' })).rejects.toThrow('PROFILE_UNKNOWN')
    const near = await ask(host, 'profiles.choose', { for: 'workspace', profile: '2.4.208' })
    expect(near.workspace).toMatchObject({ profile: '2.5.19', note: expect.stringContaining('2.4.208') as string })
  })
})

it('offers the ad-hoc workflows of the workspace to run-workflow', async () => {
  const host = await open()
  await ask(host, 'workflows.save', {
    workflow: workflowOf({ 1: { type: 'trigger', module: 'adhoc_3' } }, 'Third') as Json
  })
  const { params } = await ask(host, 'modules.resolve', { moduleId: 'run-workflow' })
  expect(params.find(({ id }) => id === 'workflows')?.['options']).toEqual(['adhoc_3 :: Third'])
})

describe('the profile of a run', () => {
  const start = async (host: Awaited<ReturnType<typeof open>>, workflow: Json, profile?: string) => {
    const { runId } = await ask(host, 'run.start', {
      ...{ workflow: { json: workflow }, data: { json: eventOf(1) } },
      options: profile === undefined ? {} : { profile }
    })
    return finished(host, runId)
  }

  it('is the workspace’s, what its nodes say where nobody chose, or the one that is asked for', async () => {
    const host = await open()
    expect((await start(host, plain)).profile).toBe(newestProfile)
    expect((await start(host, plain, '2.4.198')).profile).toBe('2.4.198')
    await host.workspace.saveVersions({})
    expect((await start(host, plain)).profile).toBe('2.5.1')
    const recognised = await start(host, newer)
    expect(recognised.profile).toBe('2.5-newest')
    expect(recognised.assumptions[0]).toMatch(/^MISP 2\.5-newest was recognised: Node 2 is filter-tag/)
    await ask(host, 'profiles.choose', { for: 'workspace', profile: '2.5.1' })
    expect((await start(host, newer)).profile).toBe('2.5.1')
    const use = await ask(host, 'workflows.profile', { workflow: { json: newer } })
    expect(use).toMatchObject({ profile: '2.5.1', how: 'workspace' })
    expect(use.evidence[0]).toContain('filter-tag')
  })

  it('is the one of the workflow that it is chosen for, and stays when the run is run again', async () => {
    const host = await open()
    const { id: workflowId } = await ask(host, 'workflows.save', { workflow: plain })
    await ask(host, 'profiles.choose', { for: { workflowId }, profile: '2.4.177' })
    const { runId } = await ask(host, 'run.start', { workflow: { workflowId }, data: { json: eventOf(1) } })
    expect((await finished(host, runId)).profile).toBe('2.4.177')
    await ask(host, 'profiles.choose', { for: { workflowId }, profile: null })
    const { runId: again } = await ask(host, 'run.start', {
      workflow: { runId },
      data: { json: eventOf(1) },
      parent: runId
    })
    expect((await finished(host, again)).profile).toBe('2.4.177')
    expect((await ask(host, 'profiles.list', {})).workflows).toEqual({})
  })
})

describe('posts', () => {
  const post = (path: string, body: JsonMap) =>
    parsePost({ headers: [], target: path }, Buffer.from(JSON.stringify(body)))
  const exec = (more: JsonMap, module = 'tag-if', result = 'success') =>
    post(`/event-publish/exec/${module}?result=${result}`, {
      ...{
        source: { node_id: 2, module_id: module, filters: [], parameters: [] },
        timestamp: '2024-10-21T12:00:00+00:00'
      },
      ...{ data: {}, ...more }
    })

  it('tell the version by who started the run, by errors, modules, and nodes that were saved', () => {
    const of = (...posts: readonly ReturnType<typeof post>[]) => recognisePosts(posts, '2.5.1').profile
    expect(of(exec({ errors: [] }))).toBe('2.5.1')
    expect(of(exec({ errors: [], initiator_user_id: '1' }))).toBe('2.5-newest')
    expect(of(exec({ errors: [] }, 'filter-tag'))).toBe('2.5-newest')
    expect(recognisePosts([exec({ errors: ['x'] }, 'push-zmq', 'partial-success')], '2.4.177').profile).not.toBe(
      '2.4.177'
    )
    const node = { id: 2, data: { id: 'run-workflow', module_type: 'action', module_version: '0.1' } }
    const end = (executed: readonly JsonMap[], failed: readonly JsonMap[] = []) =>
      post('/event-publish/end?outcome=success', {
        ...{ source: { node_id: '', module_id: '', filters: '', parameters: '' }, timestamp: '' },
        data: { executed_nodes: executed, blocking_nodes: failed, blocked_paths: [] }
      })
    expect(of(end([node]))).toBe('2.5-newest')
    const failing = { id: 2, data: { id: 'push-zmq', module_type: 'action' } }
    expect(of(exec({}, 'push-zmq'), end([failing], [failing]))).toBe('2.4.177')
    expect(of(exec({}, 'push-zmq', 'partial-success'), end([failing], [failing]))).toBe('2.5.1')
    // What could not be loaded says nothing of the MISP that could not.
    expect(of(exec({}, 'run-workflow', 'loading_error'), end([node]))).toBe('2.5.1')
  })

  it('make captured runs of that version, unless a person chose one for their source', async () => {
    const host = await open()
    const { runId: local } = await ask(host, 'run.start', {
      ...{ workflow: { json: newer }, data: { json: eventOf(1) } },
      options: { profile: '2.5.19' }
    })
    await finished(host, local)
    const { postLine } = await import('../../../src/cli/posts.ts')
    const { readRunFile } = await import('../../../src/host/runs/run-file.ts')
    const { events } = await readRunFile(host.workspace.runFile(local))
    const lines = events.filter(({ type }) => type === 'post').map((event) => postLine(event, Date.UTC(2024, 1, 1)))
    await ask(host, 'profiles.choose', { for: 'workspace', profile: '2.4.198' })
    await ask(host, 'capture.import', { name: 'posts.ndjson', text: lines.join('\n') })
    const { runs } = await ask(host, 'runs.list', { filter: { origin: ['captured'] } })
    const { id: runId, source } = runs[0]!
    const profileOf = async () => (await ask(host, 'runs.open', { runId })).detail
    expect(await profileOf()).toMatchObject({ profile: '2.5-newest' })
    expect((await profileOf()).assumptions[0]).toContain('filter-tag')
    expect(Object.keys((await ask(host, 'profiles.list', {})).sources)).toEqual([source])
    await ask(host, 'profiles.choose', { for: { source: source! }, profile: '2.5.19' })
    expect(await profileOf()).toMatchObject({ profile: '2.5.19' })
  })
})

describe('what newer versions ask of a run', () => {
  const toast = (options: JsonMap) => async () => {
    const host = await open()
    return ask(host, 'module.execute', {
      ...{ moduleId: 'notify-user-toast', params: { toast_header: 'a', toast_body: 'b', variant: 'info' } },
      ...{ data: { json: eventOf(1) }, options }
    })
  }

  it('is who starts it: a toast without a user is a TypeError, as MISP has it', async () => {
    expect((await toast({})()).throwable).toMatchObject({ class: 'TypeError' })
    expect(await toast({ user: '1' })()).toMatchObject({ success: true, throwable: null })
  })

  it('is which ad-hoc workflows are enabled', async () => {
    const host = await open()
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'adhoc_1', params: { scope: 'passed_roaming_data', filters: '{}' } }
    }) as Json
    const start = async (settings: JsonMap) => {
      const { runId } = await ask(host, 'run.start', {
        ...{ workflow: { json: workflow }, data: { json: eventOf(1) }, options: { settings } }
      })
      return (await finished(host, runId)).summary.outcome
    }
    expect(await start({})).toBe('success')
    expect(await start({ enabled_adhoc: ['adhoc_1'] })).toBe('success')
    expect(await start({ enabled_adhoc: [] })).not.toBe('success')
  })

  it.each([
    [
      'aggregate_comparator_if',
      { aggregation_path: 'Event.Attribute.{n}.id', aggregation_type: 'sum', operator: 'greater', value: '1' }
    ],
    ['flowintel-create-case', { url: 'http://f.test', apikey: 'k', 'case-name': 'x' }],
    ['ai-extract-indicators', {}],
    ['send-report-to-cti-info-extractor', {}]
  ])('ends %s as cannot tell where MISP could not be read', async (moduleId, params) => {
    const host = await open()
    const { Event } = eventOf(1) as { Event: JsonMap }
    const report = { id: '1', uuid: '8993681d-2e95-4c28-8c1f-33f11e2dced2', name: 'r', content: 'x' }
    const settings = { 'Plugin.AI_services_enable': true }
    const data = { json: { Event: { ...Event, EventReport: [report] } } }
    const { cannotTell } = await ask(host, 'module.execute', { moduleId, params, data, options: { settings } })
    expect(cannotTell?.reason).toMatch(/not known to Retrace\.$/)
  })

  it('ends a run at what comes behind a filter that could not be read', async () => {
    const host = await open()
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        ...{ type: 'logic', module: 'filter-timestamp', to: { output_1: [3] } },
        params: { 'filtering-label': 'A', target: 'attribute', operator: 'less', value: '30d' }
      },
      3: { type: 'action', module: 'push-zmq' }
    }) as Json
    const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(1) } })
    const { summary } = await finished(host, runId)
    expect([summary.outcome, summary.outcomeText]).toEqual([
      'cannot tell',
      expect.stringContaining('not known to Retrace')
    ])
  })
})
