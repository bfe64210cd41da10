// IP addresses as PHP's filter_var, ip2long, inet_pton and inet_ntop read and write them.

/** The 32 bits of a dotted quad, null when it is none (leading zeros are refused). */
export function parseIpv4(text: string): number | null {
  let value = 0
  let part = -1
  let parts = 1
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46) {
      if (part < 0) return null
      value = value * 256 + part
      part = -1
      parts++
    } else if (code >= 48 && code <= 57) {
      if (part === 0) return null
      part = (part < 0 ? 0 : part) * 10 + code - 48
      if (part > 255) return null
    } else return null
  }
  return parts === 4 && part >= 0 ? value * 256 + part : null
}

export const formatIpv4 = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`

function groups(text: string): number[] | null {
  if (text === '') return []
  const out: number[] = []
  const pieces = text.split(':')
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as string
    if (piece.includes('.')) {
      const quad = i === pieces.length - 1 ? parseIpv4(piece) : null
      if (quad === null) return null
      out.push(Math.floor(quad / 65536), quad % 65536)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(piece)) return null
      out.push(parseInt(piece, 16))
    }
  }
  return out
}

/** The eight 16-bit groups of an IPv6 address, null when it is none. */
export function parseIpv6(text: string): readonly number[] | null {
  if (!text.includes(':')) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groups(halves[0] as string)
  if (head === null) return null
  if (halves.length === 1) return head.length === 8 ? head : null
  const tail = groups(halves[1] as string)
  if (tail === null || head.length + tail.length > 7) return null
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

/** inet_ntop(): the longest run of zero groups (of at least two) is `::`; IPv4-mapped addresses end in a quad. */
export function formatIpv6(address: readonly number[]): string {
  const zeros = address.slice(0, 5).every((group) => group === 0)
  if (zeros && address[5] === 0xffff) return `::ffff:${quadOf(address)}`
  let best = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && address[end] === 0) end++
    if (end - i > length) {
      best = i
      length = end - i
    }
  }
  if (best === 0 && length === 6) return `::${quadOf(address)}`
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  return best < 0 ? hex(address) : `${hex(address.slice(0, best))}::${hex(address.slice(best + length))}`
}

const quadOf = (address: readonly number[]): string =>
  formatIpv4(((address[6] as number) * 65536 + (address[7] as number)) >>> 0)
