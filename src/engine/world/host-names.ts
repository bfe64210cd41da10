import { rtrim, trim } from '../php/cast.ts'
import { emptyHash, growHash, hashOf, TextTable } from './text-table.ts'

const isDot = (text: string, at: number): boolean => text.charCodeAt(at) === 46

const nameOf = (entry: string): string => trim(entry, '.').toLowerCase()

// One comparison: with two, each change from digits to letters is a branch that was not foreseen.
const isCapital = (code: number): boolean => (code - 65) >>> 0 < 26

/** Hardly any of a million names has to be made for its hash: a text each would be most of the work. */
function hashOfName(entry: string): number {
  let start = 0
  let end = entry.length
  while (end > 0 && isDot(entry, end - 1)) end--
  while (start < end && isDot(entry, start)) start++
  let hash = emptyHash
  for (let i = end - 1; i >= start; i--) {
    const code = entry.charCodeAt(i)
    // What other letters are in lower case may be several characters.
    if (code > 127) return hashOf(nameOf(entry))
    hash = growHash(hash, isCapital(code) ? code + 32 : code)
  }
  return hash
}

/** What Warninglist::__evalHostname looks up of a value, the last label first: ends of names in one text, with their hashes. */
export interface HostEnds {
  readonly host: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly hashes: readonly number[]
}

function hostOf(value: string): string | undefined {
  if (!value.includes('/')) return value
  const pieces = value.split('/', 3)
  return value.includes('//') ? pieces[2] : pieces[0]
}

export function hostEnds(value: string): HostEnds | null {
  const whole = hostOf(value)
  if (whole === undefined) return null
  const host = isDot(whole, whole.length - 1) ? rtrim(whole, '.') : whole
  const starts: number[] = []
  const ends: number[] = []
  const hashes: number[] = []
  let end = host.length
  let hash = emptyHash
  for (let i = host.length - 1; i >= -1; i--) {
    const code = i < 0 ? 46 : host.charCodeAt(i)
    if (code === 46) {
      starts.push(i + 1)
      ends.push(end)
      hashes.push(hash)
      // __evalHostname asks empty(), so a label "0" at the end is forgotten.
      if (end === i + 1 || (end === i + 2 && host.charCodeAt(i + 1) === 48)) {
        end = i
        hash = emptyHash
        continue
      }
    }
    hash = growHash(hash, code)
  }
  return { host, starts, ends, hashes }
}

/** The names of a list: a text of many labels is read once for all lists. */
export class HostNames {
  private readonly names: TextTable

  constructor(entries: readonly string[]) {
    this.names = new TextTable(entries, { nameOf, hashOf: hashOfName })
  }

  /** The shortest end of the value's host that is a name of the list, or false. */
  match({ host, starts, ends, hashes }: HostEnds): string | false {
    for (let i = 0; i < hashes.length; i++) {
      const hash = hashes[i] as number
      if (!this.names.mayHave(hash)) continue
      const name = host.slice(starts[i], ends[i])
      if (this.names.has(name, hash)) return name
    }
    return false
  }
}
