// Two runs compared through the host: captured against local, edited data and workflows, and what the summary says first.
import { describe, expect, it } from 'vitest'
import { unpackPairs } from '../../../src/contract/comparison.ts'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { readRunFile } from '../../../src/host/runs/run-file.ts'
import { postLine } from '../../../src/cli/posts.ts'
import type { Host } from '../../../src/host/host.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, guard, workflowOf } from './samples.ts'

const { open, folder } = hosting()

async function run(host: Host, workflow: JsonMap, event: JsonMap, options: JsonMap = {}): Promise<string> {
  const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data: { json: event }, options })
  await finished(host, runId)
  return runId
}

const withNode = (workflow: JsonMap, id: number, change: (data: { indexed_params: Record<string, Json> }) => void) => {
  const copy = structuredClone(workflow) as { Workflow: { data: Record<number, { data: never }> } }
  change(copy.Workflow.data[id]!.data)
  return copy as unknown as JsonMap
}

const red = eventOf(3, ['tlp:red'])
const green = eventOf(3, ['tlp:green'])

describe('runs.compare', () => {
  it('finds nothing in two runs of the same, at different times', async () => {
    const host = await open(folder(), { listen: false })
    const days = ['2025-03-04T05:06:07Z', '2025-04-05T06:07:08Z']
    const ids = [await run(host, guard, red, { now: days[0]! }), await run(host, guard, red, { now: days[1]! })]
    const told = await ask(host, 'runs.compare', { runId: ids[0]!, otherId: ids[1]! })
    expect(told.summary.map(({ text }) => text)).toEqual(['Nothing differs: 2 steps, and each run was blocked.'])
    expect(unpackPairs(told.pairs).map(({ state }) => state)).toEqual(['same', 'same'])
    expect(told).toMatchObject({ start: [], deciding: null, outcomes: ['blocked', 'blocked'] })
  })

  it('says first which condition decided, with what it found in each run, then what that came from', async () => {
    const host = await open(folder(), { listen: false })
    const pair = { runId: await run(host, guard, red), otherId: await run(host, guard, green) }
    const { summary, pairs, deciding } = await ask(host, 'runs.compare', pair)
    expect(summary.map(({ text }) => text)).toEqual([
      'A was blocked, B succeeded. IF :: Tag (node 2) was true in A, because `tlp:red` is on the event, and was false in B, because `Event.Tag.{n}.name` is `tlp:green`, not `tlp:red`.',
      'They started with different data: name: tlp:red → tlp:green on tag tlp:green.',
      '1 step differs because its input does, 1 step only in A and 1 step only in B.'
    ])
    expect(summary.map(({ row, start }) => [row, start])).toEqual([
      [0, false],
      [null, true],
      [null, false]
    ])
    expect(deciding).toBe(0)
    expect(unpackPairs(pairs)).toMatchObject([
      { state: 'different', cause: 'before', in: ['input', 'output', 'result'] },
      { state: 'only a', a: 2, b: null, cause: 'before' },
      { state: 'only b', a: null, b: 2, cause: 'before' }
    ])
  })

  it('compares a captured run with one that ran here by what its posts show', async () => {
    const host = await open(folder(), { listen: false })
    const local = await run(host, guard, red)
    const { events } = await readRunFile(host.workspace.runFile(local))
    const posts = events.filter(({ type }) => type === 'post').map((event) => postLine(event, Date.UTC(2024, 1, 1)))
    await ask(host, 'capture.import', { name: 'posts.ndjson', text: posts.join('\n') })
    const { runs } = await ask(host, 'runs.list', { filter: { origin: ['captured'] } })
    const captured = runs[0]!.id
    const same = await ask(host, 'runs.compare', { runId: captured, otherId: local })
    expect(same.summary[0]?.text).toBe('Nothing differs: 2 steps, and each run was blocked.')
    const edited = withNode(guard, 2, (data) => (data.indexed_params['tags'] = ['tlp:amber']))
    const other = await run(host, edited, red)
    const { pairs } = await ask(host, 'runs.compare', { runId: captured, otherId: other })
    expect(unpackPairs(pairs)[0]).toMatchObject({ state: 'different', cause: 'itself', in: ['parameters', 'result'] })
  })

  it('tells the differences of a line in words and places, and of what the runs started with', async () => {
    const host = await open(folder(), { listen: false })
    const edited = withNode(guard, 2, (data) => (data.indexed_params['tags'] = ['tlp:amber']))
    const pair = { runId: await run(host, guard, red), otherId: await run(host, edited, green) }
    const line = await ask(host, 'runs.compareStep', { ...pair, row: 0 })
    expect(line.parts.map((part) => [part.in, part.changes.words.map(({ text }) => text)])).toEqual([
      ['input', ['name: tlp:red → tlp:green on 7 tags']],
      ['parameters', ['tags.0: tlp:red in A, tlp:amber in B']],
      ['result', ['success: true in A, false in B', 'branch: output_1 in A, output_2 in B']]
    ])
    expect(line.reasons.map((reason) => reason?.verdict)).toEqual(['true', 'false'])
    expect(line.because?.text).toMatch(/^The difference starts here/)
    const start = await ask(host, 'runs.compareStep', { ...pair, row: -1 })
    expect(start.parts.map((part) => part.in)).toEqual(['input'])
    const beyond = await host.call('runs.compareStep', { ...pair, row: 9 })
    expect(beyond).toMatchObject({ ok: false, error: { code: 'STEP_NOT_FOUND' } })
    expect(await host.call('runs.compare', { ...pair, otherId: 'nope' })).toMatchObject({
      ok: false,
      error: { code: 'RUN_NOT_FOUND' }
    })
  })

  it('tells answers and rows of the database apart, and leaves what only repeats the input out of the output', async () => {
    const tagging = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        type: 'action',
        module: 'tag_operation',
        params: { scope: 'event', action: 'add', locality: 'local', tags: ['seen'] },
        to: { output_1: [3] }
      },
      3: { type: 'action', module: 'webhook', params: { url: 'https://example.com/', content_type: 'json' } }
    })
    const host = await open(folder(), { listen: false })
    const other = withNode(tagging, 2, (data) => (data.indexed_params['tags'] = ['other']))
    const old = { profile: '2.5.1' }
    const refused = { ...old, mocks: { webhook: { status: 500, body: 'no' } } }
    const pair = { runId: await run(host, tagging, red, old), otherId: await run(host, other, red, refused) }
    const { steps } = await ask(host, 'runs.differences', pair)
    expect(
      steps.map(({ state, cause, differences }) => [state, cause, differences.map((one) => `${one.in} ${one.path}`)])
    ).toMatchObject([
      ['different', 'itself', expect.arrayContaining(['parameters tags.0', 'world tags added 1.name'])],
      ['different', 'itself', expect.arrayContaining(['effects http 1.answer.status'])]
    ])
    expect(steps.flatMap(({ differences }) => differences.map((one) => one.in))).not.toContain('output')
  })

  it('names versions of MISP with the rule that is known of the module, and settings that were read', async () => {
    const host = await open(folder(), { listen: false })
    const flagging = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        type: 'action',
        module: 'attribute_ids_flag_operation',
        params: { action: 'remove' },
        to: { output_1: [3] }
      },
      3: { type: 'action', module: 'webhook', params: { url: 'https://example.com/', content_type: 'json' } }
    })
    const versions = await Promise.all(['2.4.177', '2.5.1'].map((profile) => run(host, flagging, red, { profile })))
    const { summary } = await ask(host, 'runs.compare', { runId: versions[0]!, otherId: versions[1]! })
    expect(summary.map(({ text }) => text).join('\n')).toMatch(
      /A ran as MISP 2\.4\.177 does it, B as 2\.5\.1\. Known of the module where a difference starts: MISP 2\.4\.177: a webhook posts what data_extraction_path extracts/
    )
    const name = 'Security.rest_client_enable_arbitrary_urls'
    const settings = await Promise.all(
      [true, false].map((on) => run(host, flagging, red, { profile: '2.5.1', settings: { [name]: on } }))
    )
    const told = await ask(host, 'runs.compare', { runId: settings[0]!, otherId: settings[1]! })
    expect(told.summary.map(({ text }) => text)).toContain(`Settings differ: \`${name}\` is true in A and false in B.`)
    expect(unpackPairs(told.pairs).map(({ state, cause }) => [state, cause])).toEqual([
      ['same', null],
      ['different', 'itself']
    ])
  })

  it('takes no UUID or time that a run made up for a difference, and each that is another one for one', async () => {
    const host = await open(folder(), { listen: false })
    const adding = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        type: 'action',
        module: 'add_analyst_data',
        params: { analyst_data_type: 'Note', note: 'seen' },
        to: { output_1: [3] }
      },
      3: { type: 'action', module: 'attribute_ids_flag_operation', params: { action: 'remove' } }
    })
    const ids = [
      await run(host, adding, red, { now: '2025-03-04T05:06:07Z' }),
      await run(host, adding, red, { now: '2025-04-05T06:07:08Z' })
    ]
    const { steps } = await ask(host, 'runs.differences', { runId: ids[0]!, otherId: ids[1]! })
    expect(steps.map(({ state }) => state)).toEqual(['same', 'same'])
    const { Event } = red as { readonly Event: JsonMap }
    const [first, ...others] = Event['Attribute'] as readonly JsonMap[]
    const edited = { ...first, uuid: '00000000-0000-4000-8000-00000000ffff' }
    const other = await run(host, adding, { Event: { ...Event, Attribute: [edited, ...others] } })
    const told = await ask(host, 'runs.differences', { runId: ids[0]!, otherId: other })
    expect(told.start.map(({ path, op }) => `${op} ${path}`)).toEqual(
      expect.arrayContaining(['removed Event.Attribute.0'])
    )
  })

  it('says in plain English that one more difference starts somewhere, or several', async () => {
    const host = await open(folder(), { listen: false })
    const chainOf = (names: readonly string[]) =>
      workflowOf(
        Object.fromEntries([
          [1, { type: 'trigger', module: 'event-publish', to: { output_1: [2] } }],
          ...names.map((name, i) => [
            i + 2,
            {
              ...{ type: 'action', module: 'webhook', to: { output_1: i + 1 < names.length ? [i + 3] : [] } },
              params: { url: `https://${name}.test/`, content_type: 'json' }
            }
          ])
        ]) as Parameters<typeof workflowOf>[0]
      )
    const a = await run(host, chainOf(['a', 'b', 'c']), red)
    const told = async (names: readonly string[]) => {
      const pair = { runId: a, otherId: await run(host, chainOf(names), red) }
      return (await ask(host, 'runs.compare', pair)).summary.map(({ text }) => text).join('\n')
    }
    expect(await told(['x', 'y', 'c'])).toContain('\nAnother difference starts at Webhook (node 3).')
    expect(await told(['x', 'y', 'z'])).toContain('\nMore differences start at Webhook (node 3) and Webhook (node 4).')
  })

  it('takes rendered templates for one by their parameter, whatever order they came in', async () => {
    const host = await open(folder(), { listen: false })
    const params = { recipients: ['All admins'], mail_template_subject: '{{ Event.info }}', mail_template_body: 'body' }
    const mail = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'send-mail', params }
    })
    const pair = {
      runId: await run(host, mail, red, { profile: '2.4.177' }),
      otherId: await run(host, mail, red, { profile: '2.5.1' })
    }
    const { steps } = await ask(host, 'runs.differences', pair)
    expect(steps.flatMap(({ differences }) => differences.filter((one) => one.in === 'effects'))).toEqual([])
  })

  it('says of a run that threw in a node that it did, and tells ends that differ where no step does', async () => {
    const host = await open(folder(), { listen: false })
    const replace = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'tag_replacement_tlp', params: { scope: 'event', locality: 'local' } }
    })
    const upper = eventOf(1, ['TLP:RED'])
    const ids = await Promise.all(
      ['2.5.1', '2.5.19'].map((profile) => run(host, replace, upper, { profile, raw: true }))
    )
    const { summary } = await ask(host, 'runs.compare', { runId: ids[0]!, otherId: ids[1]! })
    expect(summary[0]?.text).toBe(
      'A succeeded, B was aborted. Tag Replacement - TLP (node 2) succeeded in A, and threw ArgumentCountError in B.'
    )
    const both = withNode(replace, 2, (data) => (data.indexed_params['remove_substituted'] = 'yes'))
    const other = await run(host, both, upper, { profile: '2.5.19', raw: true })
    const pair = { runId: ids[1]!, otherId: other }
    const told = await ask(host, 'runs.differences', pair)
    expect(told.summary[0]).toMatch(
      /^Both ended alike: each was aborted\. No step differs; what is told of the end does: text: /
    )
    expect(told.end.map(({ path }) => path)).toEqual(['text', 'thrown'])
  })

  it('says in the summary and of the line the same of a tag that attributes have from the event', async () => {
    const host = await open(folder(), { listen: false })
    const told = async (event: JsonMap, tags: readonly string[]) => {
      const workflow = workflowOf({
        1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
        2: {
          ...{ type: 'logic', module: 'tag-if', to: { output_1: [3] } },
          params: { scope: 'event_attribute', condition: 'in_or', tags: [...tags], clusters: [] }
        },
        3: { type: 'action', module: 'stop-execution', params: { message: 'no' } }
      })
      const pair = { runId: await run(host, workflow, event), otherId: await run(host, workflow, green) }
      const { summary } = await ask(host, 'runs.compare', pair)
      const { reasons } = await ask(host, 'runs.compareStep', { ...pair, row: 0 })
      return [summary[0]?.text.split('because ')[1]?.split(', and was')[0], reasons[0]?.text]
    }
    const path = '`Event._AttributeFlattened.{n}._allTags.{n}.name`'
    expect(await told(red, ['tlp:red', 'PAP:RED'])).toEqual([
      '`tlp:red` is on the event',
      `True: \`tlp:red\` on the event is one of the 2 tags chosen; ${path} finds 3 values (any of).`
    ])
    const { Event } = red as { Event: JsonMap & { Attribute: JsonMap[] } }
    const [first, ...others] = Event.Attribute
    const own = { ...first, Tag: [{ id: '9', name: 'PAP:RED' }] } as JsonMap
    const mixed = { Event: { ...Event, Attribute: [own, ...others] } }
    expect((await told(mixed, ['tlp:red', 'PAP:RED']))[1]).toBe(
      `True: \`PAP:RED\` on attribute \`ip-dst 198.51.0.0\` and \`tlp:red\` on the event are each one of the 2 tags chosen; ${path} finds 4 values (any of).`
    )
    expect((await told(red, ['tlp:red']))[1]).toBe(
      `True: \`tlp:red\` on the event is the tag chosen; ${path} finds 3 values (any of).`
    )
  })
})
