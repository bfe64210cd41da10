// Recorded runs as a workspace has them: the posts as the listener took them, the workflow, and as much of the surroundings as is wanted.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Result } from '../../src/contract/operations.ts'
import type { VerifyReport } from '../../src/contract/verify.ts'
import { dig } from '../../src/engine/php/values.ts'
import { defaultProfile } from '../../src/engine/profiles/profiles.ts'
import { parseSendTarget, sendPost } from '../../src/host/capture/listen/send.ts'
import { createHost } from '../../src/host/host.ts'
import type { Host } from '../../src/host/host.ts'
import { ask } from '../unit/host/hosting.ts'
import { eventsOf } from './adapter.ts'
import type { RunCase } from './adapter.ts'

export interface SentPost {
  readonly target: string
  readonly body: JsonMap
}

interface Recorded {
  readonly path: string
  readonly query: string
  readonly body: JsonMap
}
interface RecordedJob {
  readonly result?: { readonly requests?: readonly Recorded[]; readonly jobs?: readonly RecordedJob[] }
}

const isPost = ({ path }: Recorded): boolean => /\/(init|end)$|\/(exec|debug)\/[^/]+$/.test(path)

/** Every debug post that MISP sent in a recorded run, those of its jobs behind it. */
export function postsOfCase(c: RunCase): readonly SentPost[] {
  const { requests, jobs } = c as unknown as {
    readonly requests: readonly Recorded[]
    readonly jobs: readonly RecordedJob[]
  }
  const ofJobs = (list: readonly RecordedJob[]): Recorded[] =>
    list.flatMap(({ result }) => [...(result?.requests ?? []), ...ofJobs(result?.jobs ?? [])])
  return [...requests, ...ofJobs(jobs ?? [])]
    .filter(isPost)
    .map(({ path, query, body }) => ({ target: query === '' ? path : `${path}?${query}`, body }))
}

export interface Given {
  readonly world: boolean
  readonly settings: boolean
  readonly answers: boolean
}

/** A workspace with what is given of a recorded run; its modules are on. */
export async function workspaceOf(folder: string, c: RunCase, given: Given): Promise<Host> {
  if (given.world) writeWorld(join(folder, 'world'), c)
  if (given.answers && c.input_data !== null) writeAnswers(join(folder, 'answers'), c)
  writeModules(join(folder, 'modules'))
  const host = await createHost({
    ...{ workspace: folder, shell: 'terminal', version: '0', workerUrl: null, listen: true },
    asked: { allow: [], modules: join(folder, 'modules') }
  })
  // Any free port: other tests listen at the same time.
  await ask(host, 'capture.configure', { port: 0 })
  await ask(host, 'profiles.choose', { for: 'workspace', profile: c.profile ?? defaultProfile })
  const settings = Object.keys(c.settings).length > 0 ? c.settings : baseSettings
  if (given.settings) {
    const lists = { enabled_triggers: c.enabled_triggers as Json, enabled_modules: c.enabled_modules as Json }
    await ask(host, 'workspace.set', { settings: { 'MISP.baseurl': 'https://misp.local.test', ...settings, ...lists } })
  }
  for (const workflow of [c.workflow, ...(c.extra_workflows ?? [])])
    await ask(host, 'workflows.save', { workflow: workflow as Json, ifKnown: 'copy' })
  return host
}

const baseSettings: JsonMap = {
  'Plugin.Workflow_enable': true,
  'Plugin.Workflow_debug_url': 'http://127.0.0.1:27051',
  'MISP.host_org_id': 1,
  'Security.rest_client_enable_arbitrary_urls': true
}

/** Sends the posts one after the other, as MISP does, and verifies the runs that they make. */
export async function verifySent(host: Host, posts: readonly SentPost[]): Promise<readonly VerifyReport[]> {
  const to = parseSendTarget(await listening(host))
  for (const { target, body } of posts)
    await sendPost(to, {
      meta: { at: 0, source: '', method: 'POST', target, headers: [] },
      body: Buffer.from(JSON.stringify(body))
    })
  const runs = await grouped(host, posts.length)
  const reports: VerifyReport[] = []
  for (const { id, origin } of runs)
    if (origin === 'captured') reports.push(await ask(host, 'run.verify', { runId: id }))
  return reports
}

