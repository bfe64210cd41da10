// Runs of every kind, repeated in an empty workspace on another day, from their files alone: every line is equal but for the header's id and times.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Params } from '../../src/contract/operations.ts'
import type { Host } from '../../src/host/host.ts'
import type { RunFileHeader } from '../../src/host/runs/run-file.ts'
import { grown } from '../generate/grown-run.ts'
import { executables, firedWorkflows, randomRun, type OwnModule, type RandomRun } from '../generate/random-run.ts'
import { isMap } from '../../src/engine/php/values.ts'
import { profileIds } from '../../src/engine/profiles/profiles.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { isLong, scale } from './scale.ts'

const { open, folder } = hosting()
afterEach(() => void vi.useRealTimers())

const first = Number(process.env.RETRACE_SEED ?? 1) - 1
const count = Number(process.env.RETRACE_COUNT ?? scale(20, 400, 1000))
/** In the last two a custom module sets data in runs that were fired, whose events are in other files. */
const turns = [...Array.from({ length: count }, (_, i) => first + i), 876, 885]
/** Every tenth is as large as people's. */
const sized = (run: RandomRun, turn: number): RandomRun => (turn % 10 === 7 ? grown(run) : run)
const day = 24 * 3600 * 1000

/** Asks, renders, reads the clock and draws numbers: none of it can come out the same by itself. */
const asking = `export default defineModule({ kind: 'action', id: 'own-asking', params: [{ id: 'url', label: 'URL', type: 'input', jinja_supported: true }],
  async execute(ctx) {
    ctx.log('drawn ' + Math.random() + ' at ' + Date.now())
    try { const reply = await ctx.http({ url: String(ctx.params.url) || 'http://x.example' }); ctx.log('status ' + reply.status) } catch (error) { ctx.addError(String(error)) }
    const text = await ctx.render('{{ Event.info }} {{ Event.id }}')
    const data = ctx.getData()
    if (data.Event) { data.Event.info = text + Math.random(); ctx.setData(data) }
    if (Math.random() < 0.2) throw new Error('thrown ' + Math.random())
    return true
  } })`
const tossing = `export default defineModule({ kind: 'logic', id: 'own-tossing', params: [], execute: () => Math.random() < 0.5 })`
const own: readonly OwnModule[] = [
  { type: 'action', id: 'own-asking' },
  { type: 'logic', id: 'own-tossing' }
]

