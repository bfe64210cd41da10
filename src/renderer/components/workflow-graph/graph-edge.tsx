import { BaseEdge, EdgeLabelRenderer, getBezierPath } from 'reactflow'
import type { EdgeProps } from 'reactflow'
import { laneColour } from './graph-model.ts'

interface GraphEdgeData extends Record<string, unknown> {
  readonly labels: readonly string[]
  /** In a run: the lane that went along here; null: not taken. Undefined outside of runs. */
  readonly lane?: number | null
}

/** Solid where the run went, dashed where it did not. */
export function LabelledEdge(props: EdgeProps) {
  const { id, data, markerEnd } = props
  const { labels, lane } = data as GraphEdgeData
  const [path, x, y] = getBezierPath(props)
  const style =
    lane === undefined
      ? { stroke: 'var(--text-3)', strokeWidth: 1.4 }
      : lane === null
        ? { stroke: 'var(--line-strong)', strokeWidth: 1.2, strokeDasharray: '4 4' }
        : { stroke: laneColour(lane), strokeWidth: 2.2 }
  return (
    <>
      <BaseEdge id={id} path={path} style={style} {...(markerEnd ? { markerEnd } : {})} />
      {labels.length > 0 && (
        <EdgeLabelRenderer>
          <div className="edge-labels" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
            {labels.map((label) => (
              <span key={label}>{label}</span>
            ))}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
}
