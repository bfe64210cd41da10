// Searching runs against a plain search of everything: no run is missed and none is found falsely, with an index, with a damaged one, with one
// that somebody else made, and with none; secrets are never found.
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { postLine } from '../../src/cli/posts.ts'
import type { FindQuestion, RunHits } from '../../src/contract/finding.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { extract, get } from '../../src/engine/hash/hash.ts'
import { looseEquals } from '../../src/engine/php/compare.ts'
import { values } from '../../src/engine/php/values.ts'
import type { Host } from '../../src/host/host.ts'
import { readRunFile } from '../../src/host/runs/run-file.ts'
import { GramCollector, fold, gramsOf, mayHold } from '../../src/host/search/grams.ts'
import { Indexing, siftInPortions } from '../../src/host/runs/indexing.ts'
import { SearchIndex } from '../../src/host/search/index-file.ts'
import { guardFolder } from '../../src/host/store/files.ts'
import type { RunSummary } from '../../src/contract/run-views.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { workflowOf } from '../unit/host/samples.ts'
import { scale, seeded } from './scale.ts'

const { open, folder } = hosting()
type Random = () => number
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

const odd = [
  'Straße',
  'ΣΊΣΥΦΟΣ',
  'ﬁle',
  '日本語',
  '\ud83d\ude00',
  '"quoted"',
  'back\\slash',
  'a\nb',
  '__proto__',
  'constructor'
]
const word = (random: Random): string =>
  random() < 0.2
    ? pick(random, odd)
    : Array.from({ length: 1 + Math.floor(random() * 9) }, () => pick(random, [...'abcdeABC019.-:'])).join('')
const address = (random: Random): string => Array.from({ length: 4 }, () => Math.floor(random() * 256)).join('.')

function dataOf(random: Random): JsonMap {
  const attributes = Array.from({ length: Math.floor(random() * 6) }, (_, i) => ({
    ...{ id: String(i), type: pick(random, ['ip-dst', 'domain', 'md5']), to_ids: random() < 0.5 },
    value: random() < 0.5 ? address(random) : `${word(random)}${word(random)}`,
    comment: word(random),
    score: Math.floor(random() * 1000) / 10
  }))
  const more = JSON.parse(`{"__proto__":{"own":"${'p'.repeat(1 + Math.floor(random() * 5))}"}}`) as JsonMap
  return {
    Event: {
      id: '1',
      info: word(random),
      Attribute: attributes,
      [`k${word(random)}`]: { deep: [[word(random)]], ...more }
    }
  }
}

const workflow = (random: Random): JsonMap =>
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: {
      type: 'logic',
      module: 'generic-if',
      params: { operator: 'in', hash_path: 'Event.Attribute.{n}.type', value: word(random) },
      to: { output_1: [3], output_2: [3] }
    },
    3: { type: 'action', module: 'push-zmq', params: { match_condition: word(random) }, to: { output_1: [4] } },
    4: { type: 'action', module: 'stop-execution', params: { message: word(random) } }
  })

interface Stored {
  readonly id: string
  /** What is searched of it, in the order of the run. */
  readonly parts: readonly { readonly step: number; readonly data: boolean; readonly value: Json }[]
}

async function stored(host: Host, runId: string): Promise<Stored> {
  const { lines, next } = await ask(host, 'run.events', { runId, unmasked: true })
  expect(next).toBeNull()
  return { id: runId, parts: partsOf(lines.map((line) => JSON.parse(line) as RunEvent)) }
}

/** As the listener would have had them from a MISP. */
async function capture(host: Host, runIds: readonly string[]): Promise<Stored[]> {
  const known = new Set((await ask(host, 'runs.list', { limit: 1000 })).runs.map(({ id }) => id))
  const posts: string[] = []
  for (const [i, runId] of runIds.entries()) {
    const { events } = await readRunFile(host.workspace.runFile(runId))
    const own = events.filter(({ type }) => type === 'post')
    posts.push(...own.map((event) => postLine(event, Date.UTC(2024, 1, 1) + i * 3_600_000)))
  }
  await ask(host, 'capture.import', { name: 'posts.ndjson', text: posts.join('\n') })
  const { runs } = await ask(host, 'runs.list', { limit: 1000 })
  return Promise.all(runs.filter(({ id }) => !known.has(id)).map(({ id }) => stored(host, id)))
}

