// What a person may write where a workflow, data or mocks are expected: a file as MISP or Retrace has it, or a name of their workspace or of a
// demonstration; what is neither is told what was expected.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolders } from '../host/temporary.ts'
import { retraceHere } from './here.ts'

const demos = fileURLToPath(new URL('../../../resources/workspaces', import.meta.url))
const folder = temporaryFolders()
const { RETRACE_USER_FOLDER: before } = process.env
let home = ''

/** Nobody's own workspace takes part. */
beforeEach(() => {
  home = folder()
  process.env.RETRACE_USER_FOLDER = join(home, 'retrace')
})
afterAll(() => {
  if (before === undefined) delete process.env.RETRACE_USER_FOLDER
  else process.env.RETRACE_USER_FOLDER = before
})

const readText = (file: string): string => readFileSync(file, 'utf8')
const own = (): string => join(home, 'retrace', 'workspace')

/** A workspace with the workflow “Mine” (mine-1), the data “A red event” (red-1) and the mocks “Answers”. */
function ownWorkspace(to = own()): void {
  cpSync(join(demos, 'publish-guard'), to, { recursive: true })
  const put = (name: string, from: string, change: (text: string) => string): void => {
    mkdirSync(join(to, name, '..'), { recursive: true })
    writeFileSync(join(to, name), change(from))
  }
  const workflow = join('workflows', 'publish-guard')
  cpSync(join(to, workflow), join(to, 'workflows', 'mine-1'), { recursive: true })
  const text = readText(join(to, workflow, '1.json'))
  put(join('workflows', 'mine-1', '1.json'), text, (one) =>
    one
      .replace('"id": "publish-guard"', '"id": "mine-1"')
      .replace('"name": "Block tlp:red, announce the rest"', '"name": "Mine"')
  )
  put(join('data', 'red-1.json'), readText(join(to, 'data', 'event-tlp-red.json')), (one) => one)
  put(join('data', 'red-1.meta.json'), readText(join(to, 'data', 'event-tlp-red.meta.json')), (one) =>
    one.replace('"id": "event-tlp-red"', '"id": "red-1"').replace('Event marked tlp:red', 'A red event')
  )
}

