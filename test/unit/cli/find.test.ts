// `find` on the command line: what it prints, and how it exits.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, workflowOf } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace } from './here.ts'

const folder = temporaryFolders()

beforeAll(() => void builtWorker())

const writing = workflowOf({
  1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
  2: { type: 'action', module: 'push-zmq', params: { match_condition: 'Event.info' }, to: { output_1: [3] } },
  3: {
    type: 'logic',
    module: 'generic-filter-data',
    params: {
      ...{
        'filtering-label': 'A',
        selector: 'Event._AttributeFlattened.{n}',
        operator: 'in',
        value: 'planted-in-filter'
      },
      hash_path: 'type'
    }
  }
})

it('finds a text, a key and a condition with the step and the node that brought it in', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'workflow.json'), JSON.stringify(writing))
  writeFileSync(join(cwd, 'event.json'), JSON.stringify(eventOf(2, ['tlp:red'])))
  const run = ['run', 'workflow.json', '--data', 'event.json', '--workspace', 'ws', '--keep', '--posts', 'posts.ndjson']
  await retrace(cwd, ...run)
  await retrace(cwd, 'import', 'posts.ndjson', '--workspace', 'ws')
  const find = async (...args: readonly string[]) => {
    const { status, out, err } = await retrace(cwd, 'find', ...args, '--workspace', 'ws')
    return { status, out: out.trimEnd(), err }
  }
  const rows = (out: string) =>
    JSON.parse(out) as readonly { run: string; step: number; nodeId: number | null; path: string }[]
  const planted = await find('planted-in-filter', '--json')
  expect(planted.status).toBe(0)
  expect(rows(planted.out).map(({ step, nodeId, path }) => [step, nodeId, path])).toEqual([
    [2, 3, 'enabledFilters.A.value'],
    [2, 3, 'enabledFilters.A.value']
  ])
  expect(Object.keys(rows(planted.out)[0]!)).toEqual(['run', 'step', 'nodeId', 'path', 'value'])
  const tag = await find(
    '--path',
    'Event.Tag.{n}.name',
    '--operator',
    'equals',
    '--value',
    'tlp:red',
    '--run',
    'c-1',
    '--json'
  )
  expect(rows(tag.out)).toEqual([{ run: 'c-1', step: 0, nodeId: null, path: 'Event.Tag.0.name', value: 'tlp:red' }])
  // As in the app: capital and small letters are the same unless somebody asks.
  expect(await find('TLP:RED', '--match-case', '--json')).toMatchObject({ status: 1, out: '[]' })
  expect((await find('TLP:RED')).out).toMatch(/^c-1 {2}input {2}Event\.Attribute\.0\._allTags\.0\.name {2}tlp:red$/m)
  expect((await find('--key', 'enabledFilt')).out).toMatch(/step 2 node 3 {2}enabledFilters/)
  expect((await find('nobody-has-this')).out).toBe('No run has it.')
  // What is no path would find nothing, or every array: it is told instead, by whatever takes one.
  const noPath = {
    status: 3,
    err: expect.stringMatching(/HASH_PATH_INVALID.*“\[\[” has a “\[” without a “\]”/) as string
  }
  expect(await find('--path', 'Event.[[')).toMatchObject(noPath)
  expect(await retrace(cwd, 'show', 'c-1', '--watch', 'Event.[[', '--workspace', 'ws')).toMatchObject(noPath)
  for (const wrong of [
    ['--path', 'Event.info', '--match-case'],
    [],
    ['x', '--key', 'y'],
    ['x', '--value', 'y'],
    ['--path', 'x', '--operator', 'is'],
    ['']
  ])
    expect(await find(...wrong)).toMatchObject({ status: 3, err: expect.stringMatching(/COMMAND_INVALID/) as string })
  const watched = await retrace(
    cwd,
    'show',
    'c-1',
    '--watch',
    'enabledFilters.A.value',
    '--watch',
    'Event.info',
    '--workspace',
    'ws'
  )
  expect(watched.out).toMatch(/^ {3}0 {4}enabledFilters\.A\.value = nothing$/m)
  expect(watched.out).toMatch(/^ +enabledFilters\.A\.value = planted-in-filter$/m)
  expect(watched.out.match(/Event\.info = /g)).toHaveLength(1)
  const lines = await retrace(cwd, 'show', 'c-1', '--watch', 'Event.info', '--json', '--workspace', 'ws')
  expect(JSON.parse(lines.out.split('\n')[2] ?? '')).toMatchObject({
    step: 2,
    watch: [{ path: 'Event.info', changed: false }]
  })
  expect(await find('x', '--run', 'c-9')).toMatchObject({
    status: 3,
    err: expect.stringMatching(/RUN_NOT_FOUND/) as string
  })
}, 120_000)
