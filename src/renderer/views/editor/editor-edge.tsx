import { BaseEdge, EdgeLabelRenderer, getBezierPath } from 'reactflow'
import type { EdgeProps } from 'reactflow'
import type { CSSProperties } from 'react'
import { laneColour } from '../../components/workflow-graph/graph-marks.ts'
import { Icon } from '../../components/icons.tsx'

export interface EditorEdgeData extends Record<string, unknown> {
  readonly labels: readonly string[]
  readonly problem: 'error' | 'warning' | null
  readonly diff: 'connected' | 'disconnected' | null
  readonly name: string
  /** In a run: the lane that went along here; null: not taken. Undefined without a run. */
  readonly lane: number | null | undefined
  readonly onInsert: (() => void) | null
  readonly onRemove: (() => void) | null
}

/** A connection with MISP's filter labels; the chosen one offers what can be done with it. */
export function EditorEdge(props: EdgeProps) {
  const { id, selected, markerEnd } = props
  const { labels, problem, diff, name, lane, onInsert, onRemove } = props.data as EditorEdgeData
  const [path, x, y] = getBezierPath(props)
  const tone = diff ?? problem ?? (lane === undefined ? '' : lane === null ? 'untaken' : 'taken')
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={22}
        {...(typeof lane === 'number' ? { style: { '--lane': laneColour(lane) } as CSSProperties } : {})}
        className={`eedge ${tone}${selected ? ' selected' : ''}`}
        {...(markerEnd ? { markerEnd } : {})}
      />
      <EdgeLabelRenderer>
        <div className="edge-labels" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
          {labels.map((label) => (
            <span key={label} title={`Filter ${label} is active here`}>
              {label}
            </span>
          ))}
          {selected && onInsert && onRemove && (
            <span className="edge-tools nodrag nopan" role="group" aria-label={name}>
              <button onClick={onInsert} aria-label="Insert a node here" title="Insert a node here (I)">
                <Icon name="plus" size={10} />
              </button>
              <button onClick={onRemove} aria-label="Remove the connection" title="Remove the connection (Delete)">
                <Icon name="trash" size={10} />
              </button>
            </span>
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  )
}
