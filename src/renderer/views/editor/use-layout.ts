import { useReactFlow } from 'reactflow'
import { align } from '../../stores/editor-model.ts'
import type { Alignment, Box } from '../../stores/editor-model.ts'
import { keysOf, positionOf } from '../../stores/editor-model.ts'
import { useEditor } from './editor-context.ts'
import { nodeHeight, nodeWidth } from './node-size.ts'
import { layOut } from './layout.ts'
import { viewMove } from './view-move.ts'

/** Layout by the sizes that the nodes have on the screen. */
export function useLayout() {
  const editor = useEditor()
  const flow = useReactFlow()
  const boxes = (keys: Iterable<string>): Map<string, Box> => {
    const graph = editor.graph()
    return new Map(
      [...keys].map((key) => {
        const measured = flow.getNode(key)?.measured
        return [
          key,
          { ...positionOf(graph, key), width: measured?.width ?? nodeWidth, height: measured?.height ?? nodeHeight }
        ]
      })
    )
  }
  const fit = () => setTimeout(() => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: viewMove() }), 60)
  return {
    fit,
    alignSelection: (how: Alignment) =>
      void editor.edit('Align nodes', (graph) => align(graph, boxes(editor.getState().selection), how)),
    /** All nodes, or those that are selected. */
    arrange(selected = false) {
      const keys = selected ? editor.getState().selection : keysOf(editor.graph())
      const sizes = boxes(keys)
      if (sizes.size > 0) editor.edit('Arrange nodes', (graph) => layOut(graph, sizes))
      fit()
    },
    show(key: string) {
      const { x, y } = flow.getNode(key)?.position ?? positionOf(editor.graph(), key)
      void flow.setCenter(x + nodeWidth / 2, y + nodeHeight / 2, {
        zoom: Math.max(flow.getZoom(), 0.7),
        duration: viewMove()
      })
    }
  }
}
