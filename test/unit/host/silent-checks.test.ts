// What used to go wrong without a word: before the run in checks, after it in its notes, its throwable and its reasons.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { Params } from '../../../src/contract/operations.ts'
import { readWorldFolder } from '../../../src/host/ports/world-folder.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const { open } = hosting()
const cases = join(import.meta.dirname, '..', '..', 'fixtures', 'cases')
const read = (...names: string[]): JsonMap => JSON.parse(readFileSync(join(cases, ...names), 'utf8')) as JsonMap

type Options = Params<'run.start'>['options']

/** A new workspace has the newest MISP; this is about 2.5.1. */
const inOld = (options: Options = {}) => ({ profile: '2.5.1', ...options })

async function check(workflow: JsonMap, options: Options = {}) {
  return ask(await open(), 'workflows.check', { workflow: { json: workflow as Json }, options: inOld(options) })
}

async function run(workflow: JsonMap, data: JsonMap, options: Options = {}) {
  const host = await open()
  const { runId } = await ask(host, 'run.start', {
    ...{ workflow: { json: workflow as Json }, data: { json: data }, options: inOld(options) }
  })
  return { host, runId, ...(await finished(host, runId)) }
}

/** One module behind event-publish. */
const one = (type: 'logic' | 'action', module: string, params: JsonMap, filters?: Json): JsonMap => {
  const workflow = workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type, module, params }
  })
  if (filters === undefined) return workflow
  return JSON.parse(
    JSON.stringify(workflow).replaceAll('"saved_filters":[]', `"saved_filters":${JSON.stringify(filters)}`)
  ) as JsonMap
}

const said = (problems: readonly { code: string; message: string }[]): string =>
  problems.map(({ code, message }) => `${code} ${message}`).join('\n')

describe('modules that cannot do without something', () => {
  it('says before and after that distribution-if reads the first attribute', async () => {
    const workflow = read('F19-distribution-if-no-attributes', 'workflow.json')
    expect(said(await check(workflow))).toMatch(/NEEDS_ATTRIBUTE Node 2 .*without attributes MISP aborts/)
    expect(await check(workflow, { profile: '2.5.19' })).toEqual([])
    const { throwable, chain } = await run(workflow, read('F19-distribution-if-no-attributes', 'event.json'))
    expect(throwable).toMatchObject({
      class: 'TypeError',
      hint: 'The event has no attributes; this module reads the first one.'
    })
    expect(JSON.stringify(chain)).toContain('this module reads the first one')
  })

  it('tells attributes of objects and a filter from no attributes at all', async () => {
    const workflow = one('logic', 'distribution-if', { scope: 'attribute', distribution: '3' })
    const bare = eventOf(1)['Event'] as JsonMap
    const object = { id: '1', name: 'file', Attribute: bare['Attribute'] as Json }
    const { throwable } = await run(workflow, { Event: { ...bare, Attribute: [], Object: [object] } })
    expect(throwable?.hint).toContain('no attributes outside of objects')
  })

  it('says of splunk-hec-export that it always ends so in this version', async () => {
    const workflow = read('F19-splunk-always-dies', 'workflow.json')
    expect(said(await check(workflow))).toMatch(/MODULE_ABORTS/)
    const { throwable } = await run(workflow, read('F19-splunk-always-dies', 'event.json'))
    expect(throwable?.hint).toMatch(/^In MISP 2\.5\.1 this module always ends so/)
    expect(said(await check(workflow, { profile: '2.4.177' }))).toBe('')
  })

  it('says which event or attribute lacks the key Tag', async () => {
    const { Tag: _tag, ...bare } = eventOf(1)['Event'] as JsonMap
    const onEvent = await run(one('action', 'tag_replacement_tlp', { scope: 'event' }), { Event: bare })
    expect(onEvent.throwable?.hint).toMatch(/^The event has no key `Tag`/)
    const [first] = bare['Attribute'] as JsonMap[]
    const { Tag: _tags, ...attribute } = first as JsonMap
    const data = { Event: { ...bare, Tag: [], Attribute: [attribute] } }
    const onAttribute = await run(one('action', 'tag_replacement_tlp', { scope: 'attribute' }), data)
    // MISP’s converter may give it one; then there is nothing to say.
    if (onAttribute.throwable) expect(onAttribute.throwable.hint).toMatch(/^Attribute \S+ has no key `Tag`/)
  })

  it('says why MISP finds nobody to run workflows as', async () => {
    const folder = join(cases, 'F19-host-org-missing')
    const { world } = await readWorldFolder(join(folder, 'world'))
    const options = { world, settings: read('F19-host-org-missing', 'settings.json') }
    const workflow = read('F19-host-org-missing', 'workflow.json')
    const hint =
      'MISP finds no user to run workflows as: MISP.host_org_id is 77, which is no organisation of World, and World has no enabled site administrator.'
    const { throwable } = await run(workflow, read('F19-host-org-missing', 'event.json'), options)
    expect(throwable?.hint).toBe(hint)
    expect(said(await check(workflow, options))).toBe(`NO_USER ${hint}`)
  })

  it('says that a module of the service is not listed, or written otherwise', async () => {
    const workflow = one('action', 'attach-enrichment', { modules: ['DNS'] })
    expect(said(await check(workflow))).toMatch(/SERVICE_MODULE_UNKNOWN .*`DNS`; it differs only in case from `dns`/)
    const { throwable } = await run(workflow, eventOf(1))
    expect(throwable?.hint).toBe(
      'The Enrichment services do not list a module `DNS`. `DNS` differs only in case from `dns`.'
    )
  })
})

