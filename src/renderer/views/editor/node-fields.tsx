// The parameters in the node itself, as MISP's editor has them.
import { memo } from 'react'
import { Icon } from '../../components/icons.tsx'
import { nodeInfo } from '../../stores/editor-model.ts'
import { unfold } from './actions.ts'
import { useEditor, useEditorState } from './editor-context.ts'
import { NodeForm } from './node-form.tsx'

export function FoldButton({ nodeKey, title, unfolded }: { nodeKey: string; title: string; unfolded: boolean }) {
  const editor = useEditor()
  return (
    <button
      className="enode-fold nodrag"
      aria-expanded={unfolded}
      aria-label={`Fields of ${title} in the node`}
      title={unfolded ? 'Hide the fields (T)' : 'Show the fields in the node (T)'}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation()
        unfold(editor, [nodeKey])
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Icon name={unfolded ? 'chevron-up' : 'chevron-down'} size={9} />
    </button>
  )
}

/** Stays as it is while other nodes change. Neither drags nor zooms the canvas. */
export const NodeFields = memo(function NodeFields({ nodeKey }: { nodeKey: string }) {
  const editor = useEditor()
  useEditorState((state) => state.document)
  const info = nodeInfo(editor.graph(), nodeKey)
  if (!info) return null
  return (
    <div
      className={`enode-fields nodrag nopan nowheel${info.outputs.length === 2 ? ' beside' : ''}`}
      role="group"
      aria-label={`Fields of ${info.title}`}
    >
      <NodeForm info={info} />
    </div>
  )
})
