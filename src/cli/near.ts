import { smallest } from '../contract/lists.ts'

const mostShown = 5

/** Of what has names those that a person may have meant, the nearest first; some of them when none is near. */
export function nearest<T>(wanted: string, all: readonly T[], namesOf: (one: T) => readonly string[]): readonly T[] {
  const asked = wanted.toLowerCase().slice(0, 100)
  const far = (name: string): number => {
    const plain = name.toLowerCase().slice(0, 100)
    return plain.includes(asked) || asked.includes(plain) ? 0 : distance(asked, plain)
  }
  return all
    .map((one) => ({ one, far: smallest(namesOf(one).map(far)) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, mostShown)
    .map(({ one }) => one)
}

/** The one of the names that was meant with a slip, a beginning, or a `no-` in front; null for none. */
export function meant(wanted: string, names: readonly string[]): string | null {
  const asked = wanted.toLowerCase().slice(0, 100)
  const [near] = names
    .map((name) => ({ name, far: distance(asked, name), most: Math.max(1, Math.min(name.length, asked.length) / 3) }))
    .filter(({ far, most }) => far <= most)
    .sort((a, b) => a.far - b.far)
  if (near) return near.name
  const [other, ...more] = names.filter((name) => name.startsWith(asked) || asked === `no-${name}`)
  return asked.length > 1 && more.length === 0 ? (other ?? null) : null
}

/** Letters to change, add or leave out (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