function partsOf(events: readonly RunEvent[]): Stored['parts'] {
  const parts: { step: number; data: boolean; value: Json }[] = []
  let [step, effects]: [number, Json[]] = [0, []]
  for (const event of events) {
    if (event.type === 'run.normalized')
      parts.push(...[event.data.normalized, event.data.original].map((value) => ({ step, data: true, value })))
    if (event.type === 'effect' && event.data.effect.kind !== 'template')
      effects.push({ effect: event.data.effect, answer: event.data.answer } as unknown as Json)
    if (event.type !== 'node.finished') continue
    step++
    const { before, after, params, errors, message } = event.data
    parts.push({ step, data: true, value: before }, { step, data: true, value: after })
    for (const value of [params, errors, message ?? null, effects])
      parts.push({ step, data: false, value: value as Json })
    effects = []
  }
  return parts
}

function* leaves(value: Json, key: string | null = null): Generator<readonly [string | null, Json]> {
  yield [key, value]
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* leaves(item)
  else for (const name of Object.keys(value)) yield* leaves((value as JsonMap)[name] as Json, name)
}

function plainly({ parts }: Stored, question: FindQuestion): number | null {
  const has = (text: string, wanted: string, ignoreCase: boolean): boolean =>
    ignoreCase ? fold(text).includes(fold(wanted)) : text.includes(wanted)
  const isIn = (part: Stored['parts'][number]): boolean => {
    if ('path' in question) return part.data && fulfils(part.value, question.path, question.operator, question.value)
    return [...leaves(part.value)].some(([key, value]) =>
      'key' in question
        ? key !== null && has(key, question.key, question.ignoreCase)
        : ['string', 'number', 'boolean'].includes(typeof value) &&
          has(String(value), question.text, question.ignoreCase)
    )
  }
  return parts.find(isIn)?.step ?? null
}

function fulfils(data: Json, path: string, operator: string, value: Json): boolean {
  // IF :: Generic reads a path with Hash::get there.
  const isGet = operator === 'equals' && !/[{[]/.test(path)
  const found = isGet ? [get(data, path, [])] : values((extract(data, path) ?? []) as never)
  if (operator === 'any_value') return found.length > 0
  const equal = found.some((one) => (typeof one !== 'object' || one === null) && looseEquals(one, value))
  if (operator === 'equals') return equal
  return operator === 'not_in'
    ? !found.some((one) => looseEquals(one, value))
    : found.some((one) => looseEquals(one, value))
}

function questionOf(random: Random, runs: readonly Stored[]): FindQuestion {
  const texts = [...leaves(pick(random, pick(random, runs).parts).value)]
  const [key, value] = pick(random, texts)
  const text = typeof value === 'object' ? word(random) : String(value)
  const from = Math.floor(random() * text.length)
  const part = text.slice(from, from + 1 + Math.floor(random() * 12)) || 'x'
  const ignoreCase = random() < 0.5
  const shown = ignoreCase && random() < 0.5 ? part.toUpperCase() : part
  return pick<() => FindQuestion>(random, [
    () => ({ text: shown, ignoreCase }),
    () => ({ text: word(random), ignoreCase }),
    () => ({ key: key ?? word(random), ignoreCase }),
    () => ({
      path: pick(random, [
        'Event.Attribute.{n}.value',
        'Event.info',
        'Event.Attribute.0',
        'Event.Attribute.{n}[type=md5].comment',
        'Event.__proto__'
      ]),
      operator: pick(random, ['equals', 'in', 'not_in', 'any_value'] as const),
      value: text
    })
  ])()
}

async function expectPlain(host: Host, runs: readonly Stored[], question: FindQuestion, seed: number): Promise<void> {
  const hits: (readonly [string, number])[] = []
  for (let cursor: string | null = null, isMore = true; isMore; isMore = cursor !== null) {
    const page: RunHits = await ask(host, 'runs.find', { question, cursor, limit: 3 })
    expect(page.unread).toEqual([])
    hits.push(...page.hits.map(({ runId, step }) => [runId, step] as const))
    cursor = page.cursor
  }
  const wanted = runs.flatMap((run): (readonly [string, number])[] => {
    const step = plainly(run, question)
    return step === null ? [] : [[run.id, step]]
  })
  const sorted = (list: readonly (readonly [string, number])[]): string[] => list.map((one) => one.join(' ')).sort()
  expect(sorted(hits), `seed ${seed} ${JSON.stringify(question)}`).toEqual(sorted(wanted))
}

async function fill(host: Host, random: Random, count: number): Promise<Stored[]> {
  const runs: Stored[] = []
  for (let i = 0; i < count; i++) {
    const graph = workflow(random)
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: graph },
      data: { json: dataOf(random) },
      options: { raw: true }
    })
    await finished(host, runId)
    runs.push(await stored(host, runId))
  }
  return runs
}

