import { useDeferredValue, useMemo } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { WorkflowGraph } from '../../components/workflow-graph/workflow-graph.tsx'
import { comparedMarks, unionOf } from '../../components/workflow-graph/union-graph.ts'
import type { OpenRun } from '../../stores/run.ts'
import { stepsOf } from './lines.ts'
import type { Lines } from './lines.ts'

interface CompareGraphProps {
  readonly lines: Lines
  readonly runs: readonly [OpenRun, OpenRun]
  readonly line: number
  readonly onLine: (line: number) => void
  readonly onOpen: () => void
}

/** Both workflows as one graph, with what each run did. */
export function CompareGraph({ lines, runs: [a, b], line: wanted, onLine, onOpen }: CompareGraphProps) {
  const line = useDeferredValue(wanted)
  const drawings = useMemo(
    () =>
      [
        a.workflow === null ? null : drawingOf(a.workflow, a.rebuilt),
        b.workflow === null ? null : drawingOf(b.workflow, b.rebuilt)
      ] as const,
    [a.workflow, a.rebuilt, b.workflow, b.rebuilt]
  )
  const union = useMemo(() => unionOf(...drawings, lines.comparison.renumbered), [drawings, lines])
  const marks = useMemo(
    () =>
      union
        ? comparedMarks(union, [lines.a, lines.b], drawings, {
            rows: lines.rows,
            isStartSame: lines.comparison.start.length === 0
          })
        : null,
    [union, drawings, lines]
  )
  const nodeLines = useMemo(() => {
    const found = new Map<number, number[]>()
    for (let i = 1; i <= lines.rows.length; i++) {
      const node = union && nodeOfLine(union, lines, i)
      if (node === null || node === undefined) continue
      const known = found.get(node)
      if (known) known.push(i)
      else found.set(node, [i])
    }
    return found
  }, [union, lines])
  if (!union || !marks)
    return (
      <EmptyState title="No graph">The workflow of these runs is unknown. Their steps are in the timeline.</EmptyState>
    )
  const trigger = union.drawing.nodes.find((node) => node.moduleType === 'trigger')?.nodeId ?? null
  const select = (nodeId: number) => {
    if (nodeId === trigger) return onLine(0)
    const own = nodeLines.get(nodeId) ?? []
    const next = own.find((one) => one > line) ?? own[0]
    if (next !== undefined) onLine(next)
  }
  return (
    <section style={{ height: '100%' }} aria-label="Graph of both runs">
      <WorkflowGraph
        drawing={union.drawing}
        marks={marks}
        selected={line === 0 ? trigger : nodeOfLine(union, lines, line)}
        onSelect={select}
        onOpen={onOpen}
      />
    </section>
  )
}

function nodeOfLine(union: NonNullable<ReturnType<typeof unionOf>>, lines: Lines, line: number): number | null {
  const [a, b] = stepsOf(lines, line)
  return union.ofA.get(a?.nodeId ?? Number.NaN) ?? union.ofB.get(b?.nodeId ?? Number.NaN) ?? null
}
