// Makes test/fixtures/workspace-0.1.0 with the app's own operations: a workspace with every kind of file, and a user's folder. It was made once
// and stays as it is, for later versions to open: RETRACE_MAKE_FIXTURE=1 npx vitest run test/attack/old-workspace.test.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Listener } from '../../src/host/capture/listen/listener.ts'
import { closeJournal, openJournal } from '../../src/host/capture/journal/open-journal.ts'
import { parseSendTarget, sendPost } from '../../src/host/capture/listen/send.ts'
import { createHost } from '../../src/host/host.ts'
import { createFileKeys } from '../../src/host/ports/keys.ts'
import { createMistakeLog } from '../../src/host/ports/log.ts'
import { outlineFile, writeOutline } from '../../src/host/runs/outline.ts'
import { rememberAddress } from '../../src/server/last-address.ts'
import { interleave } from '../unit/host/capture/interleave.ts'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { ask, finished } from '../unit/host/hosting.ts'
import { workflowOf } from '../unit/host/samples.ts'

const workflow = workflowOf(
  {
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module: 'stop-execution', params: { message: 'not yet' } }
  },
  'Guard'
)

export const cipher = {
  encrypt: (text: string): Uint8Array => Buffer.from(text).reverse(),
  decrypt: (bytes: Uint8Array): string => Buffer.from(bytes).reverse().toString()
}

const postsOf = (seed: number, ids: readonly string[]) =>
  interleave({ seed, runs: ids.map((id) => recordedRuns().find((run) => run.id === id)!), atOnce: 1 }).posts

const first = ['run-067-filter-ids-flag', 'run-114-stop-default-event-after-save']

export async function makeWorkspace(folder: string): Promise<void> {
  const [workspace, user] = [join(folder, 'workspace'), join(folder, 'user')]
  const peer = createServer((request, response) => request.resume().on('end', () => response.end('ok')))
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve))
  const host = await createHost({
    workspace,
    userFolder: user,
    shell: 'terminal',
    version: '0',
    workerUrl: null,
    listen: true
  })
  const { id } = await ask(host, 'workflows.save', { workflow, note: 'first' })
  await ask(host, 'workflows.save', { workflowId: id, workflow, note: 'second' })
  await ask(host, 'drafts.save', { workflowId: id, base: 2, workflow })
  const gone = await ask(host, 'workflows.save', {
    workflow: workflowOf({ 1: { type: 'trigger', module: 'event-publish' } }, 'Gone'),
    note: ''
  })
  await ask(host, 'workflows.delete', { workflowIds: [gone.id] })
  await ask(host, 'blueprints.save', { name: 'Stop', description: 'Stops', nodes: [] })
  const data = await ask(host, 'data.import', {
    name: 'One event',
    text: '{"Event":{"id":"1","uuid":"11111111-2222-4333-8444-555555555555","info":"one event","Attribute":[]}}'
  })
  const old = await ask(host, 'data.import', { name: 'Old event', text: '{"Event":{"id":"2","info":"old"}}' })
  await ask(host, 'data.delete', { dataIds: [old.id] })
  await ask(host, 'mocks.save', {
    name: 'Answers',
    workflowId: id,
    mocks: { '2': { status: 500 } },
    pins: {},
    placeholders: {}
  })
  await ask(host, 'answers.import', {
    name: 'recorded',
    text: JSON.stringify([{ request: { module: 'dns', hostname: 'example.org' }, reply: { results: [] } }])
  })
  await ask(host, 'customModules.create', { id: 'mine', kind: 'action', language: 'js' })
  await ask(host, 'takeover.import', {
    name: 'tags.json',
    text: '{"Tag":[{"id":"1","name":"tlp:red","colour":"#ff0000"}]}',
    newWorld: false
  })
  const { runId } = await ask(host, 'run.start', {
    workflow: { workflowId: id },
    data: { dataId: data.id },
    options: {}
  })
  await finished(host, runId)
  await ask(host, 'runs.pin', { runIds: [runId], pinned: true })
  await writeOutline(outlineFile(host.workspace.runFile(runId), runId), 'key', {
    detail: (await ask(host, 'runs.get', { runId })) as never,
    workflow: null,
    rebuilt: false
  })
  const forward = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/default`
  const { url } = await ask(host, 'capture.configure', { port: 0, forward })
  const send = async (to: string, posts: ReturnType<typeof postsOf>): Promise<void> => {
    for (const { target, body } of posts)
      await sendPost(parseSendTarget(to), {
        meta: { at: 0, source: '', method: 'POST', target, headers: [] },
        body: Buffer.from(body)
      })
  }
  await send(url!, postsOf(1, first))
  await ask(host, 'storage.compact', {})
  await send(url!, postsOf(2, ['run-067-filter-ids-flag']))
  await ask(host, 'capture.configure', { forward: null })
  const { posts } = await ask(host, 'posts.list', { limit: 1000 })
  await ask(host, 'posts.move', { postIds: [posts[0]!.id], runId: null })
  await ask(host, 'storage.remove', {
    rules: { maxAgeDays: null, maxRuns: 2, maxBytes: null },
    until: new Date(Date.now() + 1e6).toISOString()
  })
  await send((await ask(host, 'capture.status', {})).url!, postsOf(3, ['run-114-stop-default-event-after-save']))
  const log = recordedRuns().find((run) => run.log !== '')!.log
  await ask(host, 'capture.import', { name: 'workflow-execution.log', text: log })
  await host.close()
  peer.close()
  await addLargePost(workspace)
  const trusted = join(user, 'trusted-modules.json')
  writeFileSync(trusted, readFileSync(trusted, 'utf8').replaceAll(workspace, '/home/somebody/workspace'))
  createMistakeLog(join(workspace, 'retrace.log'))('example', 'a mistake of an earlier day')
  mkdirSync(join(workspace, '.uploads'), { recursive: true })
  writeFileSync(join(workspace, '.uploads', '3f0f8a2e-0000-4000-8000-000000000000.upload'), '{"left":"behind"}')
  await rememberAddress(user, '/home/somebody/workspace', { port: 4711, token: 'a'.repeat(40) })
  await createFileKeys(join(user, 'keys.json'), cipher).set('misp https://misp.example.org', 'key')
}

/** One whose body is a file of its own, in the segment that is written last. */
async function addLargePost(workspace: string): Promise<void> {
  const { journal } = await openJournal(join(workspace, 'capture'))
  const listener = await Listener.start(journal, { port: 0, limits: { memoryBytes: 500 } })
  const { target } = postsOf(4, ['run-067-filter-ids-flag'])[0]!
  const body = Buffer.from(JSON.stringify({ large: 'x'.repeat(2000) }))
  await sendPost(parseSendTarget(`http://127.0.0.1:${listener.address.port}/default`), {
    meta: { at: 0, source: '', method: 'POST', target, headers: [] },
    body
  })
  await listener.stop()
  await closeJournal(journal)
}
