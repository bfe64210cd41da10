// Every operation and every command, over a workflow that holds every kind of secret, run here and captured from a MISP.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findCommand } from '../../../src/cli/commands.ts'
import { postLine } from '../../../src/cli/posts.ts'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { operations } from '../../../src/contract/operations.ts'
import type { OperationName, Params } from '../../../src/contract/operations.ts'
import { createHost, type Host } from '../../../src/host/host.ts'
import { readRunFile } from '../../../src/host/runs/run-file.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const mark = 'sEcReT'
const params = {
  webhook: {
    url: `http://me:${mark}1@hook.example.org/in?token=${mark}2`,
    headers: `Authorization: Bearer ${mark}3\nX-Vault: ${mark}4`,
    content_type: 'json',
    request_method: 'post'
  },
  'telegram-send-alert': { bot_token: `77:${mark}5`, chat_id: '1', message_body_template: 'seen' },
  'splunk-hec-export': { url: 'http://splunk.example.org/', hec_token: `${mark}6`, event_per_attribute: '1' }
}
const graph = workflowOf(
  {
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module: 'webhook', params: params.webhook, to: { output_1: [3] } },
    3: { type: 'action', module: 'telegram-send-alert', params: params['telegram-send-alert'], to: { output_1: [4] } },
    4: { type: 'action', module: 'splunk-hec-export', params: params['splunk-hec-export'] }
  },
  'all secrets'
)
/** The trigger is no part of a blueprint. */
const nodes = Object.values((graph['Workflow'] as JsonMap)['data'] as JsonMap).slice(1, 4)
/** Peers that repeat what they were asked with. */
const mocks = {
  webhook: { status: 500, body: `no such key ${mark}3, nor ${mark}4` },
  'telegram-send-alert': { status: 400, body: `bot 77:${mark}5 is unknown` }
}
const data = { json: eventOf(0) as Json }

interface Given {
  readonly host: Host
  readonly workflowId: string
  readonly local: string
  /** The same with other secrets and other answers. */
  readonly other: string
  readonly captured: string
  readonly dataId: string
  readonly posts: string
}
type Question = { readonly [N in OperationName]: readonly [N, Params<N>] }[OperationName]

const { folder, open } = hosting()
let given: Given
/** For what changes nothing: to make one takes longer than to ask it. */
let lasting: Given
const lastingFolder = mkdtempSync(join(tmpdir(), 'retrace-secrets-'))
beforeAll(async () => {
  lasting = await prepared(
    await createHost({ workspace: lastingFolder, shell: 'terminal', version: '0', workerUrl: null })
  )
})
afterAll(async () => {
  await lasting.host.close()
  rmSync(lastingFolder, { recursive: true, force: true })
})

async function prepared(host: Host): Promise<Given> {
  const { id: workflowId } = await ask(host, 'workflows.save', { workflow: graph as Json })
  const { id: mockSet } = await ask(host, 'mocks.save', { name: 'echo', mocks })
  const { runId: local } = await ask(host, 'run.start', { workflow: { workflowId }, data, options: { mockSet } })
  await finished(host, local)
  const another = JSON.parse(JSON.stringify(graph).replaceAll(mark, `${mark}-other`)) as Json
  const refused = JSON.parse(JSON.stringify(mocks).replaceAll(mark, `${mark}-other`).replaceAll('00', '03')) as JsonMap
  const answered = { workflow: { json: another }, data, options: { mocks: refused } }
  const { runId: other } = await ask(host, 'run.start', answered)
  await finished(host, other)
  const { events } = await readRunFile(host.workspace.runFile(local))
  const sent = events.filter(({ type }) => type === 'post').map((event) => postLine(event, Date.UTC(2024, 1, 1)))
  // The debug URL holds the source's secret, and stands in the target of each post.
  const posts = sent.map((line) => line.replace('"target":"/', `"target":"/site/${mark}7/`)).join('\n')
  await ask(host, 'capture.configure', { enabled: false, sources: [{ name: 'site', secret: `${mark}7` }] })
  await ask(host, 'capture.import', { name: 'posts.ndjson', text: posts })
  const { runs } = await ask(host, 'runs.list', { filter: { origin: ['captured'] } })
  const captured = runs[0]!.id
  const { id: dataId } = await ask(host, 'data.import', { name: 'e.json', text: JSON.stringify(data.json) })
  for (const [name, runId] of [
    ['One', local],
    ['Two', captured]
  ] as const)
    await ask(host, 'cases.keep', { runId, expect: ['outcome', 'path', 'effects', 'changes'], name })
  return { host, workflowId, local, other, captured, dataId, posts }
}