describe('modules of newer versions that abort', () => {
  const newer = { profile: '2.5-newest' }
  const replacements = [
    ['tag_replacement_tlp', 'a differently written TLP tag'],
    ['tag_replacement_pap', 'a differently written PAP tag']
  ] as const

  it.each(replacements)('says of %s when it aborts, before it is run', async (module, words) => {
    const workflow = one('action', module, { scope: 'event', locality: 'local' })
    const told = await check(workflow, newer)
    expect(said(told)).toMatch(new RegExp(`^MODULE_ABORTS Node 2 .*ArgumentCountError as soon as ${words}`))
    expect(told[0]?.nodeIds).toEqual([2])
    expect(said(await check(workflow))).not.toContain('MODULE_ABORTS')
    const name = module === 'tag_replacement_tlp' ? 'TLP:RED' : 'PAP=RED'
    const { throwable } = await run(workflow, eventOf(1, [name]), newer)
    expect(throwable?.class).toBe('ArgumentCountError')
  })

  it('says of assign_country when it aborts, by its scope', async () => {
    const inScope = (scope: string) => one('action', 'assign_country', { scope, hash_path: 'x', locality: 'local' })
    expect(said(await check(inScope('event'), newer))).toMatch(/MODULE_ABORTS .*always, also where no country is found/)
    expect(said(await check(inScope('attribute'), newer))).toMatch(/MODULE_ABORTS .*as soon as there is an attribute/)
    expect(said(await check(inScope('event')))).not.toContain('MODULE_ABORTS')
    expect((await run(inScope('event'), eventOf(1), newer)).throwable?.class).toBe('ArgumentCountError')
  })

  it('says of notify-user-toast that it aborts without a user', async () => {
    const workflow = one('action', 'notify-user-toast', { variant: 'info', toast_body: 'hello' })
    expect(said(await check(workflow, newer))).toMatch(/MODULE_ABORTS .*TypeError where no user caused it/)
    expect((await run(workflow, eventOf(1), newer)).throwable?.class).toBe('TypeError')
    const world = { users: [{ id: '3', email: 'a@b.test', org_id: '1', role_id: '1', disabled: false }] }
    expect((await run(workflow, eventOf(1), { ...newer, world, user: '3' })).throwable).toBeFalsy()
    const silent = one('action', 'notify-user-toast', { variant: 'info' })
    expect(said(await check(silent, newer))).not.toContain('MODULE_ABORTS')
  })
})

describe('names and values that match nothing', () => {
  it('says that a cluster has the prefix already, is no cluster, or that a tag is a pattern', async () => {
    const params = {
      scope: 'event',
      condition: 'in_or',
      tags: ['tlp:%'],
      clusters: ['misp-galaxy:country="belgium"', 'belgium', 'country="france"']
    }
    const problems = await check(one('logic', 'tag-if', params))
    expect(problems.map(({ code }) => code)).toEqual(['NO_WILDCARD', 'CLUSTER_NAME', 'CLUSTER_NAME'])
    expect(said(problems)).toContain('`tlp:%` is compared letter by letter')
    const generic = { operator: 'in', value: 'tlp:*', hash_path: 'Event.Tag.{n}.name' }
    expect(said(await check(one('logic', 'generic-if', generic)))).toContain('NO_WILDCARD')
    expect(said(await check(one('logic', 'generic-if', { ...generic, value: '50%' })))).toBe('')
  })

  it('says that a filter is saved as a list, in checks and in the run', async () => {
    const filters = [
      { text: 'selector', value: 'Event._AttributeFlattened.{n}' },
      { text: 'value', value: 'hostname' },
      { text: 'operator', value: 'in' },
      { text: 'path', value: 'type' }
    ]
    const workflow = one('action', 'attribute_ids_flag_operation', { action: 'remove' }, filters)
    expect(said(await check(workflow))).toMatch(/FILTER_IS_LIST/)
    expect((await run(workflow, eventOf(1))).notes.map(({ code }) => code)).toContain('FILTER_IS_LIST')
    const empty = filters.map(({ text }) => ({ text, value: '' }))
    expect(await check(one('action', 'attribute_ids_flag_operation', { action: 'remove' }, empty))).toEqual([])
  })

  it('names what was nearly found', async () => {
    const why = async (params: JsonMap, module = 'tag-if', tags: readonly string[] = ['TLP:RED']): Promise<string> => {
      const { host, runId } = await run(one('logic', module, params), eventOf(1, tags))
      return (await ask(host, 'run.why', { runId, step: 1 }))?.text ?? ''
    }
    const tagIf = { scope: 'event', condition: 'in_or', tags: ['tlp:red'], clusters: [] }
    expect(await why(tagIf)).toContain('`TLP:RED` on the event differs from `tlp:red` only in case')
    expect(await why({ ...tagIf, tags: ['TLP:%'] })).toContain('conditions know no wildcards')
    expect(await why({ ...tagIf, scope: 'attribute', tags: ['TLP:RED'] })).toContain(
      'there is `TLP:RED` on the event, which this path does not read'
    )
    const generic = { operator: 'in', value: 'x', hash_path: 'event.Tag.{n}.name' }
    expect(await why(generic, 'generic-if')).toContain(
      '`event` of the path differs only in case from `Event` of the data'
    )
  })
})
