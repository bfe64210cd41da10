import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { hosting } from './hosting.ts'

const { open } = hosting()

const broken = [
  ['cut off', '{"Event": {"info": "x"', 'INPUT_NOT_JSON'],
  ['followed by something', '{"Event": {}} trailing', 'INPUT_NOT_JSON'],
  ['empty', '', 'INPUT_NOT_JSON'],
  ['a web page', '<html><body>Log in</body></html>', 'INPUT_NOT_JSON'],
  ['a number', '5', 'INPUT_NOT_OBJECT'],
  ['a text', '"Event"', 'INPUT_NOT_OBJECT'],
  ['null', 'null', 'INPUT_NOT_OBJECT']
] as const

describe('a data set that is imported', () => {
  it.each(broken)('is refused with its name when it is %s, and nothing is kept', async (_, text, code) => {
    const host = await open()
    const uploadId = await host.uploads.receive(Readable.from([Buffer.from(text)]))
    for (const params of [
      { name: 'my event.json', text },
      { name: 'my event.json', uploadId }
    ]) {
      const answer = await host.call('data.import', params)
      expect(answer).toMatchObject({ ok: false, error: { code } })
      if (!answer.ok) expect(answer.error.message).toContain('my event.json')
    }
    expect(await host.call('data.list', {})).toEqual({ ok: true, data: [] })
  })

  it('is found where it is there already, and asked about where it is there in another state', async () => {
    const host = await open()
    const event = (info: string, uuid = '8e85c1d3-ae9a-4b7c-a2af-fbc373ae95a1') =>
      JSON.stringify({ Event: { Orgc: { uuid: 'c5ac85bf-c2c6-45d5-a200-d516d25df49d' }, uuid, info } })
    const take = async (text: string, ifKnown: 'ask' | 'copy' = 'ask') =>
      host.call('data.import', { name: 'one.json', text, ifKnown })
    const count = async () => ((await host.call('data.list', {})) as { data: readonly unknown[] }).data.length
    const first = (await take(event('first'))) as { data: { id: string } }
    const { id } = first.data
    expect(await take(event('first'))).toMatchObject({ ok: true, data: { id, isKnown: true } })
    const uploadId = await host.uploads.receive(Readable.from([Buffer.from(event('first'))]))
    expect(await host.call('data.import', { name: 'sent.json', uploadId, ifKnown: 'ask' })).toMatchObject({
      ok: true,
      data: { id }
    })
    expect(await count()).toBe(1)
    expect(await take(event('later'))).toMatchObject({
      ok: false,
      error: { code: 'DATA_KNOWN', details: { dataId: id, name: 'one.json' } }
    })
    expect(await take(event('later'), 'copy')).toMatchObject({ ok: true, data: { events: [{ info: 'later' }] } })
    // Another event of the same organisation is another event; several in one file are no state of one.
    expect(await take(event('other', '344acc17-0000-4000-8000-000000000001'))).toMatchObject({ ok: true })
    expect(await take(`[${event('in a list')}]`)).toMatchObject({ ok: true })
    expect(await count()).toBe(4)
  })

  it('is fetched or saved from MISP once, and beside its earlier state', async () => {
    const host = await open()
    const text = (info: string) =>
      JSON.stringify({
        response: [{ Event: { uuid: 'u', info, id: '1' } }, { Event: { uuid: 'v', info: '2', id: '2' } }]
      })
    const take = (info: string) => host.call('takeover.import', { name: 'events.json', text: text(info) })
    expect(await take('a')).toMatchObject({ ok: true, data: [{ to: 'data', count: 2 }] })
    expect(await take('a')).toMatchObject({ ok: true, data: [{ to: 'nothing', note: '“events.json” is the same.' }] })
    expect(await take('b')).toMatchObject({ ok: true, data: [{ to: 'data' }] })
  })

  it('is taken as text and as an upload', async () => {
    const host = await open()
    const text = '[{"Event": {"info": "one"}}]'
    const uploadId = await host.uploads.receive(Readable.from([Buffer.from(text)]))
    expect(await host.call('data.import', { name: 'a', text })).toMatchObject({ ok: true })
    expect(await host.call('data.import', { name: 'b', uploadId })).toMatchObject({ ok: true })
  })
})
