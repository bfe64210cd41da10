import { BaseEdge, EdgeLabelRenderer, getBezierPath, getSmoothStepPath } from 'reactflow'
import type { EdgeProps } from 'reactflow'
import { rowGap } from './first-view.ts'
import { nodeHeight } from './graph-model.ts'
import { laneColour } from './graph-marks.ts'

interface GraphEdgeData extends Record<string, unknown> {
  readonly labels: readonly string[]
  /** In a run: the lane that went along here; null: not taken. Undefined outside of runs. */
  readonly lane?: number | null
  /** Of two runs that are compared: which of them went along here; null: none. */
  readonly taken?: 'both' | 'a' | 'b' | null
}

/** Into the next row of a long chain, and wherever a connection leads back to the left: around the nodes instead of through them. */
function pathOf(props: EdgeProps): readonly [path: string, x: number, y: number] {
  const { sourceX, sourceY, targetX, targetY } = props
  if (targetX > sourceX) return getBezierPath(props) as unknown as readonly [string, number, number]
  const below = targetY > sourceY
  const centerY = targetY + (below ? -1 : 1) * (nodeHeight / 2 + rowGap / 2)
  return getSmoothStepPath({ ...props, centerY, offset: 16, borderRadius: 8 }) as unknown as readonly [
    string,
    number,
    number
  ]
}

/** Solid where both went, in the colour and with the letter of the run where one went alone. */
const takenStyles = {
  both: { stroke: 'var(--text-2)', strokeWidth: 2.2 },
  a: { stroke: 'var(--side-a)', strokeWidth: 2.2, strokeDasharray: '9 4' },
  b: { stroke: 'var(--side-b)', strokeWidth: 2.2, strokeDasharray: '9 4' },
  none: { stroke: 'var(--line-strong)', strokeWidth: 1.2, strokeDasharray: '4 4' }
}

/** Solid where the run went, dashed where it did not. */
export function LabelledEdge(props: EdgeProps) {
  const { id, data, markerEnd } = props
  const { labels, lane, taken } = data as GraphEdgeData
  const [path, x, y] = pathOf(props)
  // Before the node that it leads to: names of outputs stand behind the one that it comes from.
  const [markX, markY] = props.targetX > props.sourceX ? [props.targetX - 22, props.targetY] : [x, y]
  const style =
    taken !== undefined
      ? takenStyles[taken ?? 'none']
      : lane === undefined
        ? { stroke: 'var(--text-3)', strokeWidth: 1.4 }
        : lane === null
          ? { stroke: 'var(--line-strong)', strokeWidth: 1.2, strokeDasharray: '4 4' }
          : { stroke: laneColour(lane), strokeWidth: 2.2 }
  return (
    <>
      <BaseEdge id={id} path={path} style={style} {...(markerEnd ? { markerEnd } : {})} />
      {(taken === 'a' || taken === 'b') && (
        <EdgeLabelRenderer>
          <div className="edge-labels" style={{ transform: `translate(-50%, -50%) translate(${markX}px, ${markY}px)` }}>
            <span className={`side-mark ${taken}`}>{taken === 'a' ? 'A' : 'B'}</span>
          </div>
        </EdgeLabelRenderer>
      )}
      {labels.length > 0 && !taken && (
        <EdgeLabelRenderer>
          <div className="edge-labels" style={{ transform: `translate(-50%, -50%) translate(${markX}px, ${markY}px)` }}>
            {labels.map((label) => (
              <span key={label}>{label}</span>
            ))}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
}
