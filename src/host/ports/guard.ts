// Which addresses anything of Retrace may connect to: the one place that judges them. A workflow comes from anywhere: it must not reach services of
// this machine or its network unless a person has allowed that host; what a person set themselves (a service, a second listener) is reached where it
// is, but is never the metadata of a cloud. What was checked is what is connected to: a name is looked up once, by us, and the socket's
// real address is checked again when it is connected.
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { rtrim } from '../../engine/php/cast.ts'

export interface GuardSettings {
  readonly allow: readonly string[]
  readonly onlyAllowed: boolean
  /** A service that a person set: its own network is fine, the metadata of a cloud and what no service can have for an address is not. */
  readonly isService?: boolean
}

export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

/** Why an address is not reached. */
export class AddressRefused extends Error {
  readonly code = 'RETRACE_ADDRESS_REFUSED'
}

const metadata = 'the metadata service of clouds'
const thisMachine = 'this machine'
const linkLocal = 'a link-local address'
const multicast = 'a multicast address'
const reserved = 'a reserved address'
const translated = 'a translated address'

/** Reached by nobody who names a host: only an allowed address says that somebody means it. */
const notByName: ReadonlySet<string | null> = new Set([metadata, linkLocal, multicast, reserved])

const ranges: readonly (readonly [net: string, prefix: number, what: string])[] = [
  ['169.254.169.254', 32, metadata],
  ['169.254.170.2', 32, metadata],
  ['fd00:ec2::', 32, metadata],
  ['fd20:ce::254', 128, metadata],
  ['fd00:42::42', 128, metadata],
  ['100.100.100.200', 32, metadata],
  ['168.63.129.16', 32, metadata],
  ['192.0.0.192', 32, metadata],
  ['127.0.0.0', 8, thisMachine],
  ['0.0.0.0', 8, thisMachine],
  ['::1', 128, thisMachine],
  ['::', 128, thisMachine],
  ['10.0.0.0', 8, 'a private network'],
  ['172.16.0.0', 12, 'a private network'],
  ['192.168.0.0', 16, 'a private network'],
  ['100.64.0.0', 10, 'a private network'],
  ['192.0.0.0', 24, 'a private network'],
  ['198.18.0.0', 15, 'a private network'],
  ['fc00::', 7, 'a private network'],
  ['fec0::', 10, 'a private network'],
  ['169.254.0.0', 16, linkLocal],
  ['fe80::', 10, linkLocal],
  ['224.0.0.0', 4, multicast],
  ['ff00::', 8, multicast],
  ['240.0.0.0', 4, reserved],
  // These carry an IPv4 address inside, which a gateway would unpack.
  ['64:ff9b::', 96, translated],
  ['64:ff9b:1::', 48, translated],
  ['2002::', 16, translated],
  ['2001::', 32, translated],
  ['::ffff:0:0:0', 96, translated],
  ['::', 96, translated]
]

const lists = ranges.map(([net, prefix, what]) => {
  const list = new BlockList()
  list.addSubnet(net, prefix, familyOf(net))
  return { list, what }
})

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/**
 * The name as URLs have it: small letters, no brackets, no dot at the end, `bücher.example` as its ASCII form, and an IPv4 address in any
 * spelling (`0x7f.1`, `2130706433`, `127.1`) as its four numbers.
 */
export function plainHost(host: string): string {
  const given = host
    .trim()
    .replace(/^\[|\]$/g, '')
    .split('%')[0] as string
  const inUrl = `http://${given.includes(':') ? `[${given}]` : given}/`
  // What no URL can have for a host names nothing; it is only shown.
  const read = URL.canParse(inUrl) ? new URL(inUrl).hostname : given
  return unmapped(rtrim(read.replace(/^\[|\]$/g, ''), '.').toLowerCase())
}

/** `::ffff:127.0.0.1`, which URLs write `::ffff:7f00:1`, is 127.0.0.1. */
function unmapped(address: string): string {
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address)
  if (!hex) return address
  const [high, low] = [parseInt(hex[1] as string, 16), parseInt(hex[2] as string, 16)]
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** Also those that the whole world can reach: a service that listens there may trust who comes from the same machine. */
const isOwn = (address: string): boolean =>
  Object.values(networkInterfaces()).some((list) => list?.some((one) => plainHost(one.address) === address))

/** The IPv4 address inside, which a gateway would unpack; null: there is none. */
function inside(address: string): string | null {
  if (isIP(address) !== 6) return null
  const [head = '', tail] = address.split('::')
  const parts = (text: string | undefined): string[] => (text ? text.split(':') : [])
  const [before, after] = [parts(head), parts(tail)]
  const words = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
  const dotted = (at: number, flip = 0): string => {
    const [high, low] = [at, at + 1].map((i) => parseInt(words[i] ?? '0', 16) ^ flip) as [number, number]
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  }
  if (words[0] === '2002') return dotted(1)
  // Teredo has it with every bit turned.
  return words[0] === '2001' ? dotted(6, 0xffff) : dotted(6)
}

/** What kind of address that nobody should reach unasked it is; null for a public one. */
export function privateKind(given: string): string | null {
  const address = plainHost(given)
  const known = lists.find(({ list }) => list.check(address, familyOf(address)))?.what
  const carried = known === translated ? inside(address) : null
  return (carried === null ? null : privateKind(carried)) ?? known ?? (isOwn(address) ? thisMachine : null)
}