const which = ['params', 'post', 'errors', 'effects', 'view', 'input', 'output', 'original', 'normalized'] as const
const each = <T>(list: (runId: string, step: number) => readonly T[]) =>
  [given.local, given.captured].flatMap((id) => [1, 2, 3].flatMap((step) => list(id, step)))
const values = (name: 'run.value' | 'run.text', unmasked?: boolean): Question[] =>
  each((runId, step) =>
    which.map((one) => [name, { runId, step, which: one, ...(unmasked ? { unmasked } : {}) }] as Question)
  )
const sources = () => each((runId, step) => which.map((one) => ({ runId, step, which: one })))
const live = { options: { mocks, effects: { policy: 'live' as const } } }
const alone = () =>
  Object.entries(params).map(([moduleId, given]) => ({ moduleId, params: given, data, options: { mocks } }))
const effects = (runId = given.local) => [0, 1, 2].map((effect) => ({ runId, effect }))

const pairs = () => [
  { runId: given.local, otherId: given.other },
  { runId: given.other, otherId: given.local },
  { runId: given.captured, otherId: given.other }
]

const theirs = 'the person who edits it gave it, and takes it home in it'
const noData = 'answers nothing of a workflow, a post or a run'

/** What is asked of each operation, or why it is not. */
const table: { readonly [N in OperationName]: string | (() => readonly Question[]) } = {
  'calls.cancel': noData,
  'app.info': noData,
  'app.openedFiles': noData,
  'workspace.info': () => [['workspace.info', {}]],
  'workspace.settings': () => [['workspace.settings', {}]],
  'workspace.set': () => [['workspace.set', { settings: {} }]],
  'upgrade.look': 'what workflows.check answers, and names of modules',
  'upgrade.compare': 'answers names of modules, outcomes and words of ours',
  'impact.compare': 'answers outcomes and words of ours',
  'impact.report': 'what impact.compare answers',
  'coverage.of': 'answers counts by nodes, connections and the values that conditions ask for',
  'coverage.ofCases': 'what coverage.of answers',
  'coverage.report': 'what coverage.of answers',
  'upgrade.report': 'what upgrade.look and upgrade.compare answer',
  'profiles.list': noData,
  'profiles.choose': noData,
  'workflows.profile': 'answers names of modules only',
  'trust.list': () => [['trust.list', {}]],
  'trust.allow': () => [['trust.allow', { items: [] }]],
  'trust.decline': () => [['trust.decline', { items: [] }]],
  'template.limits': noData,
  'template.setLimits': noData,
  'runs.list': () => [['runs.list', {}]],
  'runs.rows': () => [['runs.rows', {}]],
  'run.events': () => each((runId) => [['run.events', { runId }]]),
  'run.follow': 'as run.events, of a run that was started to be followed: test/unit/cli/keep.test.ts looks',
  'runs.facets': () => [['runs.facets', {}]],
  'runs.get': () => [
    ['runs.get', { runId: given.local }],
    ['runs.get', { runId: given.captured }]
  ],
  'runs.open': 'what runs.get, run.why and run.changes answer, with the graph of run.workflow',
  'runs.preview': () => [
    ['runs.preview', { runId: given.local }],
    ['runs.preview', { runId: given.captured }]
  ],
  'runs.find': () => [
    ['runs.find', { question: { text: mark.slice(0, 4) } }],
    ['runs.find', { question: { text: 'hook.example.org' } }],
    ['runs.find', { question: { text: 'no such key' } }],
    ['runs.find', { question: { text: 'unknown', ignoreCase: true } }],
    ['runs.find', { question: { key: 'headers' } }],
    ['runs.find', { question: { path: 'Event.{s}' } }]
  ],
  'runs.compare': () => pairs().map((pair): Question => ['runs.compare', pair]),
  'runs.compareStep': () =>
    pairs().flatMap((pair) => [0, 1, 2].map((row): Question => ['runs.compareStep', { ...pair, row }])),
  'runs.differences': () => pairs().map((pair): Question => ['runs.differences', pair]),
  'runs.pin': () => [['runs.pin', { runIds: [given.local], pinned: true }]],
  'runs.rename': () => [['runs.rename', { runId: given.local, name: 'x' }]],
  'runs.delete': () => [['runs.delete', { runIds: [given.local] }]],
  'runs.restore': () => [['runs.restore', { runIds: [given.local] }]],
  'run.value': () => [
    ...values('run.value'),
    ...each((runId, step) => [
      ['run.value', { runId, step, which: 'post', path: ['body', 'source', 'parameters'] }] as Question,
      ['run.value', { runId, step, which: 'effects', path: [0, 'effect', 'headers', 0] }] as Question
    ]),
    ['run.value', { runId: given.captured, step: 3, which: 'post', path: ['body'] }]
  ],
  'run.search': () =>
    each((runId, step) =>
      which.map((one): Question => ['run.search', { runId, step, which: one, query: mark.slice(0, 4) }])
    ),
  'run.changes': () => each((runId, step): Question[] => [['run.changes', { runId, step }]]),
  'run.why': () => each((runId, step): Question[] => [['run.why', { runId, step }]]),
  'run.verify': () => [['run.verify', { runId: given.captured }]],
  'cases.make': () => [
    ['cases.make', { runId: given.local, expect: ['outcome', 'path', 'effects', 'changes'] }],
    ['cases.make', { runId: given.captured, expect: ['outcome', 'path', 'effects', 'changes'] }]
  ],
  'cases.keep': () => [
    ['cases.keep', { runId: given.local, expect: ['outcome', 'path', 'effects', 'changes'], name: 'One' }],
    ['cases.keep', { runId: given.captured, expect: ['outcome', 'path', 'effects', 'changes'], name: 'Two' }]
  ],
  'cases.import': noData,
  'cases.look': () => [['cases.look', {}]],
  'cases.list': () => [['cases.list', {}]],
  'cases.check': () => [['cases.check', { caseIds: ['one.case.json', 'two.case.json'] }]],
  'cases.test': () => [['cases.test', {}]],
  'cases.open': () => [['cases.open', { caseId: 'one.case.json' }]],
  'cases.updated': noData,
  'cases.update': noData,
  'cases.renamed': () => [['cases.renamed', { caseId: 'one.case.json', name: 'x' }]],
  'cases.rename': () => [['cases.rename', { caseId: 'one.case.json', name: 'x' }]],
  'cases.delete': () => [['cases.delete', { caseIds: ['two.case.json'] }]],
  'cases.restore': noData,
  'runs.verify': () => [['runs.verify', { runIds: [given.captured] }]],
  'verify.accept': noData,
  'verify.accepted': () => [['verify.accepted', {}]],
  'verify.unaccept': noData,
  'run.chain': () => [
    ['run.chain', { runId: given.local }],
    ['run.chain', { runId: given.captured }],
    ['run.chain', { runId: given.local, nodeId: 99 }]
  ],
  'run.blame': () =>
    each((runId, step): Question[] => [
      ['run.blame', { runId, step, path: ['Event', 'info'] }],
      ['run.blame', { runId, step, which: 'input', path: [] }]
    ]),
  'run.sizes': noData,
  'run.watch': () => each((runId) => [['run.watch', { runId, paths: ['Event.{s}'], from: 0, to: 4 }]]),
  'watches.get': () => each((runId) => [['watches.get', { runId }]]),
  'watches.set': () => each((runId) => [['watches.set', { runId, paths: ['Event.info'] }]]),
  'run.effects': () => [['run.effects', { runId: given.local }]],
  'run.text': () => values('run.text'),
  'run.workflow': 'the graph that editing, saving and running again need; the view hides the secrets of its nodes',
  'run.module': 'the parameters that running it again needs; the form hides their secrets',
  'run.start': noData,
  'run.again': noData,
  'run.step': noData,
  'run.paused': 'the roaming data of a run in progress, to be edited: what a person gave; parameters are not in it',
  'run.cancel': noData,
  'workflows.list': () => [['workflows.list', {}]],
  'workflows.get': theirs,
  'workflows.save': () => [['workflows.save', { workflow: graph as Json }]],
  'workflows.check': () => [['workflows.check', { workflow: { workflowId: given.workflowId } }]],
  'workflows.export': theirs,
  'workflows.delete': () => [['workflows.delete', { workflowIds: [given.workflowId] }]],
  'workflows.restore': () => [
    ['workflows.delete', { workflowIds: [given.workflowId] }],
    ['workflows.restore', { workflowIds: [given.workflowId] }]
  ],
  'workflows.revert': () => [['workflows.revert', { workflowId: given.workflowId, version: 1 }]],
  'drafts.get': theirs,
  'drafts.save': noData,
  'drafts.discard': noData,
  'blueprints.list': () => [['blueprints.list', {}]],
  'blueprints.get': theirs,
  'blueprints.import': noData,
  'blueprints.save': () => [['blueprints.save', { name: 'b', nodes }]],
  'blueprints.export': theirs,
  'blueprints.delete': noData,
  'workspaces.list': noData,
  'workspaces.open': noData,
  'workspaces.create': noData,
  'workspaces.forget': noData,
  'data.list': noData,
  'data.get': noData,
  'data.value': 'the roaming data, or a file of a person, as it is',
  'data.text': 'the roaming data, or a file of a person, as it is',
  'data.import': noData,
  'modules.list': noData,
  'modules.fromService': noData,
  'modules.get': noData,
  'module.execute': () => alone().map((one): Question => ['module.execute', one]),
  'module.plan': () => alone().map((one): Question => ['module.plan', { ...one, options: live.options }]),
  'module.explain': () => alone().map(({ moduleId, params }): Question => ['module.explain', { moduleId, params }]),
  'hash.extract': () => sources().map((data): Question => ['hash.extract', { data, path: '{s}' }]),
  'hash.get': () => sources().map((data): Question => ['hash.get', { data, path: 'headers' }]),
  'hash.explain': () => sources().map((data): Question => ['hash.explain', { data, path: '{s}' }]),
  normalize: () => sources().map((data): Question => ['normalize', { trigger: 'event-publish', data }]),
  'source.value': () => sources().map((data): Question => ['source.value', { data }]),
  'source.search': () => sources().map((data): Question => ['source.search', { data, query: mark.slice(0, 4) }]),
  'source.text': () => sources().map((data): Question => ['source.text', { data }]),
  'hash.complete': () => sources().map((data): Question => ['hash.complete', { data, path: '' }]),
  'hash.look': () => sources().map((data): Question => ['hash.look', { data, path: '{s}' }]),
  'hash.filter': () =>
    sources().map((data): Question => {
      const filters = { selector: '{s}', path: 'x', operator: 'in', value: 'x' }
      return ['hash.filter', { data, filters }]
    }),
  'template.render': () => sources().map((data): Question => ['template.render', { data, template: '{{ headers }}' }]),
  'template.renderLive': 'the same data as in template.render',
  'template.complete': () =>
    sources().map((data): Question => ['template.complete', { data, template: '{{ ', offset: 3 }]),
  'modules.resolve': () => [['modules.resolve', { moduleId: 'webhook' }]],
  'modules.usage': () => [['modules.usage', {}]],
  'triggers.list': () => [['triggers.list', {}]],
  'triggers.whyNot': () => [
    ['triggers.whyNot', { trigger: 'event-publish', data, workflow: { workflowId: given.workflowId } }]
  ],
  'data.rename': noData,
  'data.delete': noData,
  'data.restore': noData,
  'capture.status': 'the address to paste into MISP',
  'capture.settings': 'the address to paste into MISP',
  'capture.configure': 'the address to paste into MISP',
  'storage.info': noData,
  'storage.preview': noData,
  'storage.setRules': noData,
  'storage.remove': noData,
  'storage.compact': noData,
  'storage.stop': noData,
  'posts.list': () => [['posts.list', {}]],
  'posts.get': () => [1, 2, 3, 4, 5].map((id): Question => ['posts.get', { postId: String(id) }]),
  'posts.move': noData,
  'runs.merge': noData,
  'runs.split': noData,
  'posts.undo': noData,
  'log.list': () => [['log.list', {}]],
  'capture.import': noData,
  'posts.import': noData,
  'runs.export': () =>
    (['ndjson', 'json', 'workflow'] as const).map((format): Question => [
      'runs.export',
      { runId: given.captured, format }
    ]),
  'run.plan': () => [['run.plan', { workflow: { workflowId: given.workflowId }, data, ...live }]],
  'run.curl': () => effects().map((one): Question => ['run.curl', one]),
  'run.resend': () => effects().map((one): Question => ['run.resend', one]),
  'run.mail': noData,
  'run.worldChanges': () => [['run.worldChanges', { runId: given.local }]],
  'run.needs': () => [['run.needs', { workflow: { workflowId: given.workflowId } }]],
  'mocks.list': 'answers that a person wrote or chose',
  'mocks.save': 'answers that a person wrote or chose',
  'mocks.delete': 'answers that a person wrote or chose',
  'mocks.unpin': 'answers that a person wrote or chose',
  'run.mocks': 'answers of services, to be given again as they were; cookies are hidden',
  'answers.list': noData,
  'answers.import': noData,
  'answers.delete': noData,
  'live.settings': () => [['live.settings', {}]],
  'live.configure': () => [['live.configure', { smtp: { user: 'me', password: mark } }]],
  'live.test': noData,
  'world.list': noData,
  'world.value': 'the world as a person made it',
  'world.remove': noData,
  'world.restore': noData,
  'customModules.list': noData,
  'customModules.switch': noData,
  'customModules.create': noData,
  'customModules.text': noData,
  'takeover.sources': noData,
  'takeover.import': noData,
  'takeover.fetch': noData,
  'keys.list': noData,
  'keys.delete': noData
}

