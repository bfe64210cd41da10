// Values of attributes: what MISP changes before it validates one (ComplexTypeTool::refangValue,
// AttributeValidationTool::modifyBeforeValidation) and what it accepts (AttributeValidationTool::validate).
import { trim } from '../../php/cast.ts'
import { formatIpv6, parseIpv4, parseIpv6 } from '../addresses.ts'

const isIpv4 = (value: string): boolean => parseIpv4(value) !== null
const isIpv6 = (value: string): boolean => parseIpv6(value) !== null
const isAddress = (value: string): boolean => isIpv4(value) || isIpv6(value)

/** An IPv6 address in its shortest spelling; anything else as it is. */
function formatAddress(value: string): string {
  const address = value.indexOf(':') > 0 ? parseIpv6(value) : null
  return address === null ? value : formatIpv6(address)
}

const mailTypes = ['email', 'email-src', 'email-dst']
const linkTypes = ['link', 'url']
const namedTypes = [...linkTypes, ...mailTypes, 'ip-dst', 'ip-src', 'domain|ip', 'domain', 'hostname']

/** In MISP's order: what is found, what it becomes, in which types. */
const refangs: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [/^(?:hxxp|hxtp|htxp|meow|h\[tt\]p)/i, 'http', linkTypes],
  [/\[\.\]|\[dot\]|\(dot\)/g, '.', namedTypes],
  [/\[hxxp:\/\/\]/g, 'http://', linkTypes],
  [/\[@\]|\[at\]/g, '@', mailTypes],
  [/\[:\]/g, ':', linkTypes]
]

export const refang = (type: string, value: string): string =>
  refangs.reduce((text, [from, to, types]) => (types.includes(type) ? text.replace(from, to) : text), value)

const lower = new Set(
  (
    'md5 sha1 sha224 sha256 sha384 sha512 sha512/224 sha512/256 sha3-224 sha3-256 sha3-384 sha3-512 ja3-fingerprint-md5 ' +
    'jarm-fingerprint hassh-md5 hasshserver-md5 hostname pehash authentihash vhash imphash telfhash tlsh anonymised cdhash ' +
    'email email-src email-dst target-email whois-registrant-email dom-hash onion-address'
  ).split(' ')
)

const hexLength: { readonly [type: string]: number } = {
  authentihash: 64,
  md5: 32,
  imphash: 32,
  sha1: 40,
  'git-commit-id': 40,
  'x509-fingerprint-md5': 32,
  'x509-fingerprint-sha1': 40,
  'x509-fingerprint-sha256': 64,
  'ja3-fingerprint-md5': 32,
  'jarm-fingerprint': 62,
  'hassh-md5': 32,
  'hasshserver-md5': 32,
  pehash: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
  'sha512/224': 56,
  'sha512/256': 64,
  'sha3-224': 56,
  'sha3-256': 64,
  'sha3-384': 96,
  'sha3-512': 128,
  'dom-hash': 32
}

/** AttributeValidationTool::normalizeIp. */
function normalizeIp(value: string): string {
  const slash = value.indexOf('/')
  if (slash > 0) {
    const ip = formatAddress(value.slice(0, slash))
    const range = value.slice(slash + 1)
    const whole = (range === '32' && value.includes('.')) || (range === '128' && value.includes(':'))
    return whole ? ip : `${ip}/${range}`
  }
  return formatAddress(value)
}

/** An address with a port in any of the ways that people write it. */
function addressWithPort(value: string): string {
  const bracketed = /^\[([^\]]*)\]:(.*)$/s.exec(value)
  const colons = value.split(':').length - 1
  let parts: string[]
  if (colons >= 2) {
    const separator = [' port ', '.', 'p', '#'].find((text) => value.includes(text))
    if (value.includes('|')) parts = value.split('|')
    else if (bracketed) parts = [bracketed[1] as string, bracketed[2] as string]
    else if (separator !== undefined) parts = value.split(separator)
    else parts = [value.slice(0, value.lastIndexOf(':')), value.slice(value.lastIndexOf(':') + 1)]
  } else if (colons === 1) parts = value.split(':')
  else if (value.includes('|')) parts = value.split('|')
  else return value
  return `${normalizeIp(parts[0] ?? '')}|${parts[1] ?? ''}`
}

const trimDots = (text: string): string => trim(text, '.')

const phone = (value: string): string =>
  (value.startsWith('00') ? `+${value.slice(2)}` : value).replaceAll('(0)', '').replace(/[^+0-9]+/g, '')

