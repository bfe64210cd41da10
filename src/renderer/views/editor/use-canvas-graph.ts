import { useEffect, useMemo, useState } from 'react'
import type { RefObject } from 'react'
import { useStore } from 'zustand'
import { useReactFlow } from 'reactflow'
import type { Edge, Node } from 'reactflow'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { disconnect } from '../../../engine/graph/edit.ts'
import { positionOf } from '../../stores/editor-model.ts'
import { library } from '../../stores/library.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { flowEdges, flowNodes } from './flow-model.ts'
import type { Sources } from './flow-model.ts'
import { nodeHeight, nodeWidth } from './node-size.ts'
import { useOverlay } from './use-overlay.ts'
import { viewMove } from './view-move.ts'

const none: readonly never[] = []

/** What the canvas draws. `paths`: problems that only the chosen data shows. */
export function useCanvasSources(disabled: ReadonlySet<string>, paths: readonly WorkflowProblem[]): Sources {
  const document = useEditorState((state) => state.comparison?.with?.document ?? state.document)
  const checked = useEditorState((state) => state.problems)
  const comparison = useEditorState((state) => state.comparison)
  const selection = useEditorState((state) => state.selection)
  const unfolded = useEditorState((state) => state.unfolded)
  const marks = useOverlay()?.marks ?? null
  const problems = useMemo(() => (comparison?.with ? none : [...checked, ...paths]), [checked, paths, comparison])
  return { document, problems, comparison, selection, disabled, unfolded, marks }
}

export function useCanvasEdges(sources: Sources): Edge[] {
  const editor = useEditor()
  const link = useEditorState((state) => state.link)
  const { document, problems, comparison, marks } = sources
  return useMemo(
    () =>
      flowEdges(sources, link, {
        insert: (one) => editor.setState({ dialog: { kind: 'insert', link: one } }),
        remove: (one) => void editor.edit('Remove connection', (graph) => disconnect(graph, one))
      }),
    [document, problems, comparison, link, marks]
  )
}

/** The document's nodes. Positions of a drag live here until it ends. */
export function useCanvasNodes(sources: Sources) {
  const modules = useStore(library, (state) => state.modules)
  const [nodes, setNodes] = useState<Node[]>(() => flowNodes(sources))
  const { document, problems, comparison, selection, disabled, unfolded, marks } = sources
  useEffect(() => {
    setNodes((before) => {
      const known = new Map(before.map((node) => [node.id, node]))
      // Sizes that were measured stay, or every change would measure all nodes again.
      return flowNodes(sources).map((node) => {
        const measured = known.get(node.id)?.measured
        return measured ? { ...node, measured } : node
      })
    })
  }, [document, problems, comparison, selection, disabled, unfolded, modules, marks])
  return [nodes, setNodes] as const
}

/** What was added is brought into view; what is in view already does not make the canvas jump. */
export function useShowAdded(box: RefObject<HTMLElement | null>): void {
  const editor = useEditor()
  const flow = useReactFlow()
  const added = useEditorState((state) => state.added)
  useEffect(() => {
    const pane = box.current?.getBoundingClientRect()
    if (added.length === 0 || !pane) return
    const timer = setTimeout(() => {
      const graph = editor.graph()
      const outside = added.some((key) => {
        const { x, y } = positionOf(graph, key)
        const from = flow.flowToScreenPosition({ x, y })
        const to = flow.flowToScreenPosition({ x: x + nodeWidth, y: y + nodeHeight })
        return from.x < pane.left || from.y < pane.top || to.x > pane.right || to.y > pane.bottom
      })
      // Around what was added, not from so far away that nobody can read its names.
      const around = { nodes: added.map((id) => ({ id })), minZoom: 0.7, maxZoom: Math.max(flow.getZoom(), 0.7) }
      if (outside) void flow.fitView({ ...around, padding: 0.12, duration: viewMove() })
    }, 60)
    return () => clearTimeout(timer)
  }, [added])
}
