// Mails over SMTP.
import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Effect, EffectAnswer, EffectFailure } from '../../contract/run.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { AddressRefused, plainHost, serviceGuard } from './guard.ts'

export interface SmtpSettings {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly selfSigned: boolean
  readonly user: string
  readonly password: string | null
  readonly from: string
  /** Absent: 30, as MISP's mailer waits. */
  readonly timeoutSeconds?: number
}

type Mail = Extract<Effect, { kind: 'mail' }>

const defaultSeconds = 30

/** Connects to an address that was checked; the certificate is still the name's. Throws AddressRefused, or what DNS says. */
async function transportOf({ host, port, secure, selfSigned, user, password, timeoutSeconds }: SmtpSettings) {
  const timeout = (timeoutSeconds ?? defaultSeconds) * 1000
  const [checked] = await serviceGuard(host).resolve(host, port)
  const name = plainHost(host)
  return createTransport({
    host: checked?.address ?? host,
    port,
    secure,
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
    : `MISP would encrypt the mail to ${to} with ${String(extra['encrypted'])}; Retrace does not, and does not send it readable.`

type Transport = Awaited<ReturnType<typeof transportOf>>

async function over(settings: SmtpSettings, work: (transport: Transport) => Promise<unknown>): Promise<EffectAnswer> {
  let transport: Transport | null = null
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

function mailFailure(error: unknown, { host, port, password }: SmtpSettings): EffectFailure {
  const { code = '', message: said } = error as Error & { code?: string }
  // A server may say what it was told.
  const message = new SecretTexts([password ?? '']).hide(said)
  const text = `${host}:${port}: ${message}`
  if (error instanceof AddressRefused) return { failure: 'unavailable', message }
  if (/ECONNREFUSED/.test(message)) return { failure: 'refused', message: text }
  if (code === 'EDNS' || /ENOTFOUND|EAI_AGAIN/.test(message)) return { failure: 'unresolved', message: text }
  if (code === 'ETIMEDOUT') return { failure: 'timeout', message: text }
  if (/ECONNRESET|closed/i.test(message)) return { failure: 'reset', message: text }
  return { failure: 'refused', message: text }
}
