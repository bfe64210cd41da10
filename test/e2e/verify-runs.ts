// Captured runs that are equal, that differ, and of which nobody can tell, brought into the app that is open.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from '../../src/contract/json.ts'
import { eventOf, guard, workflowOf } from '../unit/host/samples.ts'
import { call } from './app.ts'
import type { App } from './app.ts'
import { retrace } from './capture-app.ts'

const action = (value: string) =>
  workflowOf({
    1: { type: 'trigger', module: 'event-after-save', to: { output_1: [2] } },
    2: { type: 'action', module: 'push-zmq', params: { data_extraction_path: value } }
  })

type Change = (line: string, i: number) => string

/** The posts of a run of the workflow, changed as a MISP would have sent them. */
async function posts(folder: string, name: string, workflow: Json, event: Json, change: Change): Promise<string> {
  const at = (file: string): string => join(folder, `${name}-${file}`)
  writeFileSync(at('workflow.json'), JSON.stringify(workflow))
  writeFileSync(at('event.json'), JSON.stringify(event))
  const given = ['--data', at('event.json'), '--raw', '--posts', at('posts.ndjson')]
  await retrace(['run', at('workflow.json'), ...given])
  return readFileSync(at('posts.ndjson'), 'utf8').trimEnd().split('\n').map(change).join('\n')
}

const named = (info: string): Json => {
  const event = eventOf(1, ['tlp:red']) as { readonly Event: object }
  return { Event: { ...event.Event, info } } as unknown as Json
}

const asItWas: Change = (line) => line

/** The folder of what is imported, made once for all tests of a process: each run of it is a command. */
let made: Promise<string> | undefined

async function make(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-e2e-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const change: Change = (line, i) => (i === 1 ? line.replaceAll('told here', 'told there') : line)
  const all = await Promise.all([
    posts(folder, 'equal', guard, named('as in MISP'), asItWas),
    posts(folder, 'other', guard, named('told here'), change),
    posts(folder, 'unknown', action('Event.info'), named('of no workflow'), asItWas)
  ])
  writeFileSync(join(folder, 'posts.ndjson'), `${all.join('\n')}\n`)
  return folder
}

/** One that is equal, one with other data at the condition, and one whose workflow the workspace does not have. */
export async function captureRuns({ url }: App): Promise<void> {
  const from = await (made ??= make())
  const text = readFileSync(join(from, 'posts.ndjson'), 'utf8')
  await call(url, 'capture.import', { name: 'posts.ndjson', text })
  await call(url, 'workflows.save', { workflow: guard, note: '' })
}
