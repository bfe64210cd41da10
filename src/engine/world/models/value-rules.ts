// Which values MISP takes for an attribute type (AttributeValidationTool::validate), by families of types. Types that are not
// here take any value. Whether a type belongs to a category is only known to a world that has MISP's describeTypes.
import { isNumeric } from '../../php/cast.ts'
import { parseIpv4, parseIpv6 } from '../addresses.ts'

type Rule = (value: string) => boolean

const isHex: Rule = (value) => /^[0-9a-fA-F]+$/.test(value)
const hash =
  (length: number): Rule =>
  (value) =>
    value.length === length && isHex(value)
const matches =
  (pattern: RegExp): Rule =>
  (value) =>
    pattern.test(value)
const isCount: Rule = (value) => /^\d+$/.test(value)
const isPort: Rule = (value) => isCount(value) && Number(value) >= 1 && Number(value) <= 65535
const isIp: Rule = (value) => parseIpv4(value) !== null || parseIpv6(value) !== null
const isDomain: Rule = (value) => /^[A-Z0-9.\-_]+\.[A-Z0-9-]{2,}$/i.test(value)
const isEmail: Rule = (value) => /^.\S*@.*\..*$/.test(value)
const isSsdeep: Rule = (value) => /^\d+:[0-9a-zA-Z/+]*:[0-9a-zA-Z/+]*$/.test(value)
const isTlsh: Rule = (value) => {
  const rest = value.startsWith('t') ? value.slice(1) : value
  return rest.length > 35 && isHex(rest)
}

/** Both parts of a composite value; the value rules run after the check that there are two. */
const both =
  (first: Rule, second: Rule): Rule =>
  (value) => {
    const at = value.indexOf('|')
    return at >= 0 && first(value.slice(0, at)) && second(value.slice(at + 1))
  }

const isAddress: Rule = (value) => {
  if (!value.includes('/')) return isIp(value)
  const [address = '', length = '', more] = value.split('/')
  if (more !== undefined || !isCount(length)) return false
  if (parseIpv4(address) !== null) return Number(length) <= 32
  return parseIpv6(address) !== null && Number(length) <= 128
}

const hashLengths: readonly (readonly [length: number, types: string])[] = [
  [32, 'md5 imphash x509-fingerprint-md5 ja3-fingerprint-md5 hassh-md5 hasshserver-md5 dom-hash'],
  [40, 'sha1 git-commit-id x509-fingerprint-sha1 pehash'],
  [56, 'sha224 sha512/224 sha3-224'],
  [62, 'jarm-fingerprint'],
  [64, 'authentihash x509-fingerprint-sha256 sha256 sha512/256 sha3-256'],
  [96, 'sha384 sha3-384'],
  [128, 'sha512 sha3-512']
]

const rules = new Map<string, Rule>()
const add = (types: string, rule: Rule): void => {
  for (const type of types.split(' ')) rules.set(type, rule)
}

for (const [length, types] of hashLengths) {
  add(types, hash(length))
  // Names may hold anything but a line end; MISP wants these hashes in lower case.
  const named = new RegExp(`^.+\\|[0-9a-f]{${length}}$`)
  for (const type of types.split(' ')) rules.set(`filename|${type}`, matches(named))
}
add('ip-src ip-dst', isAddress)
add('ip-src|port ip-dst|port', both(isIp, isPort))
add('port', isPort)
add('hostname domain', isDomain)
add('hostname|port', both(isDomain, isPort))
add('domain|ip', both(isDomain, isIp))
add('email email-src email-dst eppn target-email whois-registrant-email dns-soa-email jabber-id', isEmail)
add('vulnerability', matches(/^CVE-\d{4}-\d{4,}$/))
add('weakness', matches(/^CWE-\d+$/))
add('ssdeep', isSsdeep)
add('filename|ssdeep', both(matches(/^.*$/), isSsdeep))
add('tlsh', isTlsh)
add('filename|tlsh', both(matches(/^.*$/), isTlsh))
add('telfhash', (value) => value.length === 70 || value.length === 72)
add('impfuzzy', matches(/^\d+:[^:]*:[^:]*$/s))
add('cdhash', matches(/^[0-9a-f]{40,}$/))
add('hex', isHex)
add('mac-address', matches(/^([a-fA-F0-9]{2}:?){6}$/))
add('mac-eui-64', matches(/^([a-fA-F0-9]{2}:?){8}$/))
add('onion-address', matches(/^([a-z2-7]{16}|[a-z2-7]{56})\.onion$/))
add('size-in-bytes counter', isCount)
add('AS', (value) => isCount(value) && Number(value) <= 4294967295)
add('iban bic btc dash xmr', matches(/^[a-zA-Z0-9]+$/))
add('bin cc-number bank-account-nr aba-rtn prtn phone-number whois-registrant-phone float', (value) => isNumeric(value))
add('boolean', (value) => isNumeric(value) && (Number(value) === 0 || Number(value) === 1))
add('link', matches(/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+\S*$/i))
add('windows-service-name windows-service-displayname', (value) => value.length <= 256 && !/[\\/]/.test(value))
add(
  'url uri user-agent regkey filename pdb target-user campaign-name campaign-id threat-actor target-machine target-org target-location target-external email-subject malware-type',
  (value) => !value.includes('\n')
)

/** True for a value that MISP accepts for the type, as far as the rules go. */
export const acceptsValue = (type: string, value: string): boolean => rules.get(type)?.(value) ?? true
