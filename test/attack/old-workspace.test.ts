// A workspace as version 0.1.0 wrote it, with every kind of file in it: every later version opens it without a problem and finds everything.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { unpackRun } from '../../src/contract/packed-steps.ts'
import { createFileKeys } from '../../src/host/ports/keys.ts'
import { recallAddress } from '../../src/server/last-address.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { cipher, makeWorkspace } from './make-workspace.ts'

const fixture = fileURLToPath(new URL('../fixtures/workspace-0.1.0', import.meta.url))
const { folder, open } = hosting()

it.runIf(process.env.RETRACE_MAKE_FIXTURE === '1')('makes the fixture', async () => {
  rmSync(fixture, { recursive: true, force: true })
  await makeWorkspace(fixture)
})

describe('a workspace of version 0.1.0', () => {
  it('has every kind of file', () => {
    const names = readdirSync(join(fixture, 'workspace'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(fixture.length + 'workspace'.length + 2))
    for (const kind of [
      ...[
        'catalogue.json',
        'workflows/guard/1.json',
        'workflows/guard/2.json',
        'workflows/.bin/gone/1.json',
        'drafts/guard.json'
      ],
      ...[
        'data/one-event.json',
        'data/one-event.meta.json',
        'data/.bin/old-event.json',
        'mocks/answers.json',
        'answers/recorded.json'
      ],
      ...[
        'modules/mine.js',
        'world/tags.json',
        'runs/index.ndjson',
        'capture/runs.ndjson',
        'capture/corrections.ndjson'
      ],
      ...['capture/removed.ndjson', 'capture/forward.json', 'retrace.log']
    ])
      expect(names).toContain(kind)
    for (const kind of [
      /^blueprints\/.*\.json$/,
      /^runs\/\d.*\.ndjson$/,
      /^runs\/outlines\//,
      /^capture\/\d+\.seg$/,
      /^capture\/\d+\.cseg$/,
      /^capture\/bodies\/.*\.body$/,
      /^capture\/logs\//,
      /^\.uploads\//
    ])
      expect(names.filter((name) => kind.test(name)).length, String(kind)).toBeGreaterThan(0)
  })

  it('opens without a problem, with everything in it', async () => {
    const root = folder()
    cpSync(fixture, root, { recursive: true })
    const host = await open(join(root, 'workspace'), { userFolder: join(root, 'user'), listen: true })
    const posts = await ask(host, 'posts.list', { limit: 1000 })
    expect(host.workspace.problems).toEqual([])
    expect((await ask(host, 'workflows.list', {})).map(({ id, version }) => [id, version])).toEqual([['guard', 2]])
    expect(await ask(host, 'workflows.restore', { workflowIds: ['gone'] })).toHaveLength(1)
    expect(await ask(host, 'drafts.get', { workflowId: 'guard' })).toMatchObject({ base: 2 })
    expect(await ask(host, 'blueprints.list', {})).toMatchObject([{ name: 'Stop' }])
    expect(await ask(host, 'data.list', {})).toMatchObject([
      { id: 'one-event', name: 'One event', events: [{ info: 'one event' }] }
    ])
    expect(await ask(host, 'data.restore', { dataIds: ['old-event'] })).toHaveLength(1)
    expect(await ask(host, 'mocks.list', {})).toMatchObject([{ id: 'answers' }])
    expect(await ask(host, 'answers.list', {})).toMatchObject([{ id: 'recorded', answers: 1 }])
    expect(await ask(host, 'customModules.list', {})).toMatchObject([{ file: 'mine.js', error: null }])
    expect(await ask(host, 'world.list', {})).toMatchObject([{ part: 'tags', rows: 1 }])
    expect(posts.total).toBeGreaterThan(10)
    const { runs } = await ask(host, 'runs.list', {})
    expect(new Set(runs.map(({ origin }) => origin))).toEqual(new Set(['local', 'captured', 'imported']))
    expect(runs.filter(({ pinned }) => pinned)).toMatchObject([{ origin: 'local', outcome: 'blocked' }])
    for (const { id } of runs) expect(unpackRun(await ask(host, 'runs.get', { runId: id })).summary.id).toBe(id)
    for (const { id } of posts.posts) await ask(host, 'posts.get', { postId: id })
    await host.close()
    expect(host.workspace.problems).toEqual([])
    expect(readdirSync(root, { recursive: true }).filter((name) => String(name).includes('.bad'))).toEqual([])
    expect(existsSync(join(root, 'workspace', '.uploads', '3f0f8a2e-0000-4000-8000-000000000000.upload'))).toBe(true)
    expect(await recallAddress(join(root, 'user'), '/home/somebody/workspace')).toMatchObject({ port: 4711 })
    expect(await createFileKeys(join(root, 'user', 'keys.json'), cipher).get('misp https://misp.example.org')).toBe(
      'key'
    )
  })
})