describe('without a workspace of one’s own', { timeout: 60_000 }, () => {
  it('names of demonstrations run, mixed with each other and with files', async () => {
    for (const args of [
      ['run', 'publish-guard', '--data', 'invoice-phishing'],
      ['run', 'Block tlp:red, announce the rest', '--data', 'Event marked tlp:red'],
      ['run', 'publish-guard', '--data', 'examples/event.json'],
      ['run', 'examples/workflow.json', '--data', 'event-tlp-red']
    ]) {
      const { status, out, err } = await retraceHere(...args)
      expect([args, status, err]).toEqual([args, 1, ''])
      expect(out).toMatch(/^blocked {2}3 steps/m)
    }
  })

  it('every command that takes a workflow, data or mocks takes names', async () => {
    const template = join(folder(), 'one.j2')
    writeFileSync(template, '{{ Event.id }}')
    const posts = 'examples/posts.ndjson'
    for (const [args, told] of [
      [['check', 'mail-on-pull'], /no problems|warning/],
      [['module', 'stop-execution', '--data', 'event-tlp-green'], /^Stop execution/],
      [['hash', 'get', 'Event.id', '--data', 'invoice-phishing'], /^"1842"$/],
      [['template', template, '--data', 'Invoice phishing'], /^\{"output":"1842"\}$/],
      [['normalize', 'event-publish', '--data', 'event-tlp-red'], /_AttributeFlattened/],
      [['upgrade', '--from', '2.5.1', '--to', '2.5.19', 'publish-guard'], /^Block tlp:red/],
      [['import', posts, '--graph', 'publish-guard'], /2 runs, 0 posts unassigned/],
      [
        ['run', 'exercise-hashlookup', '--data', 'open-event', '--mock', 'exercise-hashlookup-recorded'],
        /hashlookup \(mock: ok\)/
      ]
    ] as const) {
      const { out, err } = await retraceHere(...args)
      expect([args, out, err]).toEqual([args, expect.stringMatching(told), expect.not.stringContaining('error')])
    }
  })

  it('Retrace’s own files are taken: workflows, data, and mocks with pins', async () => {
    const at = join(demos, 'exercises')
    const given = ['--data', join(at, 'data', 'open-event.json')]
    const mock = ['--mock', join(at, 'mocks', 'exercise-hashlookup-recorded.json')]
    const { out } = await retraceHere('run', join(at, 'workflows/exercise-hashlookup/1.json'), ...given, ...mock)
    expect(out).toMatch(/hashlookup \(mock: ok\)/)
    const pins = { '2': { data: {}, success: false, errors: [] } }
    const file = join(folder(), 'pinned.json')
    writeFileSync(
      file,
      JSON.stringify({ format: 'retrace.mocks', version: 1, id: 'p', name: 'p', mocks: {}, pins, placeholders: {} })
    )
    expect((await retraceHere('run', 'publish-guard', ...given, '--mock', file)).out).toMatch(/pinned: node 2\b/)
    const events = ['upgrade', '--from', '2.5.1', '--to', '2.5.19', 'publish-guard', '--events', join(at, 'data')]
    // What a workspace keeps of its data sets beside them is no event.
    expect((await retraceHere(...events)).out).not.toContain('of another kind')
  })

  it('says what was expected, and which names are near', async () => {
    expect((await retraceHere('run', 'publish-gard', '--data', 'x')).err).toMatch(
      /^error FILE_NOT_FOUND: publish-gard is neither a file nor a workflow of your workspace or of the demonstrations; near it: Block tlp:red, announce the rest \(publish-guard\), /
    )
    expect((await retraceHere('run', 'publish-guard', '--data', 'invoice-fishing')).err).toMatch(
      /^error FILE_NOT_FOUND: invoice-fishing is neither a file nor a data set of .*; near it: Invoice phishing \(invoice-phishing\), /
    )
    expect((await retraceHere('hash', 'get', 'a', '--data', 'tlp-red')).err).toMatch(/neither a file nor a data set/)
    expect((await retraceHere('run', './gone.json', '--data', 'x')).err).toBe(
      'error FILE_NOT_FOUND: ./gone.json is neither a file nor a workflow of your workspace or of the demonstrations.'
    )
  })
})

describe('with a workspace of one’s own', { timeout: 60_000 }, () => {
  it('its names come first, run under its settings and world, and this is said', async () => {
    ownWorkspace()
    const { status, out, err } = await retraceHere('run', 'Mine', '--data', 'A red event')
    expect([status, err]).toEqual([1, `note settings and world are those of the workspace ${own()}`])
    expect(out).toMatch(/^Mine {2}event-publish/)
    expect((await retraceHere('run', 'mine-1', '--data', 'invoice-phishing')).out).toMatch(/^Mine {2}event-publish/)
    expect((await retraceHere('hash', 'get', 'Event.id', '--data', 'A red event')).out).toMatch(/^"\d+"$/)
    expect((await retraceHere('check', 'Mine')).out).toMatch(/no problems|warning/)
    expect((await retraceHere('run', 'mind', '--data', 'A red event')).err).toMatch(/near it: Mine \(mine-1\)/)
    // Files alone have nothing to do with it.
    expect((await retraceHere('run', 'examples/workflow.json', '--data', 'examples/event.json')).err).toBe('')
  })

  it('a workspace that was named answers alone', async () => {
    const there = join(folder(), 'ws')
    ownWorkspace(there)
    expect((await retraceHere('run', 'Mine', '--data', 'red-1', '--workspace', there)).status).toBe(1)
    expect((await retraceHere('run', 'Mine', '--data', 'invoice-phishing', '--workspace', there)).err).toMatch(
      /neither a file nor a data set of the workspace; near it/
    )
    expect((await retraceHere('hash', 'get', 'Event.id', '--data', 'red-1', '--workspace', there)).status).toBe(0)
    expect((await retraceHere('hash', 'get', 'a', '--data', 'open-event', '--workspace', there)).err).toMatch(
      /of the workspace; near it/
    )
  })
})
