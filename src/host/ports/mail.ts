// Mails over SMTP.
import { isIP } from 'node:net'
import type { Effect, EffectAnswer, EffectFailure } from '../../contract/run.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { isLoopback } from '../../contract/loopback.ts'
import { AddressRefused, plainHost, serviceGuard } from './guard.ts'

export interface SmtpSettings {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly selfSigned: boolean
  readonly user: string
  readonly password: string | null
  /** The password may go to a server beyond this machine that offers no TLS. */
  readonly plain?: boolean
  readonly from: string
  /** Absent: 30, as MISP's mailer waits. */
  readonly timeoutSeconds?: number
}

type Mail = Extract<Effect, { kind: 'mail' }>

const defaultSeconds = 30

/** Connects to an address that was checked; the certificate is still the name's. Throws AddressRefused, or what DNS says. */
async function transportOf(settings: SmtpSettings) {
  const { host, port, secure, selfSigned, user, password, plain, timeoutSeconds } = settings
  const timeout = (timeoutSeconds ?? defaultSeconds) * 1000
  const [checked] = await serviceGuard(host).resolve(host, port)
  const name = plainHost(host)
  // Loaded when a mail is sent: a command in a terminal starts without it.
  const { createTransport } = await import('nodemailer')
  return createTransport({
    host: checked?.address ?? host,
    port,
    secure,
    // Somebody on the way can take the offer of TLS out of the greeting: a password does not go by what is offered.
    requireTLS: user !== '' && !secure && plain !== true && !isLoopback(checked?.address ?? host),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    // A mail of a workflow is text; nothing of it is read from files or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: { rejectUnauthorized: !selfSigned, ...(isIP(name) === 0 ? { servername: name } : {}) },
    ...(user === '' ? {} : { auth: { user, pass: password ?? '' } })
  })
}

/** Why a mail is never sent; null when it would be. */
export const mailRefusal = ({ extra, to }: Mail): string | null =>
  extra?.['encrypted'] === undefined
    ? null
    : `MISP would encrypt the mail to ${to} with ${String(extra['encrypted'])}; Retrace does not encrypt and will not send it unencrypted.`

type Transport = Awaited<ReturnType<typeof transportOf>>

async function over(settings: SmtpSettings, work: (transport: Transport) => Promise<unknown>): Promise<EffectAnswer> {
  let transport: Transport | null = null
  if (settings.user !== '' && settings.password === null) return withoutPassword(settings)
  try {
    transport = await transportOf(settings)
    await work(transport)
    return { sent: true }
  } catch (error) {
    return mailFailure(error, settings)
  } finally {
    transport?.close()
  }
}

const withoutPassword = ({ user, host, port }: SmtpSettings): EffectFailure => ({
  ...{ failure: 'unavailable', code: 'MAIL_PASSWORD_MISSING' },
  message: `There is no password for ${user} at ${host}:${port}: one is kept for one server, port, user and workspace.`
})

/** Sends a mail. Never rejects. */
export async function performMail(mail: Mail, settings: SmtpSettings): Promise<EffectAnswer> {
  const refused = mailRefusal(mail)
  if (refused !== null) return { failure: 'unavailable', message: refused }
  const { to, subject, text } = mail
  return over(settings, (transport) => transport.sendMail({ from: settings.from, to, subject, text }))
}

/** Whether the server greets and takes the user. */
export const testMail = (settings: SmtpSettings): Promise<EffectAnswer> =>
  over(settings, (transport) => transport.verify())

/** What nodemailer says of an error in codes. */
interface Told {
  readonly code?: string
  /** Of the system, where nodemailer put its own in its place. */
  readonly originalCode?: string
  /** Of SMTP; `CONN` and `API` for none. */
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
}

/** The server refused STARTTLS, or does not even know the command that offers it; 421 says that it closes. */
const isNotEncrypted = ({ code, command, response, responseCode }: Told): boolean =>
  (code === 'ETLS' && command === 'STARTTLS' && response !== undefined) ||
  (code === 'ECONNECTION' && command === 'EHLO' && responseCode !== 421)

/** Its code is the same for a handshake that fails and for a server that goes away during it: only the sentence tells them apart. */
const isReset = ({ code = '', originalCode, command }: Told, said: string): boolean =>
  originalCode === 'ECONNRESET' ||
  code === 'ECONNRESET' ||
  (code === 'ECONNECTION' && command === 'CONN') ||
  (code === 'ETLS' && /closed|ECONNRESET/i.test(said))

function mailFailure(error: unknown, { host, port, password }: SmtpSettings): EffectFailure {
  const told = error as Error & Told
  const { code = '', message: said } = told
  // A server may say what it was told.
  const message = new SecretTexts([password ?? '']).hide(said)
  const text = `${host}:${port}: ${message}`
  if (isNotEncrypted(told))
    return {
      ...{ failure: 'unavailable', code: 'MAIL_NOT_ENCRYPTED' },
      message: `${host}:${port} offers no TLS, and the password does not go there without; the settings can allow it.`
    }
  if (error instanceof AddressRefused) return { failure: 'unavailable', message }
  if (['EDNS', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) return { failure: 'unresolved', message: text }
  if (code === 'ETIMEDOUT') return { failure: 'timeout', message: text }
  if (isReset(told, said)) return { failure: 'reset', message: text }
  return { failure: 'refused', message: text }
}
