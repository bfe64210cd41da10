// `why`, `blame` and `import` of a workflow on the command line: what they print, how they exit.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { builtWorker } from '../host/built-worker.ts'
import { eventOf, guard } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'
import { retrace } from './here.ts'

const folder = temporaryFolders()

beforeAll(() => void builtWorker())

const put = (cwd: string, name: string, value: Json): void => writeFileSync(join(cwd, name), JSON.stringify(value))

type Row = readonly [command: string, status: number, told: RegExp]

async function expectRows(cwd: string, rows: readonly Row[]): Promise<void> {
  for (const [command, status, told] of rows) {
    const { status: got, out, err } = await retrace(cwd, ...command.split(' '), '--workspace', 'ws')
    const text = `${err}${out}`.trimEnd()
    expect([command, got], text).toEqual([command, status])
    expect(text, command).toMatch(told)
  }
}

describe('the cause of a run', () => {
  it('is told for its end, for a node that was not reached and for a value', async () => {
    const cwd = folder()
    put(cwd, 'workflow.json', guard)
    put(cwd, 'event.json', eventOf(1, ['tlp:red']))
    await retrace(cwd, 'run', 'workflow.json', '--data', 'event.json', '--posts', 'posts.ndjson')
    await retrace(cwd, 'import', 'posts.ndjson', '--workspace', 'ws')
    await retrace(cwd, 'run', 'workflow.json', '--data', 'event.json', '--workspace', 'ws', '--keep')
    const { out } = await retrace(cwd, 'runs', '--workspace', 'ws', '--json')
    const own = (JSON.parse(out) as readonly { readonly id: string }[]).find(({ id }) => id !== 'c-1')?.id ?? ''
    const input = /^\[\{"step":0,"nodeId":null,"op":"added","before":null,"after":"sample event","from":null\}\]$/
    await expectRows(cwd, [
      [
        'why c-1',
        0,
        /^Blocked by Stop execution, because IF :: Tag was true, because `tlp:red` is on the event, which came with the input\.$/
      ],
      [
        'why c-1 --json',
        0,
        /^\{"text":"Blocked by .*","links":\[\{"lead":"Blocked by ","text":"Stop execution","claim"/
      ],
      [`why ${own} --node 4`, 0, /was not reached, because IF :: Tag was true/],
      ['why c-1 --node 2', 0, /^True: `tlp:red` on the event is .*\n {2}path +Event\.Tag/s],
      ['why c-1 --step 1 --json', 0, /^\{"step":1,"nodeId":2,"text":"True: .*"verdict":"true"/],
      [`why ${own} --node 3`, 0, /^Failed: too red\.$/],
      ['why c-1 --node 4', 3, /^error NODE_NOT_FOUND: No post of the run came from node 4/],
      [`why ${own} --node 99`, 3, /^error NODE_NOT_FOUND: The workflow of the run has no node 99\.$/],
      ['why c-1 --node two', 3, /^error COMMAND_INVALID: --node takes a whole number/],
      ['why c-9', 3, /^error RUN_NOT_FOUND/],
      ['blame c-1 Event.info', 0, /^input {2}sample event$/],
      ['blame c-1 Event.info --json', 0, input],
      ['blame c-1 Event.info --step 1 --json', 0, input],
      ['blame c-1 Event.nope', 0, /^No step of the run wrote it, and its input does not have it\.$/],
      ['blame c-1 Event.info --step 9', 3, /^error STEP_NOT_FOUND/],
      ['blame c-1 Event.nope.{n}', 3, /^error PARAMS_INVALID/]
    ])
  }, 120_000)
})

describe('a workflow that is imported', () => {
  it('is saved once, and again only as what --as says', async () => {
    const cwd = folder()
    const row = { ...(guard['Workflow'] as JsonMap), uuid: '7e570001-0000-4000-8000-000000000001' }
    put(cwd, 'workflow.json', { Workflow: row })
    await retrace(cwd, 'new', 'workspace', 'ws')
    await expectRows(cwd, [
      ['import workflow.json', 0, /^guard {2}guard {2}version 1$/],
      ['import workflow.json', 3, /^error WORKFLOW_KNOWN: .*“guard”.*--as version .*--as copy/],
      ['import workflow.json --as other', 3, /^error PARAMS_INVALID: --as/],
      ['import workflow.json --as version', 0, /^guard {2}guard {2}version 2$/],
      [
        'import workflow.json --as copy --json',
        0,
        /^\{"workflow":\{"id":"guard-copy","name":"guard \(copy\)",.*"version":1,/
      ]
    ])
  }, 120_000)
})
