import { useRef } from 'react'
import type { Dispatch, SetStateAction } from 'react'
import type { Node, NodeChange, XYPosition } from 'reactflow'
import { framesOf } from '../../stores/editor-model.ts'
import { useEditor } from './editor-context.ts'
import { frameOf } from './flow-model.ts'

interface Drag {
  readonly from: XYPosition
  /** Where the frame's nodes lay when the drag began: each change is worked out from there, so that none counts twice. */
  readonly nodes: ReadonlyMap<string, XYPosition>
}

/** A frame has no place of its own, it lies around its nodes: dragging it drags them. */
export function useFrameDrag(nodes: readonly Node[], setNodes: Dispatch<SetStateAction<Node[]>>) {
  const editor = useEditor()
  const drag = useRef<Drag | null>(null)
  const placesFor = ({ from, nodes: places }: Drag, to: XYPosition): Map<string, XYPosition> =>
    new Map([...places].map(([id, { x, y }]) => [id, { x: x + to.x - from.x, y: y + to.y - from.y }]))
  return {
    start(node: Node) {
      const frame = framesOf(editor.graph()).find(({ id }) => id === frameOf(node.id))
      if (!frame) return
      const inside = nodes.filter(({ id }) => frame.nodes.includes(id))
      drag.current = { from: node.position, nodes: new Map(inside.map(({ id, position }) => [id, position])) }
    },
    /** Takes the frame's own changes out, and moves its nodes instead. */
    changes(all: NodeChange[]): NodeChange[] {
      const own = all.filter((change) => 'id' in change && frameOf(change.id) !== null)
      const now = drag.current
      for (const change of own) {
        if (change.type !== 'position' || !change.position || !now) continue
        const places = placesFor(now, change.position)
        setNodes((before) => before.map((node) => ({ ...node, position: places.get(node.id) ?? node.position })))
      }
      return own.length === 0 ? all : all.filter((change) => !own.includes(change))
    },
    /** The nodes that were moved; null when it was no frame. */
    end(node: Node): readonly Node[] | null {
      const now = drag.current
      drag.current = null
      if (!now || frameOf(node.id) === null) return null
      const places = placesFor(now, node.position)
      return nodes.flatMap((one) => {
        const position = places.get(one.id)
        return position ? [{ ...one, position }] : []
      })
    }
  }
}