/** `localhost` and the names below it are this machine, whatever a name server says. */
const isLocalName = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost')

const fits = (wanted: number | null, port: number): boolean => wanted === null || wanted === port

export class AddressGuard {
  readonly #names: { readonly name: string; readonly port: number | null }[] = []
  readonly #nets: { readonly list: BlockList; readonly port: number | null }[] = []

  constructor(private readonly settings: GuardSettings) {
    for (const entry of settings.allow) this.#add(entry.trim().toLowerCase())
  }

  #add(entry: string): void {
    const [, bracketed, v6Port] = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? []
    const [, plain, plainPort] = /^([^:]+)(?::(\d+))?$/.exec(entry) ?? []
    const written = bracketed ?? plain ?? entry
    const port = v6Port ?? plainPort
    const wanted = port ? Number(port) : null
    const [net = '', prefix] = written.split('/')
    const host = net.startsWith('*.') ? `*.${plainHost(net.slice(2))}` : plainHost(net)
    if (isIP(host) === 0) {
      // A network of names is none.
      if (prefix === undefined && host !== '') this.#names.push({ name: host, port: wanted })
      return
    }
    const list = new BlockList()
    const widest = familyOf(host) === 'ipv6' ? 128 : 32
    const bits = prefix === undefined ? widest : Number(prefix)
    if (prefix === '' || !Number.isInteger(bits) || bits < 0 || bits > widest) return
    list.addSubnet(host, bits, familyOf(host))
    this.#nets.push({ list, port: wanted })
  }

  #isNamed(host: string, port: number): boolean {
    return this.#names.some(
      ({ name, port: wanted }) =>
        fits(wanted, port) && (name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))))
    )
  }

  #isInNet(address: string, port: number): boolean {
    return (
      isIP(address) !== 0 &&
      this.#nets.some(({ list, port: wanted }) => fits(wanted, port) && list.check(address, familyOf(address)))
    )
  }

  /** Why this address of a host is refused; null when it may be reached. */
  refusal(host: string, port: number, found: string): string | null {
    const name = plainHost(host)
    const address = plainHost(found)
    const kind = privateKind(address)
    const barred = notByName.has(kind) && this.settings.isService === true
    if (!barred && this.#isInNet(address, port)) return null
    // Who allows a name means a server of theirs, and that has no such address.
    if (this.#isNamed(name, port) && !notByName.has(kind)) return null
    const shown = isIP(name) === 0 ? `${name} (${found})` : name
    if (kind !== null && this.settings.isService === true) return `${shown} is ${kind}, and not a configured service.`
    if (kind !== null)
      return `${shown} is ${kind}; workflows can only reach it if it is on the workspace’s list of allowed hosts.`
    return this.settings.onlyAllowed ? `${shown} is not on the workspace’s list of allowed hosts.` : null
  }

  /** As `refusal`, before anybody is asked what a name stands for; null too where that decides. */
  refusalUnasked(given: string, port: number): string | null {
    const host = plainHost(given)
    if (isLocalName(host)) return this.refusal(host, port, '127.0.0.1')
    if (isIP(host) !== 0) return this.refusal(host, port, host)
    const mayBeAllowed = !this.settings.onlyAllowed || this.#isNamed(host, port) || this.#nets.length > 0
    return mayBeAllowed ? null : `${host} is not on the workspace’s list of allowed hosts.`
  }

  /** Throws AddressRefused. */
  check(host: string, port: number, address: string): void {
    const reason = this.refusal(host, port, address)
    if (reason !== null) throw new AddressRefused(reason)
  }

  /** The addresses of a host that may be reached. Throws AddressRefused, or what DNS says. */
  async resolve(given: string, port: number): Promise<readonly Address[]> {
    const host = plainHost(given)
    const family = isIP(host)
    // Whatever a name server would say about it.
    if (isLocalName(host)) this.check(host, port, '127.0.0.1')
    // `http://./` has a host that is no name at all; the system would answer it with nothing.
    if (host === '') throw Object.assign(new Error(`“${given}” is not a host`), { code: 'ENOTFOUND' })
    const found: readonly Address[] =
      family === 0
        ? ((await lookup(host, { all: true, verbatim: true })) as Address[])
        : [{ address: host, family: family as 4 | 6 }]
    if (found.length === 0) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' })
    // One private address among public ones is a trick: nothing of that host is reached.
    for (const { address } of found) this.check(host, port, address)
    return found
  }

  /** For sockets: connects to what was checked and to nothing else. */
  lookupFor(port: number): LookupFunction {
    return (hostname, options, callback) => {
      this.resolve(hostname, port).then(
        (found) => {
          const wanted = found.filter(({ family }) => !options.family || options.family === family)
          const first = (wanted.length > 0 ? wanted : found)[0] as Address
          if (options.all) callback(null, (wanted.length > 0 ? wanted : found) as Address[])
          else callback(null, first.address, first.family)
        },
        (error: NodeJS.ErrnoException) => callback(error, '', 4)
      )
    }
  }
}

/** For a service that a person set: it alone, wherever it is. `host`: a name or an address, as a URL or a setting has it. */
export const serviceGuard = (host: string): AddressGuard =>
  new AddressGuard({
    allow: [isIP(plainHost(host)) === 6 ? `[${plainHost(host)}]` : plainHost(host)],
    onlyAllowed: true,
    isService: true
  })
