import { describe, expect, it } from 'vitest'
import { decodeBody, decodeEffect, decodeHeader, decodeMail } from '../../../../src/renderer/step/body.ts'

const texts = (decoded: ReturnType<typeof decodeBody>) => decoded?.fields.map(({ name, text }) => [name, text])
const json = 'application/json'

describe('bodies as their receivers read them', () => {
  it('shows a Teams message without its escapes', () => {
    const body = JSON.stringify({ text: JSON.stringify({ Event: { info: 'He said "no"' } }) })
    const decoded = decodeBody(body, json)
    expect(decoded?.kind).toBe('message')
    expect(texts(decoded)).toEqual([['text', '{\n  "Event": {\n    "info": "He said \\"no\\""\n  }\n}']])
  })

  it('puts the message of a chat first, with its line breaks, and what goes with it behind', () => {
    const decoded = decodeBody(
      JSON.stringify({ channel: 'soc', text: 'One\nTwo "quoted"', icon: { emoji: ':x:' } }),
      json
    )
    expect(texts(decoded)?.slice(0, 2)).toEqual([
      ['text', 'One\nTwo "quoted"'],
      ['channel', 'soc']
    ])
    expect(texts(decoded)?.[2]).toEqual(['icon', '{\n  "emoji": ":x:"\n}'])
  })

  it('shows Telegram’s HTML as text', () => {
    const text = '<b>Event</b> 4 &lt;5&gt; &#8364; <a href="https://misp.example/4">open</a>'
    const decoded = decodeBody(JSON.stringify({ chat_id: '1', text, parse_mode: 'HTML' }), json)
    expect(texts(decoded)?.[0]).toEqual(['text', 'Event 4 <5> € open (https://misp.example/4)'])
  })

  it('unfolds JSON in texts of JSON', () => {
    const decoded = decodeBody(JSON.stringify({ payload: '{"a":"[1,2]"}' }), json)
    expect(decoded?.kind).toBe('json')
    expect(JSON.parse(decoded?.fields[0]?.text ?? '')).toEqual({ payload: { a: [1, 2] } })
  })

  it('lists the fields of a form', () => {
    const form = 'application/x-www-form-urlencoded'
    expect(texts(decodeBody('Event%5Binfo%5D=a+b%26c&n=1&n=2', form))).toEqual([
      ['Event[info]', 'a b&c'],
      ['n', '1'],
      ['n', '2']
    ])
    expect(decodeBody('just text', form)).toBeNull()
  })

  it('takes curl’s multipart apart, whatever its type is called', () => {
    const boundary = '------------------------BOUNDARY'
    const body = [
      `--${boundary}`,
      'Content-Disposition: form-data; name="data"',
      '',
      '{"a":1}',
      `--${boundary}`,
      'Content-Disposition: form-data; name="f"; filename="x.txt"',
      'Content-Type: text/plain',
      '',
      'two\r\nlines',
      `--${boundary}--`,
      ''
    ].join('\r\n')
    const decoded = decodeBody(body, `application/x-www-form-urlencoded; boundary=${boundary}`)
    expect(decoded?.kind).toBe('parts')
    expect(decoded?.fields).toEqual([
      { name: 'data', text: '{\n  "a": 1\n}' },
      { name: 'f', text: 'two\r\nlines', note: 'text/plain, x.txt' }
    ])
  })

  it('reads a multipart mail: nested parts, base64, quoted-printable', () => {
    const mail = [
      'Content-Type: multipart/mixed; boundary="out"',
      '',
      '--out',
      'Content-Type: multipart/alternative; boundary=in',
      '',
      '--in',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'caf=C3=A9 and a long =',
      'line',
      '--in',
      'Content-Type: text/html',
      '',
      '<p>café</p>',
      '--in--',
      '--out',
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename="note.txt"',
      'Content-Transfer-Encoding: base64',
      '',
      'R3LDvMOfZQ==',
      '--out--'
    ].join('\n')
    expect(decodeMail(mail)?.fields).toEqual([
      { name: '', text: 'café and a long line', note: 'text/plain' },
      { name: '', text: '<p>café</p>', note: 'text/html' },
      { name: 'note.txt', text: 'Grüße', note: 'text/plain' }
    ])
    expect(decodeMail('--\nThe signature of a plain mail: nothing else')).toBeNull()
    expect(decodeMail('Event 4: published')).toBeNull()
  })

  it('reads encoded words of mail headers', () => {
    expect(decodeHeader('=?UTF-8?B?R3LDvMOfZQ==?= =?utf-8?Q?_aus_=C3=96l?=')).toBe('Grüße aus Öl')
    expect(decodeHeader('plain =? text')).toBe('plain =? text')
  })

  it('shows what a chat module of misp-modules posts, and says what an empty message does', () => {
    const effect = (message_template: string) =>
      ({
        kind: 'misp-modules',
        family: 'Action',
        timeoutSeconds: 10,
        body: { module: 'mattermost', data: {}, params: { channel_id: 'soc', message_template } }
      }) as const
    expect(texts(decodeEffect(effect('**Hi**') as never))).toEqual([
      ['message', '**Hi**'],
      ['channel_id', 'soc']
    ])
    expect(texts(decodeEffect(effect('') as never))?.[0]?.[1]).toContain('posts the whole data')
  })

  it('leaves alone what is broken', () => {
    expect(decodeBody('{"a":', json)).toBeNull()
    expect(decodeBody('--x', 'multipart/form-data; boundary=y')).toBeNull()
    expect(decodeBody('', json)).toBeNull()
  })

  it('cuts what nests too deep, in a body and in a text of it', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    for (const body of [deep, JSON.stringify({ text: deep }), JSON.stringify([JSON.stringify({ text: deep })])])
      expect(JSON.stringify(decodeBody(body, json)).length).toBeLessThan(200_000)
  })
})
