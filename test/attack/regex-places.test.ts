// Patterns come from workflows, data and worlds into many places. In each of them one that is given up is an error that says so: neither “no match”
// nor a part of the matches.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { OperationName } from '../../src/contract/operations.ts'
import { hashCommand } from '../../src/cli/hash.ts'
import { toFailure } from '../../src/host/registry/failure.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'
import { scale } from './scale.ts'

const { open, folder } = hosting()

const patterns = [
  String.raw`/(a+)+\1$/`,
  String.raw`/^(a|aa)+\1b/`,
  String.raw`/(a*)*\1\1b/`,
  String.raw`/(?=(a+))\1*b|(a|aa)+$/`,
  String.raw`/((a|aa)+)\1c/`
].slice(0, scale(1, 5))
const subject = `${'a'.repeat(40)}!`
const event: JsonMap = {
  Event: {
    ...(eventOf(2)['Event'] as JsonMap),
    Tag: [{ name: 'aa' }, { name: subject }, { name: 'aaaa' }],
    info: subject
  }
}
const data = { json: event }
const tooComplex = 'did not finish within the limit'
const pathOf = (pattern: string): string => `Event.Tag.{n}[name=${pattern}].name`
const nodes = (type: 'logic' | 'action', module: string, params: JsonMap) =>
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type, module, params, to: { output_1: [3] } },
    3: { type: 'action', module: 'stop-execution', params: { message: 'guessed' } }
  })
const filtered = (pattern: string): JsonMap => {
  const filters = {
    selector: 'Event.Tag',
    value: 'aa',
    operator: 'in',
    path: `name[name=${pattern}]`,
    enabled: true,
    filter_enabled: true
  }
  const workflow = nodes('action', 'push-zmq', { data_extraction_path: pathOf(pattern) })
  return JSON.parse(
    JSON.stringify(workflow).replaceAll('"saved_filters":[]', `"saved_filters":${JSON.stringify(filters)}`)
  ) as JsonMap
}

describe.each(patterns)('%s', (pattern) => {
  const path = pathOf(pattern)

  it('is an error of each look along a path', async () => {
    const host = await open()
    const asked: readonly (readonly [OperationName, unknown])[] = [
      ['hash.extract', { data, path }],
      ['hash.explain', { data, path }],
      ['hash.look', { data, path }],
      ['module.execute', { moduleId: 'generic-if', params: { value: 'aa', operator: 'in', hash_path: path }, data }]
    ]
    for (const [name, params] of asked) {
      const answer = await host.call(name, params)
      const text = JSON.stringify(answer)
      expect([name, text]).toEqual([name, expect.stringContaining('REGEX_TOO_COMPLEX')])
      expect([name, text.includes('aaaa"')]).toEqual([name, false])
    }
  })

  it.each([
    ['generic-if', 'logic', { value: 'aa', operator: 'in', hash_path: path }],
    ['generic-if, negated', 'logic', { value: 'aa', operator: 'not_in', hash_path: path }],
    ['count-if', 'logic', { selector: path, operator: 'equals', value: '1', hash_path: path }],
    ['push-zmq', 'action', { data_extraction_path: path }],
    [
      'generic-filter-data',
      'logic',
      { 'filtering-label': 'A', selector: 'Event.Tag', value: 'aa', operator: 'in', hash_path: `name[name=${pattern}]` }
    ]
  ] as const)('ends a run as cannot tell, before anything follows from it: %s', async (module, type, params) => {
    const host = await open()
    const workflow = nodes(type, module.split(',')[0] as string, params as unknown as JsonMap)
    const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data })
    const run = await finished(host, runId)
    const isAsked = run.summary.outcomeText.includes(tooComplex)
    if (isAsked) {
      expect(run.summary.outcome).toBe('cannot tell')
      expect(JSON.stringify(run.steps)).not.toContain('guessed')
    }
    // Some of them read plain keys only, and never ask the pattern.
    else expect(module).toMatch(/count-if|generic-filter-data|push-zmq/)
  })

  it('ends a run as cannot tell where a node’s own filter asks it', async () => {
    const host = await open()
    const { runId } = await ask(host, 'run.start', { workflow: { json: filtered(pattern) }, data })
    const { summary } = await finished(host, runId)
    expect([summary.outcome, summary.outcomeText]).toEqual(['cannot tell', expect.stringContaining(tooComplex)])
  })

  it('is an error of a custom module that asks it, which the module cannot catch', async () => {
    const host = await open()
    mkdirSync(join(host.workspace.folder, 'modules'), { recursive: true })
    writeFileSync(
      join(host.workspace.folder, 'modules', 'asks.js'),
      `export default { kind: 'action', id: 'asks', async execute(ctx) { try { await ctx.extract(${JSON.stringify(path)}) } catch { return true } return true } }`
    )
    await ask(host, 'customModules.switch', { file: 'asks.js', on: true })
    const { runId } = await ask(host, 'run.start', { workflow: { json: nodes('action', 'asks', {}) }, data })
    const run = await finished(host, runId)
    expect(run.summary.outcome).toBe('cannot tell')
    expect(run.summary.outcomeText).toContain(tooComplex)
  })

  it('is an error of a warninglist of the world', async () => {
    const host = await open()
    const list = {
      id: '1',
      name: 'own',
      type: 'regex',
      enabled: true,
      WarninglistEntry: [{ value: pattern }],
      WarninglistType: [{ type: 'ALL' }]
    }
    await ask(host, 'takeover.import', { name: 'w', text: JSON.stringify({ Warninglist: list }) })
    const attribute = { id: '1', type: 'text', category: 'Other', value: subject, to_ids: true }
    const json: Json = { Event: { ...(event['Event'] as JsonMap), Attribute: [attribute] } }
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: nodes('action', 'attach-warninglist', {}) },
      data: { json }
    })
    const run = await finished(host, runId)
    expect([run.summary.outcome, run.summary.outcomeText]).toEqual(['cannot tell', expect.stringContaining(tooComplex)])
  })

  it('is an error of retrace hash', async () => {
    const file = join(folder(), 'event.json')
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, JSON.stringify(event))
    const lines: string[] = []
    const context = {
      ...{ args: ['extract', path, '--data', file], root: '.', version: '0', usage: 'hash', color: false },
      ...{ print: (line: string) => void lines.push(line), complain: () => undefined }
    }
    const code = await Promise.resolve(hashCommand(context)).catch(
      (error: unknown) => toFailure(error, 'cli', () => undefined).code
    )
    expect([code, lines]).toEqual(['REGEX_TOO_COMPLEX', []])
  })
})
