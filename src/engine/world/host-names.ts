import { rtrim, trim } from '../php/cast.ts'

const seed = 0x2f6b9a31
/** Names that fall together beyond this, as nobody but an attacker picks them, are kept in a set. */
const mostTries = 64

const grow = (hash: number, code: number): number => {
  const mixed = Math.imul(hash ^ code, 0x5bd1e995)
  return mixed ^ (mixed >>> 15)
}

const isDot = (text: string, at: number): boolean => text.charCodeAt(at) === 46

// Hardly any of a million entries has one.
const nameOf = (entry: string): string =>
  (isDot(entry, 0) || isDot(entry, entry.length - 1) ? trim(entry, '.') : entry).toLowerCase()

function hashOf(name: string): number {
  let hash = seed
  for (let i = name.length - 1; i >= 0; i--) hash = grow(hash, name.charCodeAt(i))
  return hash
}

/** What Warninglist::__evalHostname looks up of a value, the last label first: ends of names in one text, with their hashes. */
export interface HostEnds {
  readonly host: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly hashes: readonly number[]
}

export function hostEnds(value: string): HostEnds | null {
  const pieces = value.split('/', 3)
  const whole = value.includes('//') ? pieces[2] : pieces[0]
  if (whole === undefined) return null
  const host = isDot(whole, whole.length - 1) ? rtrim(whole, '.') : whole
  const starts: number[] = []
  const ends: number[] = []
  const hashes: number[] = []
  let end = host.length
  let hash = seed
  for (let i = host.length - 1; i >= -1; i--) {
    const code = i < 0 ? 46 : host.charCodeAt(i)
    if (code === 46) {
      starts.push(i + 1)
      ends.push(end)
      hashes.push(hash)
      // __evalHostname asks empty(), so a label "0" at the end is forgotten.
      if (end === i + 1 || (end === i + 2 && host.charCodeAt(i + 1) === 48)) {
        end = i
        hash = seed
        continue
      }
    }
    hash = grow(hash, code)
  }
  return { host, starts, ends, hashes }
}

/**
 * The names of a list by their hashes, in one array: a million names take no object each, and a text of many labels is read once for all
 * lists. Entries are read again only where a hash is equal.
 */
export class HostNames {
  /** By slot the position of a name, from 1, and its hash, side by side: in a large table each look elsewhere waits for memory. */
  private readonly slots: Int32Array
  private readonly last: number
  private readonly others = new Set<string>()

  constructor(private readonly entries: readonly string[]) {
    const size = 2 ** Math.ceil(Math.log2(2 * entries.length + 1))
    this.slots = new Int32Array(2 * size)
    this.last = size - 1
    for (let i = 0; i < entries.length; i++) this.add(i)
  }

  private add(position: number): void {
    const name = nameOf(this.entries[position] as string)
    const hash = hashOf(name)
    const slot = this.slotOf(name, hash)
    if (slot < 0) this.others.add(name)
    else if (this.slots[2 * slot] === 0) {
      this.slots[2 * slot] = position + 1
      this.slots[2 * slot + 1] = hash
    }
  }

  /** The slot of a name, or the free one where it would be; -1 after too many others. */
  private slotOf(name: string, hash: number): number {
    const { slots, last } = this
    for (let tries = 0; tries < mostTries; tries++) {
      const slot = (hash + tries) & last
      const held = slots[2 * slot] as number
      if (held === 0) return slot
      if (slots[2 * slot + 1] === hash && nameOf(this.entries[held - 1] as string) === name) return slot
    }
    return -1
  }

  private mayHave(hash: number): boolean {
    const { slots, last } = this
    for (let tries = 0; tries < mostTries; tries++) {
      const slot = (hash + tries) & last
      if (slots[2 * slot] === 0) return false
      if (slots[2 * slot + 1] === hash) return true
    }
    return this.others.size > 0
  }

  /** The shortest end of the value's host that is a name of the list, or false. */
  match({ host, starts, ends, hashes }: HostEnds): string | false {
    for (let i = 0; i < hashes.length; i++) {
      if (!this.mayHave(hashes[i] as number)) continue
      const name = host.slice(starts[i], ends[i])
      const slot = this.slotOf(name, hashes[i] as number)
      if (slot < 0 ? this.others.has(name) : this.slots[2 * slot] !== 0) return name
    }
    return false
  }
}
