import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { useReactFlow } from 'reactflow'
import type { Node } from 'reactflow'
import { boundsOf, viewOf } from '../../components/workflow-graph/first-view.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { nodeHeight, nodeWidth } from './node-size.ts'

/** Names are read from this zoom on; fields in nodes only at their full size. */
const leastZooms = { names: 0.55, fields: 1 }

/** The whole workflow where that can be read, else around what is selected or the trigger; again when fields are shown from far away. */
export function useFirstLook(nodes: readonly Node[], box: RefObject<HTMLElement | null>): () => void {
  const editor = useEditor()
  const flow = useReactFlow()
  const fields = useEditorState(({ unfolded }) => unfolded.size > 0)
  const look = (): void => {
    const pane = box.current
    const { selection } = editor.getState()
    const focus = nodes.find(({ id }) => selection.has(id)) ?? nodes[0]
    if (!focus || !pane) return
    const bounds = boundsOf(
      nodes.map(({ position }) => position),
      { width: nodeWidth, height: nodeHeight + 30 }
    )
    const middle = { x: focus.position.x + nodeWidth / 2, y: focus.position.y + nodeHeight / 2 }
    const size = { width: pane.clientWidth, height: pane.clientHeight }
    void flow.setViewport(viewOf(bounds, size, middle, [fields ? leastZooms.fields : leastZooms.names, 1]))
  }
  const started = useRef(false)
  useEffect(() => {
    if (started.current && fields && flow.getZoom() < 0.9) look()
    started.current = true
  }, [fields])
  return look
}