/** They get a workspace of their own. */
const changing: ReadonlySet<OperationName> = new Set<OperationName>([
  ...(['workspace.set', 'trust.allow', 'trust.decline', 'live.configure', 'watches.set', 'blueprints.save'] as const),
  ...(['runs.pin', 'runs.rename', 'runs.delete', 'runs.restore', 'run.verify', 'runs.verify', 'run.resend'] as const),
  ...(['cases.keep', 'cases.check', 'cases.test', 'cases.renamed', 'cases.rename', 'cases.delete'] as const),
  ...(['workflows.save', 'workflows.delete', 'workflows.restore', 'workflows.revert'] as const)
])

describe('secrets in what operations answer', () => {
  for (const name of Object.keys(operations) as OperationName[]) {
    const questions = table[name]
    if (typeof questions === 'string') continue
    it(`are masked by ${name}`, async () => {
      given = changing.has(name) ? await prepared(await open()) : lasting
      const asked = questions()
      let answered = 0
      for (const [operation, given_] of asked) {
        const answer = await given.host.call(operation, given_)
        // A value that a step does not have is an error, which may not show anything either.
        if (answer.ok) answered++
        expect(JSON.stringify(answer), JSON.stringify(given_)).not.toContain(mark)
      }
      expect(answered).toBeGreaterThan(0)
    })
  }

  it('are shown where they are asked for', async () => {
    const { host, local, captured } = lasting
    const shown = async (question: Question): Promise<string> =>
      JSON.stringify(await ask(host, question[0], question[1] as never))
    for (const runId of [local, captured]) {
      for (const step of [1, 2, 3])
        for (const which of ['params', 'post'] as const)
          expect(await shown(['run.text', { runId, step, which, unmasked: true }])).toContain(mark)
    }
    expect(await shown(['run.effects', { runId: local, unmasked: true }])).toContain(`${mark}5`)
    expect(await shown(['run.curl', { runId: local, effect: 0, unmasked: true }])).toContain(`${mark}4`)
    expect(await shown(['runs.export', { runId: captured, format: 'json', unmasked: true }])).toContain(`${mark}6`)
    expect(await shown(['posts.get', { postId: '2', unmasked: true }])).toContain(`${mark}3`)
  })
})

