// The password of a mail server, and who would like to have it: another workspace, another server, somebody on the way.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { liveConfigOf, mailPasswords } from '../../src/host/ports/live-config.ts'
import { createMemoryKeys } from '../../src/host/ports/keys.ts'
import { performMail, testMail, type SmtpSettings } from '../../src/host/ports/mail.ts'
import { ask, hosting } from '../unit/host/hosting.ts'

const { open } = hosting()
const sockets = new Set<Socket>()
const ends: (() => void)[] = []
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const end of ends.splice(0)) end()
})

/** A mail server, or who stands before it: says hello, offers what it is told to, and keeps every line. */
async function mailServer(
  offers: readonly string[],
  startTls = '454 not now'
): Promise<{ port: number; got: string[] }> {
  const got: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.write('220 mail.example.org ESMTP\r\n')
    socket.on('data', (data) => {
      for (const line of data.toString('latin1').split('\r\n').filter(Boolean)) {
        got.push(line)
        const answer = /^EHLO/.test(line)
          ? ['mail.example.org', ...offers]
              .map((text, i, all) => `250${i === all.length - 1 ? ' ' : '-'}${text}`)
              .join('\r\n')
          : /^STARTTLS/.test(line)
            ? startTls
            : /^AUTH/.test(line)
              ? '235 welcome'
              : /^DATA/.test(line)
                ? '354 go on'
                : '250 ok'
        socket.write(`${answer}\r\n`)
      }
    })
  })
  // Every address of this machine; 0.0.0.0 is one that is not called loopback.
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  ends.push(() => server.close())
  return { port: (server.address() as AddressInfo).port, got }
}

const password = 'hunter2-hunter2'
const settings = (port: number, change: Partial<SmtpSettings> = {}): SmtpSettings => ({
  ...{ host: '0.0.0.0', port, secure: false, selfSigned: true, user: 'me', password, from: 'a@b.c', timeoutSeconds: 5 },
  ...change
})
const mail = { kind: 'mail', to: 'x@y.z', subject: 's', text: 't' } as const
const login = Buffer.from(`\0me\0${password}`).toString('base64')
const seen = (got: readonly string[]): boolean => got.some((line) => line.includes(login) || line.includes(password))

describe('a mail password beyond this machine', () => {
  it.each([
    ['offers no TLS', ['AUTH PLAIN LOGIN'], undefined],
    ['offers TLS and does not give it', ['STARTTLS', 'AUTH PLAIN'], '454 not now'],
    ['knows no STARTTLS', ['AUTH PLAIN'], '502 what?'],
    ['hides the offer', ['XXXXXXXA', 'AUTH PLAIN'], '500 5.5.1']
  ])('does not go to a server that %s', async (_what, offers, startTls) => {
    const { port, got } = await mailServer(offers, startTls)
    const refused = {
      failure: 'unavailable',
      code: 'MAIL_NOT_ENCRYPTED',
      message: expect.stringContaining('offers no TLS') as string
    }
    expect(await performMail(mail, settings(port))).toMatchObject(refused)
    expect(await testMail(settings(port))).toMatchObject(refused)
    expect(seen(got), got.join('\n')).toBe(false)
  })

  it('goes without where a person allows it, and on this machine; a mail without a user always goes', async () => {
    const { port, got } = await mailServer(['AUTH PLAIN'])
    expect(await testMail(settings(port, { plain: true }))).toEqual({ sent: true })
    expect(await testMail(settings(port, { host: '127.0.0.1' }))).toEqual({ sent: true })
    expect(got.filter((line) => line.includes(login))).toHaveLength(2)
    expect(await testMail(settings(port, { user: '', password: null }))).toEqual({ sent: true })
  })

  it('does not go by an offer that breaks, also where it may go without', async () => {
    const { port, got } = await mailServer(['STARTTLS', 'AUTH PLAIN'], '220 go on')
    expect(await testMail(settings(port, { plain: true }))).toHaveProperty('failure')
    expect(seen(got)).toBe(false)
  })

  it('that is not there is said, and nothing is asked', async () => {
    const { port, got } = await mailServer(['AUTH PLAIN'])
    expect(await testMail(settings(port, { host: '127.0.0.1', password: null }))).toMatchObject({
      code: 'MAIL_PASSWORD_MISSING'
    })
    expect(got).toEqual([])
  })
})

describe('a mail password', () => {
  const source = (smtp: object) => ({ misp: {} as never, own: { live: { smtp } } })
  const server = { host: 'mail.example.org', port: 587, user: 'me' }

  it.each([
    ['another server', { ...server, host: 'mail.evil.example' }],
    ['another port', { ...server, port: 25 }],
    ['another user', { ...server, user: 'you' }],
    [
      'names that look alike once they are put together',
      { ...server, user: 'me@mail.example.org:587 for /work', host: 'x' }
    ]
  ])('is not that of %s', async (_what, other) => {
    const passwords = mailPasswords(createMemoryKeys(), '/work')
    await passwords.keep(source(server), password)
    expect(await passwords.of(source({ ...server, host: 'MAIL.example.org.' }))).toBe(password)
    expect(await passwords.of(source(other))).toBeNull()
    expect(liveConfigOf(source(other), await passwords.of(source(other))).smtp.password).toBeNull()
  })

  it('is not that of another workspace', async () => {
    const keys = createMemoryKeys()
    await mailPasswords(keys, '/work').keep(source(server), password)
    expect(await mailPasswords(keys, '/hostile').of(source(server))).toBeNull()
    // As versions before kept it.
    await keys.set('smtp', password)
    expect(await mailPasswords(keys, '/hostile').of(source(server))).toBeNull()
  })

  it('stays with the server it was given for when the settings go on to another one', async () => {
    const host = await open()
    const { port, got } = await mailServer(['AUTH PLAIN'])
    const live = await ask(host, 'live.configure', { smtp: { host: '127.0.0.1', port: 2525, user: 'me', password } })
    expect(live.smtp.hasPassword).toBe(true)
    expect((await ask(host, 'live.configure', { smtp: { port } })).smtp.hasPassword).toBe(false)
    expect(await ask(host, 'live.test', { kind: 'mail' })).toMatchObject({ ok: false, code: 'MAIL_PASSWORD_MISSING' })
    expect(seen(got)).toBe(false)
    expect((await ask(host, 'live.configure', { smtp: { port: 2525 } })).smtp.hasPassword).toBe(true)
    expect((await ask(host, 'live.configure', { smtp: { password: '' } })).smtp.hasPassword).toBe(false)
  })
})
