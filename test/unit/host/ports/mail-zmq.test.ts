import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { Subscriber } from 'zeromq'
import { performMail, testMail } from '../../../../src/host/ports/mail.ts'
import { ZmqPublisher } from '../../../../src/host/ports/zmq.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  )
  await new Promise((resolve) => server.close(resolve))
  return port
}

const settings = (port: number) => ({
  ...{ host: '127.0.0.1', port, secure: false, selfSigned: true, user: '', password: null },
  from: 'misp@example.org'
})
const mail = { kind: 'mail', to: 'a@example.org', subject: 'Phishing — wave 2', text: 'Line 1\nLine 2 ä' } as const

async function smtp(options: ConstructorParameters<typeof SMTPServer>[0] = {}) {
  const received: { from: string; to: string[]; text: string }[] = []
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        received.push({ from, to: rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString('utf8') })
        done()
      })
    },
    ...options
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  closing.push(() => server.close(() => undefined))
  return { port, received }
}

describe('live mail', () => {
  it('sends sender, recipient, subject and text to an SMTP server', async () => {
    const { port, received } = await smtp()
    expect(await performMail(mail, settings(port))).toEqual({ sent: true })
    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({ from: 'misp@example.org', to: ['a@example.org'] })
    expect(received[0]?.text).toMatch(/^Subject: =\?UTF-8\?Q\?Phishing_=E2=80=94_wave_2\?=\r$/m)
    expect(received[0]?.text).toContain('Line 1\r\nLine 2 =C3=A4')
  })

  it('tells a server that refuses the recipient, the user, or the connection', async () => {
    const refusing = await smtp({ onRcptTo: (_address, _session, done) => done(new Error('no such user')) })
    expect(await performMail(mail, settings(refusing.port))).toMatchObject({ failure: 'refused' })
    const auth = await smtp({ authOptional: false, onAuth: (_auth, _session, done) => done(new Error('bad password')) })
    expect(await testMail({ ...settings(auth.port), user: 'x', password: 'y' })).toMatchObject({ failure: 'refused' })
    expect(await performMail(mail, settings(await freePort()))).toMatchObject({ failure: 'refused' })
  })

  it('does not send readable what MISP would encrypt', async () => {
    const { port, received } = await smtp()
    const answer = await performMail({ ...mail, extra: { encrypted: 'GnuPG' } }, settings(port))
    expect(answer).toMatchObject({ failure: 'unavailable' })
    expect(received).toEqual([])
  })
})

describe('live ZeroMQ', () => {
  it('publishes topic and JSON in one frame, to a subscriber that is already there', async () => {
    const port = await freePort()
    const subscriber = new Subscriber({ reconnectInterval: 50 })
    subscriber.connect(`tcp://127.0.0.1:${port}`)
    subscriber.subscribe('misp_json_workflow')
    const publisher = new ZmqPublisher()
    closing.push(
      () => publisher.close(),
      () => subscriber.close()
    )
    const push = { kind: 'zmq', topic: 'misp_json_workflow', message: { Event: { info: 'ä/b', Tag: [] } } } as const
    expect(await publisher.push(push, { host: '127.0.0.1', port })).toEqual({ sent: true })
    const frames = (await subscriber.receive()).map((frame) => frame.toString('utf8'))
    expect(frames).toEqual(['misp_json_workflow {"Event":{"info":"ä/b","Tag":[]}}'])
  })

  it('sends without a subscriber as MISP does, and tells an address that is taken', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    )
    closing.push(() => server.close())
    const publisher = new ZmqPublisher()
    closing.push(() => publisher.close())
    const push = { kind: 'zmq', topic: 't', message: [] } as const
    expect(await publisher.push(push, { host: '127.0.0.1', port })).toMatchObject({ failure: 'refused' })
    expect(await publisher.push(push, { host: '127.0.0.1', port: await freePort() })).toEqual({ sent: true })
  })
})