describe('secrets in what commands print', () => {
  beforeEach(async () => void (given = await prepared(await open())))

  interface Told {
    readonly name: string
    readonly args: (files: string) => readonly string[]
    /** Also asked with --secrets, which shows them. */
    readonly asks?: true
  }
  const workflowFile = (files: string) => join(files, 'workflow.json')
  const around = (files: string) => ['--data', join(files, 'event.json'), '--mocks', join(files, 'mocks.json')]
  const inWorkspace = () => ['--workspace', given.host.workspace.folder]
  const commands: readonly Told[] = [
    { name: 'run', args: (files) => [workflowFile(files), ...around(files)] },
    { name: 'run', args: (files) => [workflowFile(files), ...around(files), '--json'], asks: true },
    {
      name: 'run',
      args: (files) => [workflowFile(files), '--data', join(files, 'event.json'), '--effects', 'live']
    },
    ...Object.keys(params).flatMap((id): Told[] => {
      const args = (files: string) => [id, '--params', join(files, `${id}.json`), ...around(files)]
      return [
        { name: 'module', args },
        { name: 'module', args: (files) => [...args(files), '--json'], asks: true }
      ]
    }),
    { name: 'check', args: (files) => [workflowFile(files), '--json'] },
    { name: 'runs', args: () => [...inWorkspace(), '--json'] },
    { name: 'diff', args: () => [given.local, given.other, ...inWorkspace()] },
    { name: 'diff', args: () => [given.captured, given.other, ...inWorkspace(), '--json'] },
    { name: 'show', args: () => [given.local, ...inWorkspace()] },
    { name: 'show', args: () => [given.captured, ...inWorkspace()] },
    { name: 'show', args: () => [given.local, ...inWorkspace(), '--json'], asks: true },
    { name: 'show', args: () => [given.captured, ...inWorkspace(), '--json'], asks: true },
    { name: 'show', args: () => [given.local, '--step', '2', ...inWorkspace()], asks: true },
    { name: 'show', args: () => [given.captured, '--step', '2', ...inWorkspace(), '--json'], asks: true },
    { name: 'export', args: () => [given.captured, ...inWorkspace()], asks: true },
    { name: 'export', args: () => [given.captured, '--posts', ...inWorkspace()], asks: true },
    { name: 'export', args: () => [given.captured, '--workflow', ...inWorkspace()], asks: true },
    { name: 'import', args: (files) => [join(files, 'posts.ndjson'), '--json'] }
  ]

  function written(): string {
    const files = folder()
    mkdirSync(files, { recursive: true })
    const write = (name: string, value: unknown) =>
      writeFileSync(join(files, name), typeof value === 'string' ? value : JSON.stringify(value))
    write('workflow.json', graph)
    write('event.json', data.json)
    write('mocks.json', mocks)
    write('posts.ndjson', given.posts)
    for (const [id, one] of Object.entries(params)) write(`${id}.json`, one)
    return files
  }

  async function printed(name: string, args: readonly string[]): Promise<string> {
    const lines: string[] = []
    const entry = findCommand(name)!
    const command = await entry.load()
    const print = (line: string): void => void lines.push(line)
    const context = { args, usage: entry.usage, version: '0', root: '.', color: false, print, complain: print }
    await command(context).catch((error: unknown) => print(String(error)))
    return lines.join('\n')
  }

  it('are masked unless --secrets asks for them', async () => {
    const files = written()
    for (const { name, args, asks } of commands) {
      const words = args(files)
      const told = await printed(name, words)
      expect(told, `${name} ${words.join(' ')}`).not.toContain(mark)
      expect(told.length, `${name} ${words.join(' ')}`).toBeGreaterThan(10)
      if (asks) expect(await printed(name, [...words, '--secrets']), `${name} --secrets`).toContain(mark)
    }
  })

  it('stand in the posts of --posts, which are those that MISP would send', async () => {
    const files = written()
    const posts = join(files, 'out.ndjson')
    await printed('run', [workflowFile(files), ...around(files), '--posts', posts])
    expect(readFileSync(posts, 'utf8')).toContain(`${mark}3`)
  })
})
