const seed = 0x2f6b9a31
/** Names that fall together beyond this, as nobody but an attacker picks them, are kept in a set. */
const mostTries = 64

/** A hash over characters, from the last to the first: the hash of an end of a name is on the way to that of the name. */
export const emptyHash = seed
export const growHash = (hash: number, code: number): number => {
  const mixed = Math.imul(hash ^ code, 0x5bd1e995)
  return mixed ^ (mixed >>> 15)
}

export function hashOf(text: string): number {
  let hash = seed
  for (let i = text.length - 1; i >= 0; i--) hash = growHash(hash, text.charCodeAt(i))
  return hash
}

/** What names the entries of a list stand for, and the hash of such a name, for which none has to be made. */
interface Naming {
  readonly nameOf: (entry: string) => string
  readonly hashOf: (entry: string) => number
}

const plain: Naming = { nameOf: (entry) => entry, hashOf }

/**
 * The names of a list by their hashes: a million of them take no object each, and a value is hashed once for all lists. Entries are read
 * again only where it may be the same name.
 */
export class TextTable {
  /** By slot some bits of the hash of a name that is there, 0 where none is. Small, for in a large table each look elsewhere waits for memory. */
  private readonly tags: Uint8Array
  /** By slot the position of the name. */
  private readonly positions: Int32Array
  private readonly last: number
  private readonly others = new Set<string>()

  constructor(
    private readonly entries: readonly string[],
    private readonly naming = plain
  ) {
    const size = 2 ** Math.ceil(Math.log2(2 * entries.length + 1))
    this.tags = new Uint8Array(size)
    this.positions = new Int32Array(size)
    this.last = size - 1
    // In two rounds: while the text of one is read, nothing waits for the slot of another.
    const hashes = new Int32Array(entries.length)
    for (let i = 0; i < entries.length; i++) hashes[i] = naming.hashOf(entries[i] as string)
    for (let i = 0; i < entries.length; i++) this.add(hashes[i] as number, i)
  }

  private add(hash: number, position: number): void {
    const { tags } = this
    const first = this.firstOf(hash)
    const slot = first >= 0 && tags[first] === 0 ? first : this.slotOf(this.nameAt(position), hash)
    if (slot < 0) this.others.add(this.nameAt(position))
    else if (tags[slot] === 0) {
      tags[slot] = tagOf(hash)
      this.positions[slot] = position
    }
  }

  private nameAt(position: number): string {
    return this.naming.nameOf(this.entries[position] as string)
  }

  /** The first slot that may be a name's with that hash, or the free one before; -1 after too many others. No name is read. */
  private firstOf(hash: number): number {
    const { tags, last } = this
    const tag = tagOf(hash)
    for (let tries = 0; tries < mostTries; tries++) {
      const slot = (hash + tries) & last
      if (tags[slot] === 0 || tags[slot] === tag) return slot
    }
    return -1
  }

  /** The slot of a name, or the free one where it would be; -1 after too many others. */
  private slotOf(name: string, hash: number): number {
    const { tags, last, positions } = this
    const tag = tagOf(hash)
    for (let tries = 0; tries < mostTries; tries++) {
      const slot = (hash + tries) & last
      if (tags[slot] === 0) return slot
      if (tags[slot] === tag && this.nameAt(positions[slot] as number) === name) return slot
    }
    return -1
  }

  /** Whether it is worth asking for a name with that hash. */
  mayHave(hash: number): boolean {
    const first = this.firstOf(hash)
    return first < 0 ? this.others.size > 0 : this.tags[first] !== 0
  }

  has(name: string, hash: number): boolean {
    const slot = this.slotOf(name, hash)
    return slot < 0 ? this.others.has(name) : this.tags[slot] !== 0
  }
}

/** Of the bits that do not choose the slot. */
const tagOf = (hash: number): number => hash >>> 24 || 1
