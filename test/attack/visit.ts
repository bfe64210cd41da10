// Looks at everything that a workspace has, as the app would: whatever is broken in it, each answer is one, and posts are taken.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { OperationName } from '../../src/contract/operations.ts'
import { parseSendTarget, sendPost } from '../../src/host/capture/listen/send.ts'
import type { Host } from '../../src/host/host.ts'

export interface Visit {
  /** Everything that was said: problems and errors. */
  readonly said: string
  /** Codes of answers that are none of ours, with the operation. */
  readonly uncoded: readonly string[]
  readonly counts: { readonly workflows: number; readonly data: number; readonly runs: number; readonly posts: number }
}

const post = {
  meta: { at: 0, source: '', method: 'POST', target: '/default/x/init/5', headers: [] },
  body: Buffer.from('{}')
}

/** The status with which the listener answers a post. */
export async function postTo(host: Host): Promise<number> {
  const answer = await host.call('capture.configure', { port: 0, host: '127.0.0.1' })
  // Settings of a newer version are not changed: it listens as it does without any.
  const isNewer = !answer.ok && answer.error.code === 'STORE_VERSION_UNKNOWN'
  if (!answer.ok && !isNewer) throw new Error(`${answer.error.code} ${answer.error.message}`)
  const status = answer.ok ? answer : await host.call('capture.status', {})
  const { url, message } = (status.ok ? status.data : {}) as { url: string | null; message: string | null }
  if (isNewer && url === null && message?.includes('in use')) return 200
  if (url === null) throw new Error(message ?? 'the listener is off')
  return sendPost(parseSendTarget(url), post)
}

type Rows = readonly { readonly id: string }[]

/** `modules` false: modules, as custom ones take an interpreter each, are left out. `some`: whether one thing of many is looked at. */
export async function visit(host: Host, modules = true, some: () => boolean = () => true): Promise<Visit> {
  const said: string[] = []
  const uncoded: string[] = []
  const call = async <T>(name: OperationName, params: unknown): Promise<T | null> => {
    const answer = await host.call(name, params)
    if (answer.ok) return answer.data as T
    said.push(`${answer.error.code} ${answer.error.message}`)
    if (answer.error.code === 'INTERNAL') uncoded.push(`${name} ${JSON.stringify(params).slice(0, 200)}`)
    return null
  }
  const look = async (name: OperationName, params: unknown): Promise<unknown> => (some() ? call(name, params) : null)
  const workflows = (await call<Rows>('workflows.list', {})) ?? []
  for (const { id: workflowId } of workflows) {
    await look('workflows.get', { workflowId })
    await look('workflows.check', { workflow: { workflowId } })
    await look('drafts.get', { workflowId })
  }
  await look('drafts.get', { workflowId: 'guard' })
  for (const { uuid } of (await call<readonly { uuid: string }[]>('blueprints.list', {})) ?? [])
    await look('blueprints.get', { uuid })
  const data = (await call<Rows>('data.list', {})) ?? []
  for (const { id: dataId } of data) await look('data.value', { dataId, path: [] })
  const sets = (await call<Rows>('mocks.list', {})) ?? []
  await call('answers.list', {})
  for (const { part } of (await call<readonly { part: string; problem?: string }[]>('world.list', {})) ?? [])
    await look('world.value', { part, path: [] })
  said.push(JSON.stringify(await call('world.list', {})))
  if (modules) {
    said.push(JSON.stringify(await call('customModules.list', {})))
    await call('customModules.text', { file: 'mine.js' })
  }
  if (modules) await call('modules.list', {})
  await call('capture.settings', {})
  await call('capture.status', {})
  await call('storage.info', {})
  await call('triggers.list', {})
  const posts = await call<{ posts: Rows; total: number }>('posts.list', { limit: 1000 })
  for (const { id: postId } of posts?.posts ?? []) await look('posts.get', { postId })
  // The others are of the same kinds.
  let looked = 4
  const runs = (await call<{ runs: Rows }>('runs.list', { limit: 1000 }))?.runs ?? []
  for (const { id: runId } of runs) {
    await look('runs.get', { runId })
    await look('run.value', { runId, step: 0, which: 'input', path: [] })
    if (--looked < 0) continue
    for (const name of ['run.events', 'run.effects', 'run.mocks', 'run.worldChanges', 'run.workflow'] as const)
      await look(name, { runId })
    const step = { runId, step: 1 }
    await look('run.why', step)
    await look('run.chain', { runId })
    await look('run.chain', { runId, nodeId: 2 })
    await look('run.blame', { ...step, path: ['Event', 'info'] })
    await look('run.changes', step)
    for (const which of ['input', 'output', 'view', 'params', 'post', 'effects'] as const) {
      await look('run.value', { ...step, which, path: [] })
      await look('run.text', { ...step, which })
    }
    await look('run.sizes', { runId })
    await look('run.search', { ...step, which: 'output', query: 'a', in: 'key' })
    for (const format of ['ndjson', 'json', 'workflow']) await look('runs.export', { runId, format })
    await look('posts.list', { runId, limit: 1000 })
    await look('log.list', { runId })
  }
  await look('runs.rows', {})
  await call('runs.list', { search: 'a', filter: { roots: true } })
  await look('posts.list', { search: 'a', unassigned: true, limit: 1000 })
  for (const name of ['trust.list', 'live.settings', 'workspace.settings', 'takeover.sources', 'app.info'] as const)
    await look(name, {})
  for (const { id: dataId } of data) {
    await look('data.get', { dataId })
    await look('data.text', { dataId })
  }
  await call('runs.facets', {})
  await look('log.list', {})
  await call('workspace.info', {})
  const options = { effects: { policy: 'recorded' }, ...(sets[0] ? { mockSet: sets[0].id } : {}) }
  if (workflows[0] && data[0])
    await look('run.start', { workflow: { workflowId: workflows[0].id }, data: { dataId: data[0].id }, options })
  for (const { code, file, message } of host.workspace.problems) {
    said.push(`${code} ${file} ${message}`)
    if (code === 'INTERNAL') uncoded.push(message)
  }
  if (uncoded.length > 0) {
    const log = join(host.workspace.folder, 'retrace.log')
    if (existsSync(log) && statSync(log).isFile()) uncoded.push(readFileSync(log, 'utf8').slice(-3000))
  }
  return {
    said: said.join('\n'),
    uncoded,
    counts: { workflows: workflows.length, data: data.length, runs: runs.length, posts: posts?.total ?? -1 }
  }
}
