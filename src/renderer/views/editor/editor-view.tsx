import { useMemo } from 'react'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { WorkflowGraph } from '../../components/workflow-graph/workflow-graph.tsx'
import { buildHash } from '../../stores/router.ts'
import { useAnswer } from '../run/use-answer.ts'

export default function EditorView({ workflowId }: { workflowId: string }) {
  const answer = useAnswer('workflows.get', { workflowId })
  const drawing = useMemo(() => (answer?.ok ? drawingOf(answer.data.workflow) : null), [answer])
  if (!answer) return <Loading label="Opening workflow" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  return (
    <div className="column">
      <div className="toolbar">
        <h1>{answer.data.name}</h1>
        <span className="grow" />
        <a className="btn primary" href={buildHash(['workflows', 'run'], { workflow: workflowId })}>
          Run…
        </a>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        {drawing && <WorkflowGraph drawing={drawing} marks={null} selected={null} onSelect={() => undefined} />}
      </div>
    </div>
  )
}