/** What waits until a run is on disk. */
function over() {
  const done = new Set<string>()
  let wake: () => void = () => undefined
  return {
    runs: {
      runOver(id: string) {
        done.add(id)
        wake()
      }
    },
    async of(id: string): Promise<void> {
      while (!done.has(id)) await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}

async function original(): Promise<{ host: Host; wait: (id: string) => Promise<void> }> {
  const { runs, of } = over()
  const host = await open(undefined, { runs })
  mkdirSync(join(host.workspace.folder, 'modules'), { recursive: true })
  for (const [file, text] of [
    ['asking.js', asking],
    ['tossing.js', tossing]
  ] as const) {
    writeFileSync(join(host.workspace.folder, 'modules', file), text)
    await ask(host, 'customModules.switch', { file, on: true })
  }
  for (const workflow of firedWorkflows(5)) await ask(host, 'workflows.save', { workflow })
  mkdirSync(join(host.workspace.folder, 'answers'), { recursive: true })
  const hook = { kind: 'http', method: 'POST', url: 'http://hook.example.org/x', headers: [], body: '' }
  const answers = [{ effect: hook, answer: { status: 201, body: '{"recorded": true}' } }]
  writeFileSync(
    join(host.workspace.folder, 'answers', 'a.json'),
    JSON.stringify({
      format: 'retrace.answers',
      version: 1,
      id: 'a',
      name: 'a',
      savedAt: '2024-01-01T00:00:00.000Z',
      answers
    })
  )
  return { host, wait: of }
}

/** The lines of a run's file; the header without what may differ. */
function linesOf(folder: string, id: string): readonly string[] {
  const [header = '', ...lines] = readFileSync(join(folder, 'runs', `${id}.ndjson`), 'utf8').split('\n')
  const { summary, ...rest } = JSON.parse(header) as RunFileHeader
  const { id: _id, startedAt: _at, parent, ...same } = summary
  // A run that was fired names the one that fired it.
  return [...lines, JSON.stringify({ ...rest, summary: { ...same, parent: parent && { ...parent, runId: '' } } })]
}

const filesOf = (folder: string, id: string): readonly string[] =>
  readdirSync(join(folder, 'runs'))
    .filter((name) => name.startsWith(`${id}.`) && name.endsWith('.ndjson'))
    .map((name) => name.slice(id.length, -'.ndjson'.length))
    .sort()

describe('a repeat in an empty workspace on another day', () => {
  it(`has every line of the file equal, for ${count} random runs`, { timeout: 1_200_000 }, async () => {
    const { host, wait } = await original()
    const runs: { readonly id: string; readonly seed: number }[] = []
    const refused = new Map<string, number>()
    for (const turn of turns) {
      const { seed, workflow, data, options } = sized(randomRun(turn + 1, turn, own), turn)
      const answer = await host.call('run.start', { workflow: { json: workflow }, data: { json: data }, options })
      if (!answer.ok) {
        refused.set(answer.error.code, (refused.get(answer.error.code) ?? 0) + 1)
        expect(
          ['TRIGGER_UNKNOWN', 'INPUT_OTHER_KIND', 'MODULE_UNKNOWN'],
          `seed ${seed}: ${answer.error.message}`
        ).toContain(answer.error.code)
        continue
      }
      const { runId } = answer.data as { readonly runId: string }
      await wait(runId)
      runs.push({ id: runId, seed })
    }
    await host.close()
    const elsewhere = folder()
    mkdirSync(join(elsewhere, 'runs'), { recursive: true })
    for (const { id } of runs) {
      // The file of the run alone, not those of the runs that it fired.
      cpSync(join(host.workspace.folder, 'runs', `${id}.ndjson`), join(elsewhere, 'runs', `${id}.ndjson`))
    }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 400 * day })
    const again = over()
    const other = await open(elsewhere, { runs: again.runs })
    let executed = new Set<string>()
    const tooLarge: string[] = []
    for (const { id, seed } of runs) {
      const { runId, lacks } = await ask(other, 'run.again', { runId: id })
      expect(lacks, `seed ${seed}`).toEqual([])
      await again.of(runId)
      expect(filesOf(elsewhere, runId), `seed ${seed}`).toEqual(filesOf(host.workspace.folder, id))
      for (const part of filesOf(elsewhere, runId)) {
        const [was, is] = [linesOf(host.workspace.folder, `${id}${part}`), linesOf(elsewhere, `${runId}${part}`)]
        expectEqualLines(was, is, `seed ${seed}, file ${part}`)
        for (const line of was) executed = note(executed, line)
        const cost = costOf(was.find((line) => line.startsWith('{"surroundings"')))
        const allowed = Math.max(16 * 1024, was.join('\n').length * 0.05)
        if (cost > allowed) tooLarge.push(`seed ${seed}${part}: ${cost} bytes of ${was.join('\n').length}`)
      }
    }
    expect(tooLarge, 'surroundings of more than 16 KB and 5 % of the file').toEqual([])
    expect(runs.length).toBeGreaterThan(count * 0.9)
    if (isLong) {
      const all = new Set(profileIds.flatMap((profile) => executables(profile).map(({ id }) => id)))
      expect([...all].filter((id) => !executed.has(id))).toEqual([])
    }
    expect(own.every(({ id }) => executed.has(id))).toBe(true)
  })

  it(
    `has every line of the file equal, for ${count} modules that were run on their own`,
    { timeout: 600_000 },
    async () => {
      const { host } = await original()
      const kept: { readonly id: string; readonly seed: number; readonly asked: Params<'module.execute'> }[] = []
      for (let turn = first; turn < first + count; turn++) {
        const { seed, workflow, data, options } = randomRun(turn + 1, turn, own)
        const asked = aloneOf(workflow, turn, data)
        const { as: _as, pins: _pins, cascade: _cascade, ...alone } = options ?? {}
        const answer = await host.call('module.execute', { ...asked, options: alone, keep: true })
        if (!answer.ok) {
          expect(['INPUT_OTHER_KIND', 'MODULE_UNKNOWN'], `seed ${seed}: ${answer.error.message}`).toContain(
            answer.error.code
          )
          continue
        }
        kept.push({ id: (answer.data as { readonly runId: string }).runId, seed, asked })
      }
      await host.close()
      const elsewhere = folder()
      mkdirSync(join(elsewhere, 'runs'), { recursive: true })
      for (const { id } of kept)
        cpSync(join(host.workspace.folder, 'runs', `${id}.ndjson`), join(elsewhere, 'runs', `${id}.ndjson`))
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 400 * day })
      const again = over()
      const other = await open(elsewhere, { runs: again.runs })
      for (const { id, seed } of kept) {
        const { runId, lacks } = await ask(other, 'run.again', { runId: id })
        expect(lacks, `seed ${seed}`).toEqual([])
        await again.of(runId)
        expectEqualLines(linesOf(host.workspace.folder, id), linesOf(elsewhere, runId), `seed ${seed}`)
      }
      expect(kept.length).toBeGreaterThan(count * 0.9)
    }
  )
})

/** The first module of a workflow, now and then converted first. */
function aloneOf(workflow: JsonMap, turn: number, data: Json): Omit<Params<'module.execute'>, 'options'> {
  const { data: nodes } = workflow['Workflow'] as { readonly data: { readonly [id: string]: JsonMap } }
  const { id, indexed_params: params, saved_filters: filters } = nodes['2']?.['data'] as JsonMap
  return {
    moduleId: id as string,
    params: Array.isArray(params) ? {} : (params as JsonMap),
    ...(isMap(filters) && filters['selector'] !== '' ? { filters } : {}),
    data: { json: data },
    convert: turn % 3 === 0
  }
}

function expectEqualLines(was: readonly string[], is: readonly string[], what: string): void {
  const at = was.findIndex((line, i) => line !== is[i])
  if (at >= 0 || was.length !== is.length)
    throw new Error(`${what}, line ${at + 1}:\n${difference(was[at] ?? '', is[at] ?? '')}`)
}

/** Bytes of the surroundings, without whole events of World that a run read: those are as long as they are. */
function costOf(line: string | undefined): number {
  if (line === undefined) return 0
  const { surroundings } = JSON.parse(line) as {
    readonly surroundings: { readonly world: { readonly parts: JsonMap } }
  }
  const { events = null } = surroundings.world.parts
  return line.length - (events === null ? 0 : JSON.stringify(events).length)
}

function note(executed: Set<string>, line: string): Set<string> {
  const found = /^\{"seq":\d+,"at":[\d.]+,"nodeId":\d+,"type":"node.finished","data":.*?"moduleId":"([^"]+)"/.exec(line)
  if (found?.[1] !== undefined) executed.add(found[1])
  return executed
}

function difference(was: string, is: string): string {
  const at = [...was].findIndex((char, i) => char !== is[i])
  const from = Math.max(0, at - 300)
  return `was …${was.slice(from, at + 300)}\nis  …${is.slice(from, at + 300)}`
}
