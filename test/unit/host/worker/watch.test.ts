import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import { PathReader } from '../../../../src/engine/replay/path-reader.ts'
import { extract } from '../../../../src/engine/hash/hash.ts'
import { values } from '../../../../src/engine/php/values.ts'
import type { OpenRun } from '../../../../src/host/worker/runs/open-run.ts'
import { watchRows } from '../../../../src/host/worker/values/watch.ts'
import { seeded } from '../../../attack/scale.ts'
import { blankSummary } from '../../../../src/engine/replay/run-facts.ts'

function runOf(data: readonly Json[]): OpenRun {
  const fold = new RunFold()
  const [first = null] = data
  fold.normalized = first
  for (const [i, output] of data.slice(1).entries())
    fold.data.push({ input: data[i] ?? null, output, view: output, params: {}, errors: [], post: null, effects: [] })
  const summary = blankSummary('r', '2024-01-01T00:00:00.000Z')
  return { summary, begun: summary, surroundings: null, workflow: null, rebuilt: false, options: {}, fold, events: [] }
}

const tag = (name: string): JsonMap => ({ name })

describe('watched hash paths', () => {
  it('say what they find after each step, and which step changed it', async () => {
    const start = { Event: { info: 'x', Tag: [tag('a'), tag('b')] } }
    const moved = { Event: { ...start.Event, Tag: start.Event.Tag.toReversed() } }
    const gone = { Event: { Tag: moved.Event.Tag } }
    const rows = await watchRows(runOf([start, { ...start }, moved, gone]), {
      ...{ paths: ['Event.info', 'Event.Tag.{n}.name', 'Event.Tag.0.name'], from: 0, to: 9 }
    })
    expect(
      rows.map(({ step, cells }) => [step, ...cells.map(({ preview, changed }) => (changed ? `!${preview}` : preview))])
    ).toEqual([
      [0, 'x', '2: a, b', 'a'],
      [1, 'x', '2: a, b', 'a'],
      [2, 'x', '!2: b, a', '!b'],
      [3, '!', '2: b, a', 'b']
    ])
    expect(rows[2]?.cells[2]?.path).toEqual(['Event', 'Tag', 0, 'name'])
  })

  it('read the same from any step on', async () => {
    const random = seeded(3)
    const data: Json[] = [{ Event: { Tag: [] } }]
    for (let i = 0; i < 200; i++) {
      const event = (data.at(-1) as JsonMap)['Event'] as JsonMap
      const change = random()
      data.push({
        Event:
          change < 0.5 ? event : { ...event, [change < 0.7 ? 'Tag' : 'info']: change < 0.7 ? [tag(`t${i}`)] : `i${i}` }
      })
    }
    const run = runOf(data)
    const paths = ['Event.Tag.{n}.name', 'Event.info', 'Event.{s}', '{s}.info']
    const all = await watchRows(run, { paths, from: 0, to: 1000 })
    for (let i = 0; i < 30; i++) {
      const from = Math.floor(random() * 200)
      expect(await watchRows(run, { paths, from, to: from + 10 })).toEqual(all.slice(from, from + 11))
    }
  })

  it('look at a list again only where it is another one', () => {
    let looks = 0
    const list = new Proxy([tag('a')], {
      get: (items, key) => (key === '0' && looks++, Reflect.get(items, key) as unknown)
    })
    const reader = new PathReader('Event.Tag.{n}.name')
    for (let i = 0; i < 12_285; i++) reader.read({ Event: { Tag: list as unknown as Json, i } })
    expect(looks).toBeLessThan(10)
  })

  it('find what Hash::extract finds', () => {
    const data = JSON.parse(
      '{"a":{"b":[{"c":1},{"c":2,"__proto__":{"d":3}}],"1":{"c":4}},"constructor":{"c":5}}'
    ) as Json
    for (const path of [
      'a.b.{n}.c',
      'a.{n}.c',
      'a.b.{n}.__proto__.d',
      'constructor.c',
      '{s}.c',
      'a.b.1.c',
      'nothing',
      'a.{*}.{n}.c'
    ])
      expect([path, new PathReader(path).read(data).map(({ value }) => value)]).toEqual([
        path,
        values((extract(data, path) ?? []) as never)
      ])
  })
})
