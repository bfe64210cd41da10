// Mails of a workflow: Module_send_mail, User::sendEmail and SendEmail::sendToUser.
import { plainNumber, type Json, type JsonMap } from '../../../contract/json.ts'
import { phpString, rtrim, utf8Length } from '../../php/cast.ts'
import { arrayDiff, inArray } from '../../php/compare.ts'
import { isArray, isEmpty, isEmptyArray, phpType, values } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import { badArgument } from '../../php/bad-argument.ts'
import type { Gen } from '../../effects/signals.ts'
import type { Execute, ModuleContext } from '../context.ts'

/** What the WHERE of the users asks for: rows that fit any of these. */
export interface Recipients {
  /** Names left after the special ones are taken out. */
  names: PhpArray
  conditions: ((user: JsonMap) => boolean)[]
}

type Special = (ctx: ModuleContext, data: JsonMap, found: Recipients) => void

/** The users that fit, by their ids. */
const usersOf = (ctx: ModuleContext, fits: (user: JsonMap) => boolean): JsonMap[] =>
  ctx.world.filter('users', fits).toSorted((a, b) => plainNumber(a['id']) - plainNumber(b['id']))

/** Ids of the roles that have a permission. */
export const rolesWith = (ctx: ModuleContext, permission: string): Set<string> =>
  new Set(ctx.world.filter('roles', (role) => !isEmpty(role[permission])).map((role) => text(role['id'])))

export const text = (value: Json | undefined): string => phpString(value ?? '')

/** Takes one of the special names out of the recipients; true when it was there. */
export function takeOut(found: Recipients, name: string): boolean {
  if (!inArray(name, found.names)) return false
  found.names = arrayDiff(found.names, [name])
  return true
}

/** Module_send_mail::exec; `special` adds what a subclass knows (conditionsFromRData). */
export const executeMail = (special: Special): Execute =>
  function* (ctx) {
    const data = ctx.getData()
    const params = yield* ctx.params()
    const { recipients = '', mail_template_subject: subject = '', mail_template_body: body = '' } = params
    const problem = isEmpty(recipients) ? 'No recipient set.' : isEmpty(subject) ? 'The mail template is empty.' : null
    if (problem !== null) {
      ctx.addError(problem)
      return false
    }
    const [text, title] = yield* renderedMail(ctx, data, body, subject)
    const users = findUsers(ctx, data, recipients, special)
    if (users === null) return false
    for (const user of users) yield* sendEmail(ctx, user, title, text)
    return true
  }

/** Body and subject; where parameters are not rendered by MISP's base class, the module does it, with texts that are empty too. */
function* renderedMail(ctx: ModuleContext, data: JsonMap, body: Json, subject: Json): Gen<readonly [string, string]> {
  if (ctx.profile.rendersParameters) return [phpString(body), phpString(subject)]
  const text = yield* ctx.render(body, data, 'mail_template_body')
  return [text, yield* ctx.render(subject, data, 'mail_template_subject')]
}

/** A text is no list: for PHP 7 nothing is in it, yet it is an address. */
function namesOf(recipients: Json): PhpArray {
  if (isArray(recipients)) return recipients
  badArgument(`in_array(): Argument #2 ($haystack) must be of type array, ${phpType(recipients)} given`)
  return [recipients]
}

/** The users to write to; null when no condition is left, which MISP calls a failure without a text. */
function findUsers(ctx: ModuleContext, data: JsonMap, recipients: Json, special: Special): JsonMap[] | null {
  const names = namesOf(recipients)
  if (inArray('All accounts', names)) return usersOf(ctx, () => true)
  const found: Recipients = { names, conditions: [] }
  if (takeOut(found, 'All admins')) {
    const roles = rolesWith(ctx, 'perm_site_admin')
    found.conditions.push((user) => roles.has(text(user['role_id'])))
  }
  special(ctx, data, found)
  if (!isEmptyArray(found.names)) {
    const emails = new Set(values(found.names).map(phpString))
    found.conditions.push((user) => emails.has(text(user['email'])))
  }
  if (found.conditions.length === 0) return null
  return usersOf(ctx, (user) => found.conditions.some((fits) => fits(user)))
}

/** User::sendEmail and SendEmail::sendToUser. What cannot be sent is logged by MISP and no error of the node. */
function* sendEmail(ctx: ModuleContext, user: JsonMap, subject: string, body: string): Gen<void> {
  const { settings } = ctx
  if (!isEmpty(settings['MISP.disable_emailing']) || !isEmpty(user['disabled'])) return
  const gpg = !isEmpty(user['gpgkey'])
  const smime = !isEmpty(user['certif_public']) && !isEmpty(settings['SMIME.enabled'])
  // MISP sends nothing to users without a key then (SendEmailException).
  if (!isEmpty(settings['GnuPG.onlyencrypted']) && !gpg && !smime) return
  const encrypted = gpg ? 'GnuPG' : smime ? 'S/MIME' : null
  if (encrypted !== null) {
    yield* ctx.note('MAIL_ENCRYPTED', `MISP encrypts the mail to ${text(user['email'])} with ${encrypted}.`)
  }
  yield* ctx.ask({
    kind: 'mail',
    to: text(user['email']),
    subject,
    text: mailText(body),
    ...(encrypted === null ? {} : { extra: { encrypted } })
  })
}

const lineLength = 998

/** CakeEmailExtended::_renderTemplates: line ends, lines of at most 998 bytes, no empty lines at the end. */
export function mailText(body: string): string {
  // A body that PHP calls empty has no text part.
  if (isEmpty(body)) return ''
  const lines = body.replace(/\r\n?/g, '\n').split('\n')
  return rtrim(lines.map(wrap).join('\n'), '\n')
}

/** /<[a-z]+.*>/i */
function hasTag(line: string): boolean {
  const begin = line.search(/<[a-z]/i)
  return begin >= 0 && line.lastIndexOf('>') > begin
}

/** CakeEmail::_wrap; lines with tags are left as they are. */
function wrap(line: string): string {
  if (utf8Length(line) < lineLength || hasTag(line)) return line
  const out: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`
    if (utf8Length(joined) <= lineLength) {
      current = joined
      continue
    }
    if (current !== '') out.push(current)
    current = word
    while (utf8Length(current) > lineLength) {
      out.push(current.slice(0, lineLength))
      current = current.slice(lineLength)
    }
  }
  return [...out, current].join('\n')
}