/** The same records, all without a bit, and with the right sums. */
function saysNothing(bytes: Buffer): Buffer {
  let at = bytes.indexOf('\n') + 1
  expect(at).toBeGreaterThan(1)
  for (; at < bytes.length;) {
    const names = bytes.readUInt16LE(at + 4) + bytes.readUInt16LE(at + 6)
    const end = at + 16 + names + bytes.readUInt32LE(at + 8)
    bytes.fill(0, at + 16 + names, end)
    bytes.writeUInt32LE(crc32(bytes.subarray(at + 16, end), crc32(bytes.subarray(at, at + 12))), at + 12)
    at = end
  }
  return bytes
}

const indexOf = (workspace: string): string => join(workspace, 'search', 'index.bin')

describe('searching runs', () => {
  it('finds what a plain search finds, whatever has become of the index', async () => {
    const seed = 11
    const random = seeded(seed)
    const workspace = folder()
    let host = await open(workspace)
    const local = await fill(host, random, scale(6, 30, 60))
    const captured = await capture(
      host,
      local.slice(0, 6).map(({ id }) => id)
    )
    expect(captured.length).toBeGreaterThan(0)
    const runs = [...local, ...captured]
    const rounds = scale(8, 160, 400)
    for (let i = 0; i < rounds; i++) await expectPlain(host, runs, questionOf(random, runs), seed)
    expect(existsSync(indexOf(workspace))).toBe(true)
    const damages: readonly ((file: string) => void)[] = [
      () => undefined,
      (file) => truncateSync(file, Math.floor(statSync(file).size * random())),
      (file) => {
        const bytes = readFileSync(file)
        const at = Math.floor(random() * bytes.length)
        bytes[at] = (bytes[at] as number) ^ 0xff
        writeFileSync(file, bytes)
      },
      (file) => appendFileSync(file, Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)))),
      (file) => writeFileSync(file, ''),
      (file) => writeFileSync(file, 'not an index')
    ]
    for (const damage of damages) {
      await host.close()
      damage(indexOf(workspace))
      host = await open(workspace)
      for (let i = 0; i < rounds / 8; i++) await expectPlain(host, runs, questionOf(random, runs), seed)
    }
    await host.close()
    // A copy has another folder, and an index that says that no run has anything must not be believed there.
    const copy = join(folder(), 'copy')
    cpSync(workspace, copy, { recursive: true })
    writeFileSync(indexOf(copy), saysNothing(readFileSync(indexOf(copy))))
    host = await open(copy)
    for (let i = 0; i < rounds / 8; i++) await expectPlain(host, runs, questionOf(random, runs), seed)
  }, 300_000)

  it('reads only the runs that may have it, the second time', async () => {
    const random = seeded(5)
    const host = await open()
    const runs = await fill(host, random, 12)
    const question = { text: '203.0.113.77' }
    const first = await ask(host, 'runs.find', { question })
    const second = await ask(host, 'runs.find', { question })
    expect([first.read, second.read, second.searched]).toEqual([runs.length, 0, runs.length])
  })

  it('finds what stands deep and in keys of every kind, and is not held up by what it cannot read', async () => {
    const host = await open()
    let deep: unknown = 'at the bottom'
    for (let level = 0; level < 400; level++) deep = level % 2 === 0 ? [deep] : { ['__proto__ ']: deep }
    const odd = JSON.parse('{"__proto__":{"constructor":"planted in a prototype"},"":"under no name"}') as Json
    const event = { Event: { id: '1', info: 'x', deep, odd } } as Json
    const { runId } = await ask(host, 'run.start', {
      ...{ workflow: { json: workflow(seeded(1)) }, data: { json: event }, options: { raw: true } }
    })
    await finished(host, runId)
    const find = async (question: FindQuestion) => (await ask(host, 'runs.find', { question })).hits[0]?.path
    expect(await find({ text: 'at the bottom', ignoreCase: false })).toHaveLength(402)
    expect(await find({ text: 'planted in a prototype', ignoreCase: false })).toEqual([
      'Event',
      'odd',
      '__proto__',
      'constructor'
    ])
    expect(await find({ text: 'under no name', ignoreCase: false })).toEqual(['Event', 'odd', ''])
    expect(await find({ key: '__proto__', ignoreCase: false })).toBeDefined()
    expect(await find({ path: 'Event.odd.__proto__.constructor', operator: 'any_value', value: '' })).toEqual([
      'Event',
      'odd',
      '__proto__',
      'constructor'
    ])
    // A regular expression that would take for ever has its budget.
    expect(await find({ path: 'Event.{s}[info=/^(a+)+$/]', operator: 'any_value', value: '' })).toBeUndefined()
    writeFileSync(host.workspace.runFile(runId), 'not a run')
    const { hits, unread } = await ask(host, 'runs.find', { question: { text: 'at the bottom at all' } })
    expect([hits, unread.length]).toEqual([[], 0])
    const again = await ask(host, 'runs.find', { question: { text: 'the bottom' } })
    // It is still in memory, or named as one that could not be read.
    expect(again.hits.length + again.unread.length).toBe(1)
  })

  it('takes little room', async () => {
    const random = seeded(6)
    const workspace = folder()
    const host = await open(workspace)
    await fill(host, random, 12)
    await ask(host, 'runs.find', { question: { text: 'something' } })
    const runs = join(workspace, 'runs')
    const bytes = readdirSync(runs).reduce(
      (sum, name) => sum + (name.endsWith('.ndjson') && name !== 'index.ndjson' ? statSync(join(runs, name)).size : 0),
      0
    )
    expect(statSync(indexOf(workspace)).size).toBeLessThanOrEqual(bytes / 4)
  })

  it('never finds a masked secret', async () => {
    const secret = 'sEcReT-1234567'
    const host = await open()
    const params = {
      url: `http://me:${secret}@hook.example.org/?token=${secret}`,
      headers: `Authorization: Bearer ${secret}`,
      content_type: 'json'
    }
    const graph = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        type: 'action',
        module: 'webhook',
        params: { ...params, request_method: 'post' },
        to: { output_1: [3] }
      },
      // Another step repeats it where nothing of that step says that it is secret.
      3: { type: 'action', module: 'push-zmq', params: { match_condition: `see ${secret}` } }
    })
    const { runId } = await ask(host, 'run.start', {
      ...{ workflow: { json: graph }, data: { json: dataOf(seeded(1)) } },
      options: { mocks: { webhook: { status: 500, body: `no such key ${secret}` } } }
    })
    await finished(host, runId)
    const { events } = await readRunFile(host.workspace.runFile(runId))
    const posts = events.filter(({ type }) => type === 'post').map((event) => postLine(event, Date.UTC(2024, 1, 1)))
    await ask(host, 'capture.import', { name: 'posts.ndjson', text: posts.join('\n') })
    for (const text of [secret, secret.slice(0, 5), 'hook.example.org', 'no such key'])
      for (const ignoreCase of [true, false]) {
        const { hits } = await ask(host, 'runs.find', { question: { text, ignoreCase } })
        expect([text, hits.length > 0]).toEqual([text, !secret.startsWith(text)])
        expect(JSON.stringify(hits)).not.toContain(secret)
      }
  })
})

