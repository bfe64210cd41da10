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

  it('is taken as text and as an upload', async () => {
    const host = await open()
    const text = '[{"Event": {"info": "one"}}]'
    const uploadId = await host.uploads.receive(Readable.from([Buffer.from(text)]))
    expect(await host.call('data.import', { name: 'a', text })).toMatchObject({ ok: true })
    expect(await host.call('data.import', { name: 'b', uploadId })).toMatchObject({ ok: true })
  })
})
