// Names for \N{…}. Only what a text may plausibly contain: see docs/deviations.md.
import { CHARACTER_NAMES } from './character-names-table.ts'

let table: Map<string, string> | null = null

function names(): Map<string, string> {
  if (table !== null) return table
  table = new Map()
  for (const line of CHARACTER_NAMES.split('|')) {
    const space = line.indexOf(' ')
    let code = parseInt(line.slice(0, space), 16)
    for (const name of line.slice(space + 1).split(',')) {
      if (name !== '') table.set(name, String.fromCodePoint(code))
      code++
    }
  }
  return table
}

/** The character with a Unicode name (case does not count), or undefined. */
export function characterNamed(name: string): string | undefined {
  const wanted = name.toUpperCase()
  const ideograph = /^CJK UNIFIED IDEOGRAPH-([0-9A-F]{4,5})$/.exec(wanted)?.[1]
  if (ideograph !== undefined) {
    const code = parseInt(ideograph, 16)
    const char = String.fromCodePoint(Math.min(code, 0x10ffff))
    return /\p{Unified_Ideograph}/u.test(char) ? char : undefined
  }
  return names().get(wanted)
}
