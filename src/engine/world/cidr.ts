// MISP's CidrTool as an index: of IPv4 the networks that lie in no other of the list, side by side in order, and of IPv6 one map of networks per
// prefix length.
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './addresses.ts'

/** What CidrTool::contains reads of a value: an address and the length of a prefix. */
export interface CheckedAddress {
  readonly text: string
  readonly quad: number | null
  readonly length: string | undefined
}

export function checkedAddress(value: string): CheckedAddress {
  const [text, length] = value.includes('/') ? (value.split('/', 2) as [string, string]) : [value]
  return { text, quad: parseIpv4(text), length }
}

const mask4 = (bits: number): number => (bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0)

function masked6(address: readonly number[], bits: number): string {
  let key = ''
  for (let i = 0; i * 16 < bits; i++) {
    const left = Math.min(16, bits - 16 * i)
    key += String.fromCharCode((address[i] as number) & (~(0xffff >> left) & 0xffff))
  }
  return key
}

/** Networks whose text is exactly what CidrTool::contains builds, each as one number that sorts by address, then by prefix length. */
const networkBits = 64

export class CidrIndex {
  private readonly starts: Uint32Array
  private readonly bits: Uint8Array
  /** By prefix length in the order of the list: network -> the first entry in it. */
  private readonly ipv6 = new Map<number, Map<string, readonly number[]>>()

  constructor(entries: readonly string[]) {
    const networks = new Float64Array(entries.length)
    let count = 0
    for (const entry of entries) {
      const network = this.read(entry)
      if (network !== null) networks[count++] = network
    }
    const sorted = networks.subarray(0, count).sort()
    // CidrTool tries short prefixes first: of networks in one another only the widest is ever found.
    let kept = 0
    let end = -1
    for (const network of sorted) {
      const start = Math.floor(network / networkBits)
      if (start <= end) continue
      end = start + 2 ** (32 - (network % networkBits)) - 1
      sorted[kept++] = network
    }
    this.starts = new Uint32Array(kept)
    this.bits = new Uint8Array(kept)
    for (let i = 0; i < kept; i++) {
      this.starts[i] = Math.floor((sorted[i] as number) / networkBits)
      this.bits[i] = (sorted[i] as number) % networkBits
    }
  }

  /** An IPv4 network as a number; IPv6 goes where it belongs. */
  private read(entry: string): number | null {
    const slash = entry.indexOf('/')
    const text = slash < 0 ? entry : entry.slice(0, slash)
    const length = slash < 0 ? null : entry.slice(slash + 1)
    if (length !== null && !/^\d+$/.test(length)) return null
    const quad = parseIpv4(text)
    if (quad !== null) {
      const bits = length === null ? 32 : Number(length)
      if (bits > 32 || (length !== null && String(bits) !== length)) return null
      // CidrTool compares texts: `10.1.0.0/8` is never found, because 10.1.2.3 in /8 reads `10.0.0.0/8`.
      return (quad & mask4(bits)) >>> 0 === quad ? quad * networkBits + bits : null
    }
    const address = parseIpv6(text)
    if (address !== null) this.add6(address, length === null ? 128 : Number(length))
    return null
  }

  private add6(address: readonly number[], bits: number): void {
    if (bits > 128) return
    const networks = this.ipv6.get(bits) ?? new Map<string, readonly number[]>()
    this.ipv6.set(bits, networks)
    const key = masked6(address, bits)
    if (!networks.has(key)) networks.set(key, address)
  }

  /** CidrTool::contains: the matching entry, false when there is none. */
  contains({ text, quad, length }: CheckedAddress): string | false {
    const found = quad !== null ? this.find4(quad) : this.find6(text)
    if (found === null) return false
    const narrower = length !== undefined && length !== '' && length !== '0' && Number(length) < found.bits
    return narrower ? false : found.text
  }

  private find4(quad: number): { readonly text: string; readonly bits: number } | null {
    const { starts } = this
    let [low, high] = [0, starts.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] as number) <= quad) low = middle + 1
      else high = middle
    }
    if (low === 0) return null
    const [start, bits] = [starts[low - 1] as number, this.bits[low - 1] as number]
    return (quad & mask4(bits)) >>> 0 === start ? { text: `${formatIpv4(start)}/${bits}`, bits } : null
  }

  private find6(text: string): { readonly text: string; readonly bits: number } | null {
    if (this.ipv6.size === 0) return null
    const groups = parseIpv6(text)
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
