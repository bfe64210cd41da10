// What people's cases showed, on the command line: each prints its right value.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { builtWorker } from '../host/built-worker.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retraceIn } from './here.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = temporaryFolders()
const fixture = (name: string, file: string): string => join(root, 'test/fixtures/cases', name, file)

/** Lines are broken where the terminal ends. */
const plain = (text: string): string => text.replace(/\s+/g, ' ')

const run = async (name: string, ...more: readonly string[]): Promise<string> =>
  plain(await retrace(folder(), 'run', fixture(name, 'workflow.json'), '--data', fixture(name, 'event.json'), ...more))

beforeAll(() => void builtWorker())

const retrace = async (cwd: string, ...args: readonly string[]): Promise<string> => {
  const { out, err } = await retraceIn({ cwd }, ...args)
  return `${err}${out}`
}

describe('a case from practice', () => {
  it('F04: names the nodes that are skipped behind a failed action', async () => {
    const out = await run('F04-skipped-nodes-silent')
    expect(out).toContain('skipped node 3 tag_operation, node 4 reload-full-event')
    expect(out).toContain('they are behind Send Mail (node 2), which failed (The mail template is empty)')
  }, 60_000)

  it('F04: names them of a kept run and of its posts, too', async () => {
    const cwd = folder()
    const name = 'F04-skipped-nodes-silent'
    const files = [fixture(name, 'workflow.json'), '--data', fixture(name, 'event.json')]
    await retrace(cwd, 'run', ...files, '--posts', 'posts.ndjson')
    await retrace(cwd, 'import', 'posts.ndjson', '--workspace', 'ws')
    await retrace(cwd, 'run', ...files, '--workspace', 'ws', '--keep')
    const runs = JSON.parse(await retrace(cwd, 'runs', '--workspace', 'ws', '--json')) as readonly { id: string }[]
    expect(runs.length).toBe(2)
    for (const { id } of runs) {
      const ws = ['--workspace', 'ws']
      for (const command of ['show', 'why']) {
        const told = plain(await retrace(cwd, command, id, ...ws))
        expect(told, `${command} ${id}`).toMatch(/skipped node 3.* behind Send Mail \(node 2\), which failed/)
      }
      expect(plain(await retrace(cwd, 'why', id, '--node', '3', ...ws))).toMatch(/was skipped, because it is behind/)
    }
  }, 120_000)

  it('F05: names the error of a template, and that the whole event goes out', async () => {
    const name = 'F05-template-error-called-ok'
    const out = await run(name)
    expect(out).toMatch(/effect template of payload \(renderer: TemplateSyntaxError: .*'endfor'/)
    expect(out).toMatch(/with the whole roaming data as JSON \(the payload is empty: its template failed/)
    const events = await retrace(
      folder(),
      ...['run', fixture(name, 'workflow.json'), '--data', fixture(name, 'event.json'), '--json']
    )
    expect(events).toMatch(/"error":"template of payload: TemplateSyntaxError: /)
    expect(plain(await retrace(folder(), 'check', fixture(name, 'workflow.json')))).toMatch(
      /warning TEMPLATE_INVALID node 2 .*TemplateSyntaxError: .* MISP uses an empty text instead, and the whole roaming data is sent\./
    )
  }, 60_000)

  it('F06: explains a node with its own filter, also in the step of a kept run', async () => {
    const said = 'of the items of `Event._AttributeFlattened.{n}` where `type` equals `hostname`'
    expect(await run('F06-explanation-without-filter')).toContain(`Clears the IDS flag ${said}`)
    const cwd = folder()
    const name = 'F06-explanation-without-filter'
    const files = [fixture(name, 'workflow.json'), '--data', fixture(name, 'event.json')]
    const kept = /kept as (\S+)/.exec(await retrace(cwd, 'run', ...files, '--workspace', 'ws', '--keep'))?.[1] ?? ''
    const shown = await retrace(cwd, 'show', kept, '--step', '1', '--workspace', 'ws', '--json')
    expect((JSON.parse(shown) as { explain: string }).explain).toContain(said)
  }, 60_000)

  it('F09: advises only what the data of the trigger has', async () => {
    const out = plain(await retrace(folder(), 'check', fixture('F09-path-advice-tag', 'workflow.json')))
    expect(out).toContain('the data of the trigger `tag-attached-after-save` is the event, and Tag is not in it')
    expect(out).toContain('the trigger’s own parameter `tag`')
    expect(out).not.toContain('Tag.{n}.name')
  }, 60_000)

  it('F12: says that nothing is left behind a filter, which MISP counts as failed', async () => {
    expect(await run('F12-failed-behind-filter')).toContain(
      'No item is left by filter A, so nothing was saved; MISP counts that as failed (`partial-success`).'
    )
  }, 60_000)

  it('F13: says that a payload which is no JSON goes out as one string', async () => {
    expect(await run('F13-payload-sent-as-json-string')).toContain(
      'with the payload as one JSON string, because it is no valid JSON (character 15)'
    )
  }, 60_000)

  it('F14: explains a disabled node by what is saved, and what comes before a parameter that is never read', async () => {
    const name = 'F14-disabled-node-explanation'
    const out = await run(name, '--settings', fixture(name, 'settings.json'))
    expect(out).toContain('Not executed, because the module is disabled. If it were enabled: Clears the IDS flag')
    const off = await run('F14-webhook-urls-off-explanation', '--misp-defaults')
    expect(off).toContain('Sends nothing and fails: `Security.rest_client_enable_arbitrary_urls` is off')
    expect(off).not.toContain('no URL is set')
  }, 60_000)
})

describe('a module that is run alone', () => {
  it('tells the error of its template, and is explained with its own filter when it is kept', async () => {
    const cwd = folder()
    const write = (name: string, value: object): void => writeFileSync(join(cwd, name), JSON.stringify(value))
    write('params.json', { url: 'https://h.example.org', payload: '{{ Event.a.b }}' })
    const event = fixture('F06-explanation-without-filter', 'event.json')
    const told = plain(await retrace(cwd, 'module', 'webhook', '--params', 'params.json', '--data', event))
    expect(told).toMatch(/error template of payload: UndefinedError: .* MISP uses an empty text\./)
    write('action.json', { action: 'remove' })
    write('filters.json', {
      ...{ selector: 'Event._AttributeFlattened.{n}', path: 'type', operator: 'equals', value: 'hostname' }
    })
    const files = ['--params', 'action.json', '--filters', 'filters.json', '--data', event, '--convert']
    const ran = await retrace(cwd, 'module', 'attribute_ids_flag_operation', ...files, '--workspace', 'ws', '--keep')
    const kept = /kept as (\S+)/.exec(ran)?.[1] ?? ''
    expect(plain(await retrace(cwd, 'why', kept, '--step', '1', '--workspace', 'ws'))).toMatch(
      /Its own filter: (1 of 2 items passes|All 1 item pass|None of)/
    )
  }, 60_000)
})
