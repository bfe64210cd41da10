// Nodes that show their fields are larger than the places that MISP's editor gave them: what would lie under them makes way on the canvas,
// and goes back when they are folded. What is saved stays as it is. Pure.
import type { Box } from '../../stores/editor-model.ts'

export interface Shift {
  readonly x: number
  readonly y: number
}

const gap = { x: 28, y: 20 }
/** Columns of the canvas, in pixels, in which what is above is remembered. */
const strip = 16

/** How far each node makes way, to the right and down; none is shifted that nothing lies on. `width`: of a node that is folded. */
export function spread(boxes: ReadonlyMap<string, Box>, width: number): ReadonlyMap<string, Shift> {
  const lefts = toTheRight(boxes, width)
  const shifts = new Map<string, Shift>()
  const bottoms = new Map<number, number>()
  for (const [key, box] of [...boxes].sort(([, a], [, b]) => a.y - b.y)) {
    const left = lefts.get(key) ?? box.x
    const [first, last] = [Math.floor(left / strip), Math.ceil((left + box.width) / strip) - 1]
    let top = box.y
    for (let i = first; i <= last; i++) {
      const above = bottoms.get(i)
      if (above !== undefined && above > top - gap.y) top = above + gap.y
    }
    for (let i = first; i <= last; i++) bottoms.set(i, top + box.height)
    if (left !== box.x || top !== box.y) shifts.set(key, { x: left - box.x, y: top - box.y })
  }
  return shifts
}

/** Whoever was right of a node stays right of it. */
function toTheRight(boxes: ReadonlyMap<string, Box>, width: number): ReadonlyMap<string, number> {
  const order = [...boxes].sort(([, a], [, b]) => a.x - b.x)
  const lefts = new Map<string, number>()
  let passed = 0
  let reach = -Infinity
  for (const [key, box] of order) {
    for (; passed < order.length; passed++) {
      const [before, { x, width: own }] = order[passed]!
      if (x + width > box.x) break
      reach = Math.max(reach, (lefts.get(before) ?? x) + own)
    }
    lefts.set(key, Math.max(box.x, reach + gap.x <= box.x ? box.x : reach + gap.x))
  }
  return lefts
}
