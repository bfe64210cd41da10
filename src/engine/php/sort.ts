// PHP's zend_sort: which comparisons it makes in which order decides the result when `<=>` contradicts itself (mixed types).
// Stable since PHP 8.0: equal elements keep their order.

/** Sorts a copy. `compare` answers as `<=>` does. */
export const zendSort = <T>(list: readonly T[], compare: (a: T, b: T) => number): T[] => {
  const items = list.map((value, index) => ({ value, index }))
  const greater = (a: number, b: number): boolean => {
    const x = items[a] as { value: T; index: number }
    const y = items[b] as { value: T; index: number }
    const result = compare(x.value, y.value)
    return result !== 0 ? result > 0 : x.index > y.index
  }
  const swap = (a: number, b: number): void => {
    const kept = items[a] as { value: T; index: number }
    items[a] = items[b] as { value: T; index: number }
    items[b] = kept
  }
  sortRange(0, items.length, { greater, swap })
  return items.map((item) => item.value)
}

interface Ops {
  /** Is the item at a greater than the item at b? */
  readonly greater: (a: number, b: number) => boolean
  readonly swap: (a: number, b: number) => void
}

const sort3 = (a: number, b: number, c: number, { greater, swap }: Ops): void => {
  if (!greater(a, b)) {
    if (!greater(b, c)) return
    swap(b, c)
    if (greater(a, b)) swap(a, b)
    return
  }
  if (!greater(c, b)) return swap(a, c)
  swap(a, b)
  if (greater(b, c)) swap(b, c)
}

/** Sinks the last of the given positions into the ones before it, which are sorted. */
const sink = (positions: readonly number[], { greater, swap }: Ops): void => {
  for (let i = positions.length - 1; i > 0; i--) {
    const [a, b] = [positions[i - 1] as number, positions[i] as number]
    if (!greater(a, b)) return
    swap(a, b)
  }
}

const sort4 = (at: readonly number[], ops: Ops): void => {
  sort3(at[0] as number, at[1] as number, at[2] as number, ops)
  sink(at.slice(0, 4), ops)
}

const sort5 = (at: readonly number[], ops: Ops): void => {
  sort4(at, ops)
  sink(at, ops)
}

const rotate = (from: number, to: number, swap: Ops['swap']): void => {
  for (let k = from; k > to; k--) swap(k, k - 1)
}

const insertSort = (start: number, length: number, ops: Ops): void => {
  const { greater, swap } = ops
  const at = (n: number): number[] => Array.from({ length: n }, (_, i) => start + i)
  if (length < 2) return
  if (length === 2) return sink(at(2), ops)
  if (length === 3) return sort3(start, start + 1, start + 2, ops)
  if (length === 4) return sort4(at(4), ops)
  if (length === 5) return sort5(at(5), ops)
  for (let i = start + 1; i < start + 6; i++) {
    let j = i - 1
    if (!greater(j, i)) continue
    while (j !== start) {
      j--
      if (!greater(j, i)) {
        j++
        break
      }
    }
    rotate(i, j, swap)
  }
  for (let i = start + 6; i < start + length; i++) if (greater(i - 1, i)) rotate(i, placeFor(i, start, greater), swap)
}

/** Where zend_insert_sort puts item i: it goes back in steps of two. */
const placeFor = (i: number, start: number, greater: Ops['greater']): number => {
  let j = i - 1
  for (;;) {
    j -= 2
    if (!greater(j, i)) {
      j++
      return greater(j, i) ? j : j + 1
    }
    if (j === start) return j
    if (j === start + 1) return greater(i, start) ? start + 1 : start
  }
}

const sortRange = (from: number, size: number, ops: Ops): void => {
  let start = from
  let length = size
  while (length > 16) {
    const end = start + length
    const i = partition(start, length, ops)
    // The smaller side by recursion, the other one by going on: the stack stays shallow.
    if (i - 1 - start < end - i) {
      sortRange(start, i - start - 1, ops)
      length = end - i
      start = i
    } else {
      sortRange(i, end - i, ops)
      length = i - start - 1
    }
  }
  insertSort(start, length, ops)
}

/** Puts the pivot in its place; returns the position after it. */
const partition = (start: number, length: number, ops: Ops): number => {
  const { swap } = ops
  const end = start + length
  const offset = length >> 1
  const middle = start + offset
  if (length >> 10) {
    const delta = offset >> 1
    sort5([start, start + delta, middle, middle + delta, end - 1], ops)
  } else {
    sort3(start, middle, end - 1, ops)
  }
  const pivot = start + 1
  swap(pivot, middle)
  const i = sweep(pivot, end - 1, ops)
  swap(pivot, i - 1)
  return i
}

const sweep = (pivot: number, last: number, { greater, swap }: Ops): number => {
  let i = pivot + 1
  let j = last
  for (;;) {
    while (greater(pivot, i)) if (++i === j) return i
    if (--j === i) return i
    while (greater(j, pivot)) if (--j === i) return i
    swap(i, j)
    if (++i === j) return i
  }
}
