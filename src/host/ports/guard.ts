// Which addresses a live request may reach. A workflow comes from anywhere: it must not reach services of this machine or its network (cloud
// metadata among them) unless a person has allowed that host. What was checked is what is connected to: the look-up of the connection is ours.
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import type { LookupFunction } from 'node:net'

export interface GuardSettings {
  readonly allow: readonly string[]
  readonly onlyAllowed: boolean
}

export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

/** Why an address is not reached. */
export class AddressRefused extends Error {
  readonly code = 'RETRACE_ADDRESS_REFUSED'
}

const ranges: readonly (readonly [net: string, prefix: number, what: string])[] = [
  ['169.254.169.254', 32, 'the metadata service of clouds'],
  ['fd00:ec2::254', 128, 'the metadata service of clouds'],
  ['100.100.100.200', 32, 'the metadata service of clouds'],
  ['127.0.0.0', 8, 'this machine'],
  ['0.0.0.0', 8, 'this machine'],
  ['::1', 128, 'this machine'],
  ['::', 128, 'this machine'],
  ['10.0.0.0', 8, 'a private network'],
  ['172.16.0.0', 12, 'a private network'],
  ['192.168.0.0', 16, 'a private network'],
  ['100.64.0.0', 10, 'a private network'],
  ['192.0.0.0', 24, 'a private network'],
  ['198.18.0.0', 15, 'a private network'],
  ['fc00::', 7, 'a private network'],
  ['fec0::', 10, 'a private network'],
  ['169.254.0.0', 16, 'a link-local address'],
  ['fe80::', 10, 'a link-local address'],
  ['224.0.0.0', 4, 'a multicast address'],
  ['ff00::', 8, 'a multicast address'],
  ['240.0.0.0', 4, 'a reserved address'],
  // These carry an IPv4 address inside, which a gateway would unpack.
  ['64:ff9b::', 96, 'a translated address'],
  ['64:ff9b:1::', 48, 'a translated address'],
  ['2002::', 16, 'a translated address'],
  ['::', 96, 'a translated address']
]

const lists = ranges.map(([net, prefix, what]) => {
  const list = new BlockList()
  list.addSubnet(net, prefix, isIP(net) === 6 ? 'ipv6' : 'ipv4')
  return { list, what }
})

/** `::ffff:127.0.0.1` is 127.0.0.1. */
const unmapped = (address: string): string => {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (dotted) return dotted
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (!hex) return address
  const [high, low] = [parseInt(hex[1] as string, 16), parseInt(hex[2] as string, 16)]
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** What kind of address that nobody should reach unasked it is; null for a public one. */
export function privateKind(given: string): string | null {
  const address = unmapped(given.split('%')[0] as string)
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return lists.find(({ list }) => list.check(address, family))?.what ?? null
}

/** The name as URLs have it: small letters, no brackets, no dot at the end. */
export const plainHost = (host: string): string =>
  host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()

export class AddressGuard {
  readonly #names: { readonly name: string; readonly port: number | null }[] = []
  readonly #nets: { readonly list: BlockList; readonly port: number | null }[] = []

  constructor(private readonly settings: GuardSettings) {
    for (const entry of settings.allow) this.#add(entry.trim().toLowerCase())
  }

  #add(entry: string): void {
    const [, bracketed, v6Port] = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? []
    const [, plain, plainPort] = /^([^:]+)(?::(\d+))?$/.exec(entry) ?? []
    const host = bracketed ?? plain ?? entry
    const port = v6Port ?? plainPort
    const [net = '', prefix] = host.split('/')
    const family = isIP(net)
    if (family === 0) {
      this.#names.push({ name: plainHost(host), port: port ? Number(port) : null })
      return
    }
    const list = new BlockList()
    const widest = family === 6 ? 128 : 32
    const bits = prefix === undefined ? widest : Number(prefix)
    if (!Number.isInteger(bits) || bits < 0 || bits > widest) return
    list.addSubnet(net, bits, family === 6 ? 'ipv6' : 'ipv4')
    this.#nets.push({ list, port: port ? Number(port) : null })
  }

  /** A person has named it. */
  #isAllowed(host: string, port: number, address: string | null): boolean {
    const fits = (wanted: number | null): boolean => wanted === null || wanted === port
    const named = this.#names.some(
      ({ name, port: wanted }) =>
        fits(wanted) && (name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))))
    )
    if (named || address === null || isIP(address) === 0) return named
    const plain = unmapped(address)
    return this.#nets.some(
      ({ list, port: wanted }) => fits(wanted) && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
    )
  }

  /** Why this address of a host is refused; null when it may be reached. */
  refusal(host: string, port: number, address: string): string | null {
    const name = plainHost(host)
    if (this.#isAllowed(name, port, address)) return null
    const shown = isIP(name) === 0 ? `${name} (${address})` : name
    const kind = privateKind(address)
    if (kind !== null)
      return `${shown} is ${kind}; a workflow reaches it only when it is on the workspace’s list of allowed hosts.`
    return this.settings.onlyAllowed ? `${shown} is not on the workspace’s list of allowed hosts.` : null
  }

  /** The addresses of a host that may be reached. Throws AddressRefused, or what DNS says. */
  async resolve(given: string, port: number): Promise<readonly Address[]> {
    const host = plainHost(given)
    const family = isIP(host)
    const found: readonly Address[] =
      family === 0
        ? ((await lookup(host, { all: true, verbatim: true })) as Address[])
        : [{ address: host, family: family as 4 | 6 }]
    // One private address among public ones is a trick: nothing of that host is reached.
    for (const { address } of found) {
      const reason = this.refusal(host, port, address)
      if (reason !== null) throw new AddressRefused(reason)
    }
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