const mostTries = 2000

/** Where posts go to, once the listener takes them. */
async function listening(host: Host): Promise<string> {
  for (let tries = 0; ; tries++) {
    const status = await ask(host, 'capture.status', {})
    if (status.url !== null) return status.url
    if (tries > mostTries) throw new Error(`the listener is ${status.state}: ${status.message}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** The runs, once every post is in one or is told as unassigned. */
async function grouped(host: Host, posts: number): Promise<Result<'runs.rows'>['runs']> {
  for (let tries = 0; ; tries++) {
    const { runs, accounts } = await ask(host, 'runs.rows', {})
    const listed = new Set((await ask(host, 'runs.list', { limit: 1000 })).runs.map(({ id }) => id))
    // What is not grouped yet counts as unassigned for a moment.
    const isWhole =
      runs.reduce((sum, run) => sum + run.posts, 0) === posts ||
      (accounts.total >= posts && accounts.waiting + accounts.unassigned === 0)
    // Posts that go into no run stay unassigned.
    if (runs.length > 0 && (isWhole || tries > mostTries / 2) && runs.every(({ id }) => listed.has(id))) return runs
    const found = runs.map((run) => `${run.id} ${run.posts} ${listed.has(run.id)}`)
    if (tries > mostTries)
      throw new Error(`${posts} posts are not grouped: ${found.join()} ${JSON.stringify(accounts)}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const put = (folder: string, name: string, value: unknown): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(value))
}

function writeWorld(folder: string, c: RunCase): void {
  for (const [part, rows] of Object.entries(c.world))
    if (Array.isArray(rows) && part !== 'events') put(folder, part, rows)
  const own = dig(c.input_data, 'Event', 'id')
  const events = Object.values(c.events).flatMap(({ id, event }) =>
    typeof event !== 'string' ? [event] : String(id) === own ? [c.input_data as JsonMap] : []
  )
  events.forEach((event, i) => put(join(folder, 'events'), String(i).padStart(4, '0'), event))
  put(folder, 'service_modules', c.service_modules.modules)
}

/** What the recorder's servers answered to each request of the run. */
function writeAnswers(folder: string, c: RunCase): void {
  const answers = eventsOf(c).flatMap((event) =>
    event.type === 'effect' && event.data.effect.kind !== 'template'
      ? [{ nodeId: event.data.nodeId, effect: event.data.effect, answer: event.data.answer }]
      : []
  )
  const down = { service: 'misp-modules', answer: { failure: 'refused', message: 'Connection refused' } }
  put(folder, 'recorded', {
    ...{ format: 'retrace.answers', version: 1, id: 'recorded', name: 'recorded' },
    ...{ importedAt: '2024-10-21T12:00:00.000Z', answers: c.misp_modules === 'up' ? answers : [...answers, down] }
  })
}

const modules: Readonly<Record<string, string>> = {
  throw: 'throw new Error(ctx.params.message)',
  typeerror: 'throw new TypeError(ctx.params.message)',
  fail: `let list; try { list = JSON.parse(ctx.params.message) } catch { ctx.addError(ctx.params.message); return false }
    for (const text of Object.values(list)) ctx.addError(text); return false`,
  failblock: 'ctx.addError(ctx.params.message); return false',
  okerr: 'ctx.addError(ctx.params.message); return true',
  set: `const { path, value } = JSON.parse(ctx.params.message); const data = await ctx.getData(); const keys = path.split('.'); let at = data
    for (const key of keys.slice(0, -1)) at = at[key] ??= {}
    at[keys.at(-1)] = value; await ctx.setData(data); return true`
}

/** The recorder's own modules, as a person would write their counterparts. */
function writeModules(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, body] of Object.entries(modules)) {
    const params = "[{ id: 'message', label: 'Message', type: 'input', default: 'oracle message' }]"
    const text = `import { defineModule } from 'retrace-module'
export default defineModule({ kind: 'action', id: 'oracle-${name}', name: 'oracle-${name}', params: ${params},${name === 'failblock' ? ' blocking: true,' : ''}
  async execute(ctx) { ${body} } })\n`
    writeFileSync(join(folder, `oracle-${name}.js`), text)
  }
}
