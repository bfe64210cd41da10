// A second search over many runs against grep -F over their unpacked text, and the size of the index; blame in a large event against reading it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { insert } from '../../src/engine/hash/hash.ts'
import { defineAction } from '../../src/engine/modules/define.ts'
import { blame } from '../../src/engine/replay/blame.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { RunIndex } from '../../src/engine/replay/run-index.ts'
import type { CustomModule } from '../../src/engine/run/environment.ts'
import { createHost } from '../../src/host/host.ts'
import type { Host } from '../../src/host/host.ts'
import { runAll, workflow } from '../unit/engine/run/builders.ts'
import { ask } from './ask.ts'
import { eventText } from './event.ts'

const quick = process.argv.includes('--quick')
const times = quick ? 3 : 9

const median = (all: number[]): number => all.sort((a, b) => a - b)[all.length >> 1] as number

async function elapsed(work: () => unknown): Promise<number> {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    globalThis.gc?.()
    const began = performance.now()
    await work()
    all.push(performance.now() - began)
  }
  return median(all)
}

function report(what: string, ms: number, [against, base]: readonly [string, number], goal: number): void {
  console.log(
    `${what}: ${ms.toFixed(1)} ms, ${(ms / base).toFixed(2)} of ${against} (${base.toFixed(1)} ms), goal ${goal}`
  )
}

const graph = workflow([
  { id: 'tag-if', params: { scope: 'event', condition: 'in_or', tags: ['tlp:red'] }, to: [[3], [3]] },
  { id: 'push-zmq', params: { match_condition: 'Event.info' }, to: [[4]] },
  { id: 'stop-execution', params: { message: 'stopped' } }
])

/** Each of another size, and with values of its own; one has what is looked for. */
async function fill(host: Host, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const text = eventText(5 + ((i * 7) % 90)).replaceAll('"value":"', `"value":"n${i}-`)
    const event = JSON.parse(i === count >> 1 ? text.replace(`n${i}-`, 'needle.example.org-') : text) as Json
    await ask(host, 'run.start', { workflow: { json: graph }, data: { json: event }, options: { raw: true } })
  }
  for (;;) {
    const { runs } = await ask(host, 'runs.list', { limit: 1000 })
    if (runs.length >= Math.min(count, 1000) && runs.every(({ state, size }) => state === 'done' && size > 0)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function unpack(host: Host, folder: string): Promise<number> {
  mkdirSync(folder)
  let bytes = 0
  for (const { id } of (await ask(host, 'runs.list', { limit: 1000 })).runs) {
    const { lines } = await ask(host, 'run.events', { runId: id, unmasked: true })
    const text = lines.join('\n')
    writeFileSync(join(folder, id), text)
    bytes += text.length
  }
  return bytes
}

const sizeOf = (folder: string, ending: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + (name.endsWith(ending) ? statSync(join(folder, name)).size : 0), 0)

async function search(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-bench-'))
  const workspace = join(folder, 'workspace')
  const host = await createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null })
  try {
    const count = quick ? 100 : 1000
    await fill(host, count)
    const bytes = await unpack(host, join(folder, 'unpacked'))
    const packed = sizeOf(join(workspace, 'runs'), '.ndjson')
    const first = performance.now()
    for (let cursor: string | null = null, more = true; more; more = cursor !== null)
      cursor = (await ask(host, 'runs.find', { question: { text: 'first.example.org' }, cursor })).cursor
    const building = performance.now() - first
    const index = statSync(join(workspace, 'search', 'index.bin')).size
    console.log(
      `${count} runs, ${(bytes / 1e6).toFixed(0)} MB unpacked, ${(packed / 1e6).toFixed(1)} MB on disk; first search, which makes the index, ${building.toFixed(0)} ms`
    )
    console.log(`index: ${(index / 1e6).toFixed(2)} MB, ${(index / packed).toFixed(3)} of the run files, goal 0.25`)
    for (const text of ['needle.example.org', 'nowhere-to-be-found', 'n17-']) {
      let found = 0
      const measured = await elapsed(async () => {
        found = (await ask(host, 'runs.find', { question: { text } })).hits.length
      })
      const base = await elapsed(() => spawnSync('grep', ['-rlF', text, join(folder, 'unpacked')]))
      report(`search for ${text} (${found} runs)`, measured, ['grep -F over the unpacked text', base], 1)
    }
  } finally {
    await host.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const action = (id: string, change: (data: JsonMap) => Json): CustomModule => ({
  definition: defineAction({ id, name: id, description: id, inputs: 1, outputs: 1, params: [] }),
  execute: (ctx) => {
    ctx.setData(change(ctx.getData()) as never)
    return true
  }
})
const listed = (data: JsonMap, change: (list: readonly Json[]) => readonly Json[]): JsonMap => {
  const event = data['Event'] as JsonMap
  return {
    ...data,
    Event: { ...event, _AttributeFlattened: change(Object.values(event['_AttributeFlattened'] ?? {})) }
  }
}

async function blaming(): Promise<void> {
  const text = eventText(quick ? 1000 : 14_600)
  const customModules = [
    action('first', (data) => listed(data, (list) => list.slice(1))),
    action('turn', (data) => listed(data, (list) => list.toReversed())),
    action('comment', (data) => insert(data, 'Event._AttributeFlattened.500.comment', 'planted'))
  ]
  const steps = ['comment', 'first', 'turn', 'first', 'turn']
  const chain = workflow(steps.map((id, i) => ({ id, to: i + 1 < steps.length ? [[i + 3]] : [[]] })))
  const fold = new RunFold()
  for (const event of runAll({ workflow: chain, data: JSON.parse(text) as JsonMap, customModules })) fold.apply(event)
  const index = new RunIndex(fold.steps, chain)
  const list = ((fold.data.at(-1)?.output as JsonMap)['Event'] as JsonMap)['_AttributeFlattened'] as readonly JsonMap[]
  const at = list.findIndex(({ comment }) => comment === 'planted')
  const ways: readonly (readonly [string, readonly (string | number)[]])[] = [
    ['a value that a node wrote', ['Event', '_AttributeFlattened', at, 'comment']],
    ['one that came with the event', ['Event', '_AttributeFlattened', at, 'value']],
    ['one that is gone', ['Event', '_AttributeFlattened', list.length, 'value']]
  ]
  const base = await elapsed(() => JSON.parse(text) as unknown)
  console.log(`an event of ${(text.length / 1e6).toFixed(1)} MB, ${steps.length} nodes that change its list`)
  for (const [what, path] of ways) {
    let found = 0
    const measured = await elapsed(() => (found = blame(fold, index, path, { at: fold.steps.length - 1 }).length))
    report(`blame of ${what} (${found} entries)`, measured, ['JSON.parse of the event', base], 1)
  }
}

await search()
await blaming()
