// Layers from left to right for graphs of more nodes than dagre gets done with while somebody waits: it takes minutes for thousands. The work
// grows with nodes and links; crossings are fewer, not fewest.

interface Box {
  readonly width: number
  readonly height: number
}

export interface Link {
  readonly from: string
  readonly to: string
}

interface Gaps {
  readonly node: number
  readonly layer: number
}

interface Place {
  readonly x: number
  readonly y: number
}

/** So much is left to dagre, which draws it better. */
export const isLarge = (nodes: number, links: number): boolean => nodes > 600 || links > 1500

const sweeps = 4

/** Upper left corners by key. */
export function layersOf(boxes: ReadonlyMap<string, Box>, links: readonly Link[], gaps: Gaps): Map<string, Place> {
  const keys = [...boxes.keys()]
  const { onward, backward, order } = forwardLinks(keys, links)
  const layer = new Array<number>(keys.length).fill(0)
  for (const one of order) for (const next of onward[one]!) layer[next] = Math.max(layer[next]!, layer[one]! + 1)
  const columns: number[][] = []
  for (const one of order) (columns[layer[one]!] ??= []).push(one)
  for (let i = 0; i < sweeps; i++) untangle(columns, i % 2 === 0 ? backward : onward, i % 2 === 1)
  return placed(keys, boxes, columns, gaps)
}

interface Forward {
  readonly onward: readonly (readonly number[])[]
  readonly backward: readonly (readonly number[])[]
  /** Each behind all that lead to it. */
  readonly order: readonly number[]
}

/** Links without those that lead back into the path that they come from. */
function forwardLinks(keys: readonly string[], links: readonly Link[]): Forward {
  const index = new Map(keys.map((key, i) => [key, i]))
  const all: number[][] = keys.map(() => [])
  const entered = keys.map(() => 0)
  for (const { from, to } of links) {
    const [a, b] = [index.get(from), index.get(to)]
    if (a === undefined || b === undefined || a === b) continue
    all[a]!.push(b)
    entered[b]!++
  }
  const state = new Uint8Array(keys.length)
  const [onward, backward]: [number[][], number[][]] = [keys.map(() => []), keys.map(() => [])]
  const left: number[] = []
  const walk = (start: number): void => {
    const path = [start]
    const at = [0]
    state[start] = 1
    while (path.length > 0) {
      const one = path.at(-1)!
      const next = all[one]![at[at.length - 1]!++]
      if (next === undefined) {
        state[one] = 2
        left.push(one)
        path.pop()
        at.pop()
        continue
      }
      if (state[next] === 1) continue
      onward[one]!.push(next)
      backward[next]!.push(one)
      if (state[next] === 2) continue
      state[next] = 1
      path.push(next)
      at.push(0)
    }
  }
  keys.forEach((_, i) => void (entered[i] === 0 && state[i] === 0 && walk(i)))
  keys.forEach((_, i) => void (state[i] === 0 && walk(i)))
  return { onward, backward, order: left.reverse() }
}

/** Orders each column by where the neighbours of its nodes are. */
function untangle(columns: number[][], neighbours: readonly (readonly number[])[], fromRight: boolean): void {
  const at = new Map<number, number>()
  for (const column of columns) column.forEach((one, i) => at.set(one, i / column.length))
  for (const column of fromRight ? columns.toReversed() : columns) {
    const wish = new Map(
      column.map((one) => {
        const near = neighbours[one]!
        const sum = near.reduce((total, other) => total + at.get(other)!, 0)
        return [one, near.length === 0 ? at.get(one)! : sum / near.length]
      })
    )
    column.sort((a, b) => wish.get(a)! - wish.get(b)!)
    column.forEach((one, i) => at.set(one, i / column.length))
  }
}

function placed(
  keys: readonly string[],
  boxes: ReadonlyMap<string, Box>,
  columns: readonly (readonly number[])[],
  gaps: Gaps
): Map<string, Place> {
  const box = (one: number): Box => boxes.get(keys[one]!)!
  const heights = columns.map((column) => column.reduce((sum, one) => sum + box(one).height + gaps.node, -gaps.node))
  const tallest = heights.reduce((most, height) => Math.max(most, height), 0)
  const places = new Map<string, Place>()
  let x = 0
  columns.forEach((column, i) => {
    let y = (tallest - heights[i]!) / 2
    let width = 0
    for (const one of column) {
      places.set(keys[one]!, { x, y })
      y += box(one).height + gaps.node
      width = Math.max(width, box(one).width)
    }
    x += width + gaps.layer
  })
  return places
}