describe('the index of very many runs', () => {
  it('answers from its file, knows what it has, and forgets what is damaged', async () => {
    const place = folder()
    guardFolder(place)
    const count = scale(300, 20_000)
    const collector = new GramCollector()
    const index = new SearchIndex(place, true)
    for (let i = 0; i < count; i++) {
      collector.add(`the run number ${i} has address-${i}-x`)
      await index.put({ id: `run-${i}`, stamp: `${i}` }, collector.finish(1000))
    }
    const runs = Array.from({ length: count }, (_, i) => ({ id: `run-${i}`, stamp: `${i}` }))
    const again = new SearchIndex(place, true)
    expect(await again.unknown([...runs, { id: 'run-0', stamp: 'changed' }])).toEqual([count])
    for (const i of [0, count >> 1, count - 1]) {
      const found = await again.sift(runs, gramsOf([`address-${i}-x`]))
      expect(found).toContain(i)
      expect(found.length).toBeLessThan(count / 10)
    }
    expect(await again.sift(runs, gramsOf(['nobody has this']))).toHaveLength(0)
    // Runs that changed again and again do not make it grow for ever.
    for (let round = 0; round < 3; round++)
      await again.put({ id: 'run-0', stamp: `round ${round}` }, new Uint8Array(3_000_000))
    await again.put({ id: 'run-0', stamp: 'small' }, new Uint8Array(16))
    expect(statSync(indexOf(place)).size).toBeLessThan(3_000_000)
    expect(await again.unknown([{ id: 'run-0', stamp: 'small' }])).toEqual([])
  }, 120_000)

  it('is kept up in the background, the newest first', async () => {
    const learned: string[] = []
    await new Promise<void>((done, failed) => {
      const indexing = new Indexing({
        unknown: () => Promise.resolve(['newest', 'older', 'oldest']),
        learn: (id) => {
          learned.push(id)
          if (id === 'oldest')
            indexing.note(
              [
                { id: 'came since', state: 'done' },
                { id: 'goes on', state: 'running' }
              ] as RunSummary[],
              []
            )
          if (id === 'came since') {
            indexing.close()
            done()
          }
          return Promise.resolve()
        },
        failed,
        delays: { first: 0, quiet: 0, rest: 0 }
      })
    })
    expect(learned).toEqual(['newest', 'older', 'oldest', 'came since'])
  })
})