function asNumber(value: string): string {
  const text = value.replace(/^AS/i, '')
  const [high = '', low] = /^(\d+)\.(\d+)$/.exec(text)?.slice(1) ?? []
  return low === undefined ? text : String(Number(high) * 65536 + Number(low))
}

function boolean(value: string): string {
  const text = value.trim().toLowerCase()
  return text === 'false' || text === '' || text === '0' ? '0' : '1'
}

const macAddress = (value: string): string =>
  (
    value
      .toLowerCase()
      .replace(/[.:\- ]/g, '')
      .match(/.{1,2}/gs) ?? []
  ).join(':')

function domainAndIp(value: string): string {
  const [domain = '', ip] = value.toLowerCase().split('|')
  return ip === undefined ? domain : `${trimDots(domain)}|${normalizeIp(ip)}`
}

const changes: { readonly [type: string]: (value: string) => string } = {
  'ip-src': normalizeIp,
  'ip-dst': normalizeIp,
  domain: (value) => trimDots(value.toLowerCase()),
  'domain|ip': domainAndIp,
  'http-method': (value) => value.toUpperCase(),
  hex: (value) => value.toUpperCase(),
  vulnerability: (value) => value.replaceAll('–', '-').toUpperCase(),
  weakness: (value) => value.replaceAll('–', '-').toUpperCase(),
  'cc-number': (value) => value.replace(/[^0-9]+/g, ''),
  bin: (value) => value.replace(/[^0-9]+/g, ''),
  iban: (value) => value.toUpperCase().replace(/[^0-9A-Z]+/g, ''),
  bic: (value) => value.toUpperCase().replace(/[^0-9A-Z]+/g, ''),
  prtn: phone,
  'phone-number': phone,
  'whois-registrant-phone': phone,
  'x509-fingerprint-md5': (value) => value.replaceAll(':', '').toLowerCase(),
  'x509-fingerprint-sha1': (value) => value.replaceAll(':', '').toLowerCase(),
  'x509-fingerprint-sha256': (value) => value.replaceAll(':', '').toLowerCase(),
  'ip-dst|port': addressWithPort,
  'ip-src|port': addressWithPort,
  'mac-address': macAddress,
  'mac-eui-64': macAddress,
  'hostname|port': (value) => value.toLowerCase().replaceAll(':', '|'),
  boolean,
  AS: asNumber
}

/** A value as MISP stores it: no characters of four bytes (they become ?), spelled as its type wants. */
export function modifyValue(type: string, given: string): string {
  const value = given.replace(/[\u{10000}-\u{10ffff}]/gu, '?')
  if (lower.has(type)) return value.toLowerCase()
  const bar = value.indexOf('|')
  if (type.startsWith('filename|') && type !== 'filename|ssdeep' && bar >= 0) {
    return value.slice(0, bar) + value.slice(bar).toLowerCase()
  }
  return Object.hasOwn(changes, type) ? (changes[type]?.(value) ?? value) : value
}

const isDomain = (value: string): boolean => /^[A-Z0-9.\-_]+\.[A-Z0-9-]{2,}$/i.test(value)
const isDigits = (value: string): boolean => /^[0-9]+$/.test(value)
const isPort = (value: string): boolean => isDigits(value) && Number(value) >= 1 && Number(value) <= 65535
const isSsdeep = (value: string): boolean => /^[0-9]+:[0-9a-zA-Z/+]*:[0-9a-zA-Z/+]*$/.test(value)
const isTlsh = (value: string): boolean => /^t?[0-9a-f]{36,}$/i.test(value)
const isMail = (value: string): boolean => /^.[^\s@]*@[^.\n\r\u2028\u2029]*\..*$/.test(value)
const isNumber = (value: string): boolean => /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)
const isWord = (value: string): boolean => /^[a-zA-Z0-9]+$/.test(value)
const always = (): boolean => true

function isNetwork(value: string): boolean {
  const [ip = '', range, more] = value.split('/')
  if (range === undefined) return isAddress(value)
  if (more !== undefined || !isDigits(range)) return false
  return (isIpv4(ip) && Number(range) <= 32) || (isIpv6(ip) && Number(range) <= 128)
}

const both =
  (first: (value: string) => boolean, second: (value: string) => boolean) =>
  (value: string): boolean => {
    const [a = '', b = ''] = value.split('|')
    return first(a) && second(b)
  }

const isLine = (value: string): boolean => !value.includes('\n')

const sshFingerprint = (value: string): boolean =>
  /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(value) || /^[0-9a-f]{32}$/i.test(value.replace(/^MD5:/, '').replaceAll(':', ''))

