import { Handle, Position } from 'reactflow'
import { memo } from 'react'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Sentence } from '../../components/param-form/sentence.tsx'
import type { NodeMarks } from '../../components/workflow-graph/graph-marks.ts'
import { Badges, StepNumbers } from '../../components/workflow-graph/node-marks.tsx'
import { outputLabel } from '../../stores/editor-model.ts'
import { FoldButton, NodeFields } from './node-fields.tsx'

export interface EditorNodeData extends Record<string, unknown> {
  readonly title: string
  readonly moduleId: string
  readonly moduleType: string
  readonly nodeId: number
  readonly icon: string
  readonly blocking: boolean
  readonly known: boolean
  readonly disabled: boolean
  readonly inputs: boolean
  readonly outputs: readonly string[]
  /** What the node does, in a sentence. */
  readonly sentence: string
  readonly filter: string | null
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** In a comparison. */
  readonly diff: 'added' | 'removed' | 'changed' | null
  /** Of the run that is laid over the canvas. */
  readonly marks: NodeMarks | null
  /** Whether its fields are shown in it; null: they cannot be. */
  readonly unfolded: boolean | null
}

const handleTop = (index: number, count: number): string => `${((index + 1) / (count + 1)) * 100}%`

/** A node as MISP draws it, with what it does in a sentence instead of a form. */
export const EditorNode = memo(function EditorNode({
  id,
  data,
  selected
}: {
  id: string
  data: EditorNodeData
  selected?: boolean
}) {
  const { title, moduleId, moduleType, nodeId, outputs, sentence, filter, errors, warnings, diff } = data
  const classes = [
    'enode',
    moduleType,
    selected && 'selected',
    data.disabled && 'disabled',
    !data.known && 'unknown',
    data.unfolded && 'unfolded',
    data.marks && `run-${data.marks.state}`
  ]
  return (
    <div className={[...classes, diff && `diff-${diff}`].filter(Boolean).join(' ')}>
      {data.inputs && <Handle type="target" position={Position.Left} id="input_1" title="Input" />}
      {data.marks && <StepNumbers marks={data.marks} />}
      {data.marks && <Badges marks={data.marks} />}
      <div className="enode-head">
        <Icon name={moduleIcon(data.icon)} size={13} />
        <span className="enode-title" title={`${title} (${moduleId})`}>
          {title}
        </span>
        {data.blocking && (
          <span className="enode-blocking" title="Blocking module: it can block the operation that fired the workflow">
            <Icon name="ban" size={11} title="Blocking module" />
          </span>
        )}
        {(errors.length > 0 || warnings.length > 0) && (
          <span
            className={errors.length > 0 ? 'enode-error' : 'enode-warning'}
            title={[...errors, ...warnings].join('\n')}
          >
            <Icon name={errors.length > 0 ? 'circle-exclamation' : 'triangle-exclamation'} size={12} title="Problems" />
          </span>
        )}
        <span className="enode-id">{nodeId}</span>
        {data.unfolded !== null && <FoldButton nodeKey={id} title={title} unfolded={data.unfolded} />}
      </div>
      <div className={`enode-text${outputs.length === 2 ? ' beside' : ''}`}>
        {data.known ? (
          <Sentence text={sentence} />
        ) : (
          `Unknown module ${moduleId}: kept unchanged. In a run it fails as in MISP, or has the result you choose.`
        )}
      </div>
      {(filter !== null || data.disabled) && (
        <div className="enode-foot">
          {data.disabled && <span className="tag">disabled</span>}
          {filter !== null && (
            <span className="tag accent" title="Node filter: only matching items are processed">
              <Icon name="filter" size={9} /> {filter}
            </span>
          )}
        </div>
      )}
      {data.unfolded && <NodeFields nodeKey={id} />}
      {diff && <span className={`diff-mark ${diff}`}>{diff}</span>}
      {outputs.map((output, i) => (
        <Handle
          key={output}
          type="source"
          position={Position.Right}
          id={output}
          title={`Output ${outputLabel(outputs, output)}`}
          style={{ top: handleTop(i, outputs.length) }}
        />
      ))}
      {outputs.length === 2 &&
        outputs.map((output, i) => (
          <span key={output} className="enode-out" style={{ top: handleTop(i, 2) }}>
            {outputLabel(outputs, output)}
          </span>
        ))}
    </div>
  )
})

export const EditorFrame = memo(function EditorFrame({
  data
}: {
  data: { readonly title: string; readonly chosen: boolean }
}) {
  return (
    <div className={`eframe${data.chosen ? ' selected' : ''}`}>
      <span className="eframe-title">{data.title || 'Frame'}</span>
    </div>
  )
})