describe('the runs that the index does not know', () => {
  it('are found a portion at a time, so that others have their turn in between', async () => {
    const runs = Array.from({ length: scale(5500, 100_000) }, (_, i) => ({ id: `r${i}` }) as RunSummary)
    const sizes: number[] = []
    let turns = 0
    let isOver = false
    const take = () => {
      turns++
      if (!isOver) setImmediate(take)
    }
    setImmediate(take)
    const found = await siftInPortions(
      runs,
      ({ id }) => Number(id.slice(1)),
      (portion) => {
        sizes.push(portion.length)
        return new Promise((resolve) =>
          setImmediate(() => resolve(portion.flatMap((id, at) => (id % 700 === 0 ? [at] : []))))
        )
      }
    )
    isOver = true
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    expect(turns).toBeGreaterThanOrEqual(runs.length / 1000)
    expect(found.map(({ id }) => id)).toEqual(runs.flatMap(({ id }, i) => (i % 700 === 0 ? [id] : [])))
  })
})

describe('the grams of a text', () => {
  it('are in those of every text that it is a part of, in whatever letters', () => {
    const collector = new GramCollector()
    for (let seed = 1; seed <= scale(2000, 50_000); seed++) {
      const random = seeded(seed)
      const texts = Array.from({ length: 1 + Math.floor(random() * 5) }, () =>
        Array.from({ length: 1 + Math.floor(random() * 6) }, () => word(random)).join(' ')
      )
      for (const text of texts) collector.add(text)
      const bits = collector.finish(16 + Math.floor(random() * 400))
      const text = pick(random, texts)
      const from = Math.floor(random() * text.length)
      const part = text.slice(from, from + 1 + Math.floor(random() * text.length))
      expect([seed, mayHold(bits, gramsOf([part])), mayHold(bits, gramsOf([fold(part)]))]).toEqual([seed, true, true])
      expect(fold(text).includes(fold(part))).toBe(true)
    }
  })
})