const rules: { readonly [type: string]: (value: string) => boolean } = {
  tlsh: isTlsh,
  telfhash: (value) => value.length === 70 || value.length === 72,
  ssdeep: isSsdeep,
  impfuzzy: (value) => value.split(':').length === 3 && isDigits(value.split(':')[0] ?? ''),
  cdhash: (value) => /^[0-9a-f]{40,}$/.test(value),
  'http-method': (value) => httpMethods.test(value),
  'filename|ssdeep': both(isLine, isSsdeep),
  'filename|tlsh': both(isLine, isTlsh),
  'filename|vhash': (value) => /^.[^|\n\r\u2028\u2029]*\|.+$/.test(value),
  'ip-src': isNetwork,
  'ip-dst': isNetwork,
  port: isPort,
  'ip-src|port': both(isAddress, isPort),
  'ip-dst|port': both(isAddress, isPort),
  'onion-address': (value) => /^(?:[a-z2-7]{16}|[a-z2-7]{56})\.onion$/.test(value),
  'mac-address': (value) => /^(?:[a-f0-9]{2}:?){6}$/i.test(value),
  'mac-eui-64': (value) => /^(?:[a-f0-9]{2}:?){8}$/i.test(value),
  hostname: isDomain,
  domain: isDomain,
  'hostname|port': both(isDomain, isPort),
  'domain|ip': both(isDomain, isAddress),
  vulnerability: (value) => /^CVE-[0-9]{4}-[0-9]{4,}$/.test(value),
  weakness: (value) => /^CWE-[0-9]+$/.test(value),
  'windows-service-name': (value) => value.length <= 256 && !/[\\/]/.test(value),
  'windows-service-displayname': (value) => value.length <= 256 && !/[\\/]/.test(value),
  link: (value) => /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]\S*$/i.test(value) || /^(?:mailto|news|file):\S+$/i.test(value),
  hex: (value) => /^[0-9a-f]+$/i.test(value),
  'ssh-fingerprint': sshFingerprint,
  'size-in-bytes': isDigits,
  counter: isDigits,
  // A value is a text by then, which is_int() never accepts.
  integer: () => false,
  vhash: (value) => /^.+$/.test(value),
  AS: (value) => isDigits(value) && Number(value) <= 4294967295,
  ...Object.fromEntries(
    [
      'email',
      'email-src',
      'eppn',
      'email-dst',
      'target-email',
      'whois-registrant-email',
      'dns-soa-email',
      'jabber-id'
    ].map((type) => [type, isMail])
  ),
  ...Object.fromEntries(['iban', 'bic', 'btc', 'dash', 'xmr'].map((type) => [type, isWord])),
  ...Object.fromEntries(
    ['bin', 'cc-number', 'bank-account-nr', 'aba-rtn', 'prtn', 'phone-number', 'whois-registrant-phone', 'float'].map(
      (type) => [type, isNumber]
    )
  ),
  // Types whose values may have any text, line ends included.
  ...Object.fromEntries(
    (
      'mutex process-state snort bro zeek community-id anonymised pattern-in-file pattern-in-traffic pattern-in-memory ' +
      'filename-pattern pgp-public-key pgp-private-key yara stix2-pattern sigma gene kusto-query mime-type ' +
      'identity-card-number cookie attachment malware-sample comment text other cpe email-attachment email-body ' +
      'email-header first-name middle-name last-name full-name datetime cortex boolean'
    )
      .split(' ')
      .map((type) => [type, always])
  )
}

const httpMethods = new RegExp(
  'OPTIONS|GET|HEAD|POST|PUT|DELETE|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|VERSION-CONTROL|REPORT|' +
    'CHECKOUT|CHECKIN|UNCHECKOUT|MKWORKSPACE|UPDATE|LABEL|MERGE|BASELINE-CONTROL|MKACTIVITY|ORDERPATCH|ACL|PATCH|SEARCH'
)

/** True for a value that MISP accepts for the type. Types without a rule of their own take any single line. */
export function isValidValue(type: string, value: string): boolean {
  const hash = type.startsWith('filename|') ? type.slice('filename|'.length) : type
  const length = Object.hasOwn(hexLength, hash) ? hexLength[hash] : undefined
  if (length !== undefined) {
    if (hash === type) return value.length === length && /^[0-9a-f]+$/i.test(value)
    const bar = value.lastIndexOf('|')
    return bar > 0 && isLine(value) && value.length - bar - 1 === length && /^[0-9a-f]+$/.test(value.slice(bar + 1))
  }
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined
  return rule === undefined ? isLine(value) : rule(value)
}
