// MISP's CidrTool as an index: one set of networks per prefix length, so that a look-up costs one probe per length in the list.
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './addresses.ts'

const mask4 = (bits: number): number => (bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0)

function masked6(address: readonly number[], bits: number): string {
  let key = ''
  for (let i = 0; i * 16 < bits; i++) {
    const left = Math.min(16, bits - 16 * i)
    key += String.fromCharCode((address[i] as number) & (~(0xffff >> left) & 0xffff))
  }
  return key
}

export class CidrIndex {
  /** By prefix length, ascending: networks whose text is exactly what CidrTool::contains builds. */
  private readonly ipv4: (readonly [bits: number, networks: Set<number>])[]
  /** By prefix length in the order of the list: network -> the first entry in it. */
  private readonly ipv6 = new Map<number, Map<string, readonly number[]>>()

  constructor(entries: readonly string[]) {
    const byBits = new Map<number, Set<number>>()
    for (const entry of entries) this.add(entry, byBits)
    this.ipv4 = [...byBits].sort((a, b) => a[0] - b[0])
  }

  private add(entry: string, byBits: Map<number, Set<number>>): void {
    const slash = entry.indexOf('/')
    const text = slash < 0 ? entry : entry.slice(0, slash)
    const length = slash < 0 ? null : entry.slice(slash + 1)
    if (length !== null && !/^\d+$/.test(length)) return
    const quad = parseIpv4(text)
    if (quad !== null) {
      const bits = length === null ? 32 : Number(length)
      if (bits > 32 || (length !== null && String(bits) !== length)) return
      // CidrTool compares texts: `10.1.0.0/8` is never found, because 10.1.2.3 in /8 reads `10.0.0.0/8`.
      if ((quad & mask4(bits)) >>> 0 !== quad) return
      const networks = byBits.get(bits) ?? new Set<number>()
      byBits.set(bits, networks.add(quad))
      return
    }
    const address = parseIpv6(text)
    if (address !== null) this.add6(address, length === null ? 128 : Number(length))
  }

  private add6(address: readonly number[], bits: number): void {
    if (bits > 128) return
    const networks = this.ipv6.get(bits) ?? new Map<string, readonly number[]>()
    this.ipv6.set(bits, networks)
    const key = masked6(address, bits)
    if (!networks.has(key)) networks.set(key, address)
  }

  /** CidrTool::contains: the matching entry, false when there is none. */
  contains(value: string): string | false {
    const [address, length] = value.split('/') as [string, string | undefined]
    const found = this.find(address)
    if (found === null) return false
    const narrower = length !== undefined && length !== '' && length !== '0' && Number(length) < found.bits
    return narrower ? false : found.text
  }

  private find(address: string): { readonly text: string; readonly bits: number } | null {
    const quad = parseIpv4(address)
    if (quad !== null) {
      for (const [bits, networks] of this.ipv4) {
        const network = (quad & mask4(bits)) >>> 0
        if (networks.has(network)) return { text: `${formatIpv4(network)}/${bits}`, bits }
      }
      return null
    }
    if (this.ipv6.size === 0) return null
    const groups = parseIpv6(address)
    if (groups === null) return null
    // CidrTool leaves only its inner loop on a match: the last prefix length of the list that matches wins.
    let match: { readonly text: string; readonly bits: number } | null = null
    for (const [bits, networks] of this.ipv6) {
      const entry = networks.get(masked6(groups, bits))
      if (entry !== undefined) match = { text: `${formatIpv6(entry)}/${bits}`, bits }
    }
    return match
  }
}
