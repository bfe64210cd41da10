import { useMemo, useRef } from 'react'
import type { Node, NodeChange } from 'reactflow'
import { nodeHeight, nodeWidth } from './node-size.ts'
import { spread } from './spread.ts'
import type { Shift } from './spread.ts'

const none: ReadonlyMap<string, Shift> = new Map()
/** Until it was measured. */
const unfoldedSize = { width: 300, height: 260 }

function shiftsOf(nodes: readonly Node[], unfolded: ReadonlySet<string>): ReadonlyMap<string, Shift> {
  const boxes = nodes.map(({ id, position, measured }) => {
    const guess = unfolded.has(id) ? unfoldedSize : { width: nodeWidth, height: nodeHeight }
    const size = { width: measured?.width ?? guess.width, height: measured?.height ?? guess.height }
    return [id, { ...position, ...size }] as const
  })
  return spread(new Map(boxes), nodeWidth)
}

/** The nodes as they are drawn: what would lie under the fields of others makes way. While something is dragged, the rest stays. */
export function useSpread(nodes: readonly Node[], unfolded: ReadonlySet<string>) {
  const last = useRef(none)
  const shifts = useMemo(() => {
    const isDragged = unfolded.size > 0 && nodes.some(({ dragging }) => dragging)
    if (!isDragged) last.current = unfolded.size === 0 ? none : shiftsOf(nodes, unfolded)
    return last.current
  }, [nodes, unfolded])
  const shown = useMemo(
    () =>
      nodes.map((node) => {
        const by = shifts.get(node.id)
        return by ? { ...node, position: { x: node.position.x + by.x, y: node.position.y + by.y } } : node
      }),
    [nodes, shifts]
  )
  /** From where it is drawn to its own place. */
  const placed = <T extends { readonly id: string; readonly position?: { readonly x: number; readonly y: number } }>(
    one: T
  ): T => {
    const by = shifts.get(one.id)
    return by && one.position ? { ...one, position: { x: one.position.x - by.x, y: one.position.y - by.y } } : one
  }
  return {
    shown,
    placed,
    changes: (all: readonly NodeChange[]): NodeChange[] =>
      all.map((change) => (change.type === 'position' ? placed(change) : change))
  }
}
