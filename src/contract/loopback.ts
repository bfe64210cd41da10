// Which addresses only this machine can reach: host, command line and pages ask the same function, because what one of them takes for safe
// the others must not open to the network. Pure, since pages have no `node:net`.

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`)

/** Whether an address (or `localhost`) can be reached from this machine only. Other names are not: who knows what they resolve to. */
export function isLoopback(host: string): boolean {
  if (ipv4.test(host)) return host.startsWith('127.')
  const groups = groupsOf(host)
  if (groups === null) return host === 'localhost'
  const head = groups.slice(0, 5).every((group) => group === 0)
  const isMapped = head && groups[5] === 0xffff && groups[6]! >> 8 === 127
  return isMapped || (head && groups[5] === 0 && groups[6] === 0 && groups[7] === 1)
}

/** The eight numbers of an IPv6 address; null for what is none. */
function groupsOf(host: string): readonly number[] | null {
  const parts = host.split('::')
  if (parts.length > 2) return null
  const [head, tail] = parts.map((part, i) => numbersOf(part, i === parts.length - 1))
  if (!head || tail === null) return null
  if (tail === undefined) return head.length === 8 ? head : null
  const missing = 8 - head.length - tail.length
  return missing < 1 ? null : [...head, ...Array.from({ length: missing }, () => 0), ...tail]
}

function numbersOf(text: string, isLast: boolean): readonly number[] | null {
  if (text === '') return []
  const numbers: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (isLast && i === parts.length - 1 && ipv4.test(part)) {
      const [a, b, c, d] = part.split('.').map(Number) as [number, number, number, number]
      numbers.push((a << 8) | b, (c << 8) | d)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) numbers.push(Number.parseInt(part, 16))
    else return null
  }
  return numbers
}
