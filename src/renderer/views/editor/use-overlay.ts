import { useMemo } from 'react'
import type { Json } from '../../../contract/json.ts'
import { useStore } from 'zustand'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { marksOf } from '../../components/workflow-graph/graph-marks.ts'
import type { RunMarks } from '../../components/workflow-graph/graph-marks.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { openRuns } from '../../stores/run.ts'
import { useEditorState } from './editor-context.ts'

interface Overlay {
  readonly detail: RunDetail
  readonly marks: RunMarks
  /** The workflow that ran; null when it is not known. */
  readonly workflow: Json
}

/** The run that is laid over the canvas, as it went through the nodes that are there now. Null without one, and while it loads. */
export function useOverlay(): Overlay | null {
  const runId = useEditorState((state) => state.runId)
  const document = useEditorState((state) => state.document)
  const run = useStore(openRuns, ({ byId }) => (runId === null ? undefined : byId.get(runId)))
  const drawing = useMemo(() => (runId === null ? null : drawingOf(workflowGraph(document) as Json)), [runId, document])
  const { steps, unreached } = run?.detail ?? {}
  const marks = useMemo(
    () => (steps && drawing ? marksOf(steps, drawing, unreached) : null),
    [steps, unreached, drawing]
  )
  return useMemo(
    () => (run?.detail && marks ? { detail: run.detail, marks, workflow: run.workflow } : null),
    [run?.detail, run?.workflow, marks]
  )
}
