// Lists of any length. Spread into a call (`push(...list)`, `Math.max(...list)`) each item takes room on the stack, and a list that somebody made long
// enough ends the call with a RangeError.

/** Adds all of them at the end. */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const item of more) list.push(item)
}

/** What each one comes to, one after the other: the next begins when the one before is done, and none where one fails. */
export async function inTurn<T, U>(list: readonly T[], make: (item: T) => Promise<U>): Promise<U[]> {
  const made: U[] = []
  for (const item of list) made.push(await make(item))
  return made
}

/** The largest of them and of `least`; what is no number does not count. */
export function largest(numbers: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let found = least
  for (const number of numbers) if (number > found) found = number
  return found
}

/** The smallest of them and of `most`; what is no number does not count. */
export function smallest(numbers: Iterable<number>, most = Number.POSITIVE_INFINITY): number {
  let found = most
  for (const number of numbers) if (number < found) found = number
  return found
}

/** How many items at the begin of a list pass, where those that pass stand before all others: found by halving. */
export function countLeading<T>(list: readonly T[], passes: (item: T) => boolean): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (passes(list[middle] as T)) low = middle + 1
    else high = middle
  }
  return low
}
