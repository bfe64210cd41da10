// Mails over SMTP.
import { createTransport } from 'nodemailer'
import type { Effect, EffectAnswer, EffectFailure } from '../../contract/run.ts'

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

const transportOf = ({ host, port, secure, selfSigned, user, password, timeoutSeconds }: SmtpSettings) => {
  const timeout = (timeoutSeconds ?? defaultSeconds) * 1000
  return createTransport({
    host,
    port,
    secure,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    // A mail of a workflow is text; nothing of it is read from files or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: { rejectUnauthorized: !selfSigned },
    ...(user === '' ? {} : { auth: { user, pass: password ?? '' } })
  })
}

/** Why a mail is never sent; null when it would be. */
export const mailRefusal = ({ extra, to }: Mail): string | null =>
  extra?.['encrypted'] === undefined
    ? null
    : `MISP would encrypt the mail to ${to} with ${String(extra['encrypted'])}; Retrace does not, and does not send it readable.`

/** Sends a mail. Never rejects. */
export async function performMail(mail: Mail, settings: SmtpSettings): Promise<EffectAnswer> {
  const refused = mailRefusal(mail)
  if (refused !== null) return { failure: 'unavailable', message: refused }
  const transport = transportOf(settings)
  try {
    await transport.sendMail({ from: settings.from, to: mail.to, subject: mail.subject, text: mail.text })
    return { sent: true }
  } catch (error) {
    return mailFailure(error, settings)
  } finally {
    transport.close()
  }
}

/** Whether the server greets and takes the user. */
export async function testMail(settings: SmtpSettings): Promise<EffectAnswer> {
  const transport = transportOf(settings)
  try {
    await transport.verify()
    return { sent: true }
  } catch (error) {
    return mailFailure(error, settings)
  } finally {
    transport.close()
  }
}

function mailFailure(error: unknown, { host, port }: SmtpSettings): EffectFailure {
  const { code = '', message } = error as Error & { code?: string }
  const text = `${host}:${port}: ${message}`
  if (/ECONNREFUSED/.test(message)) return { failure: 'refused', message: text }
  if (code === 'EDNS' || /ENOTFOUND|EAI_AGAIN/.test(message)) return { failure: 'unresolved', message: text }
  if (code === 'ETIMEDOUT') return { failure: 'timeout', message: text }
  if (/ECONNRESET|closed/i.test(message)) return { failure: 'reset', message: text }
  return { failure: 'refused', message: text }
}
