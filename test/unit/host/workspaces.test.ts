// A person's own workspace and the demonstrations beside it: what is looked at changes, what takes MISP's posts does not.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { HostEvent } from '../../../src/contract/events.ts'
import { createHost } from '../../../src/host/host.ts'
import type { AppHost } from '../../../src/host/host.ts'
import { createWorkspaces } from '../../../src/host/workspaces/workspaces.ts'
import { recordedRuns } from './capture/recorded-runs.ts'
import { ask } from './hosting.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const patience = { timeout: 15_000 }
let host: AppHost | null = null
afterEach(async () => {
  await host?.close()
  host = null
})

const place = (): { workspace: string; userFolder: string } => {
  const userFolder = folder()
  return { userFolder, workspace: join(userFolder, 'workspace') }
}
const start = async (at = place(), more: Partial<Parameters<typeof createWorkspaces>[0]> = {}): Promise<AppHost> =>
  (host = await createWorkspaces({
    ...at,
    shell: 'browser',
    version: '0',
    workerUrl: null,
    listener: { port: 0 },
    ...more
  }))

const codeOf = async (call: ReturnType<AppHost['call']>): Promise<string | null> => {
  const answer = await call
  return answer.ok ? null : answer.error.code
}

/** The address of the listener, once it has one. */
async function listenerOf(app: AppHost): Promise<string> {
  const { url } = await ask(app, 'capture.status', {})
  if (url === null) throw new Error('nobody listens')
  return url
}
/** As MISP posts; pages are refused. */
const firstPost = recordedRuns()[0]!.posts[0]!
const post = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    request(`${url}${firstPost.target}`, { method: 'POST', headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode))
    })
      .once('error', reject)
      .end(firstPost.body)
  })

describe('a first start', () => {
  it('opens an empty workspace of one’s own and offers the demonstrations', async () => {
    const at = place()
    const app = await start(at)
    const list = await ask(app, 'workspaces.list', {})
    expect([list.folder, list.demonstration, list.home.name]).toEqual([at.workspace, null, 'My workspace'])
    expect(list.demonstrations.map(({ id }) => id)).toContain('blocked-publish')
    expect((await ask(app, 'workflows.list', {})).length).toBe(0)
    expect((await ask(app, 'runs.list', {})).total).toBe(0)
    // Nothing is copied before somebody asks for it.
    expect(existsSync(join(at.userFolder, 'demonstrations'))).toBe(false)
  })
})

describe('a demonstration', () => {
  it('is looked at while the own workspace goes on taking posts, at the same address', async () => {
    const app = await start()
    const events: HostEvent[] = []
    app.listen((event) => events.push(event))
    const before = await listenerOf(app)
    const { start: first } = await ask(app, 'workspaces.open', { demonstration: 'blocked-publish' })
    expect(first).toMatch(/^#\/runs\//)
    expect(events.map(({ name }) => name)).toContain('workspaces.switched')
    expect((await ask(app, 'workflows.list', {})).length).toBe(3)
    expect(await listenerOf(app)).toBe(before)
    expect(await post(before)).toBe(200)
    expect((await ask(app, 'runs.list', {})).runs.map(({ origin }) => origin)).toEqual(['local'])

    await ask(app, 'workspaces.open', { folder: (await ask(app, 'workspaces.list', {})).home.folder })
    expect(await listenerOf(app)).toBe(before)
    await expect
      .poll(async () => (await ask(app, 'runs.list', {})).runs.map(({ origin }) => origin), patience)
      .toEqual(['captured'])
    expect((await ask(app, 'workflows.list', {})).length).toBe(0)
  })

  it('keeps what a person did in it', async () => {
    const app = await start()
    await ask(app, 'workspaces.open', { demonstration: 'publish-guard' })
    await ask(app, 'data.import', { name: 'mine', text: '{"Event": {"id": "1"}}' })
    await ask(app, 'workspaces.open', { demonstration: 'exercises' })
    await ask(app, 'workspaces.open', { demonstration: 'publish-guard' })
    expect((await ask(app, 'data.list', {})).map(({ name }) => name)).toContain('mine')
    expect(await codeOf(app.call('workspaces.open', { demonstration: '../exercises' }))).toBe('DEMO_NOT_FOUND')
  })
})

describe('another workspace of one’s own', () => {
  it('is made empty, takes the posts from then on, and the old one is one step away', async () => {
    const at = place()
    const app = await start(at)
    await ask(app, 'data.import', { name: 'first', text: '{"Event": {"id": "1"}}' })
    await ask(app, 'workspaces.create', { name: 'Cases 2026' })
    const list = await ask(app, 'workspaces.list', {})
    expect(list.own.map(({ name }) => name)).toEqual(['Cases 2026', 'My workspace'])
    expect(list.home.name).toBe('Cases 2026')
    expect((await ask(app, 'data.list', {})).length).toBe(0)
    expect(await post(await listenerOf(app))).toBe(200)
    await expect.poll(async () => (await ask(app, 'runs.list', {})).total, patience).toBe(1)

    await ask(app, 'workspaces.open', { folder: at.workspace })
    expect((await ask(app, 'data.list', {})).map(({ name }) => name)).toEqual(['first'])
    expect((await ask(app, 'runs.list', {})).total).toBe(0)
    expect(await post(await listenerOf(app))).toBe(200)
    expect(await codeOf(app.call('workspaces.create', { name: 'Cases 2026' }))).toBe('FILE_EXISTS')
    expect(await codeOf(app.call('workspaces.create', { name: '../x' }))).toBe('PARAMS_INVALID')
  })

  it('is not one that a page names without a person having opened it here', async () => {
    const app = await start()
    const elsewhere = folder()
    mkdirSync(join(elsewhere, 'capture'))
    writeFileSync(join(elsewhere, 'catalogue.json'), '{}')
    expect(await codeOf(app.call('workspaces.open', { folder: elsewhere }))).toBe('WORKSPACE_NOT_FOUND')
    expect((await ask(app, 'workspaces.list', {})).home.name).toBe('My workspace')
  })

  it('that another process holds, or that is none, leaves everything as it is', async () => {
    const app = await start(place(), { shell: 'desktop' })
    const before = await listenerOf(app)
    expect(await codeOf(app.call('workspaces.open', { folder: join(folder(), 'none') }))).toBe('WORKSPACE_NOT_FOUND')
    expect(await listenerOf(app)).toBe(before)
    expect(await post(before)).toBe(200)
  })

  it('leaves the list when it is told to, and its folder stays', async () => {
    const at = place()
    const app = await start(at)
    await ask(app, 'workspaces.create', { name: 'b' })
    expect((await ask(app, 'workspaces.forget', { folder: at.workspace })).own.map(({ name }) => name)).toEqual(['b'])
    expect(existsSync(at.workspace)).toBe(true)
  })
})

describe('one host', () => {
  it('by itself has no other workspaces', async () => {
    const alone = await createHost({ workspace: folder(), shell: 'terminal', version: '0', workerUrl: null })
    expect(await codeOf(alone.call('workspaces.list', {}))).toBe('OPERATION_NOT_READY')
    await alone.close()
  })
})
