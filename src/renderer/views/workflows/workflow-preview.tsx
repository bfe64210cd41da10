import { useMemo } from 'react'
import type { Json } from '../../../contract/json.ts'
import type { WorkflowSummary } from '../../../contract/workspace.ts'
import { plural } from '../../../contract/words.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { formatTime } from '../../components/format.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { Facts } from '../../components/list/preview.tsx'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useSettled } from '../../hooks/use-settled.ts'
import { buildHash } from '../../stores/router.ts'

const mostListed = 100

/** What a workflow hangs on, and what is in it. */
export function WorkflowPreview({ workflow: one }: { workflow: WorkflowSummary }) {
  const workflowId = useSettled(one.id)
  const answer = useAnswer('workflows.get', { workflowId })
  return (
    <>
      <Facts
        rows={[
          ['Trigger', one.trigger ?? 'none'],
          ['Nodes', one.nodes],
          ['Version', `${one.version}, saved ${formatTime(one.savedAt)}`],
          ['Note', one.note]
        ]}
      />
      {!answer || workflowId !== one.id ? (
        <Loading label="Loading workflow" />
      ) : answer.ok ? (
        <Nodes workflowId={one.id} workflow={answer.data.workflow} />
      ) : (
        <FailureState failure={answer.error} />
      )}
    </>
  )
}

function Nodes({ workflowId, workflow }: { workflowId: string; workflow: Json }) {
  const { nodes } = useMemo(() => drawingOf(workflow), [workflow])
  // As they are read: from left to right.
  const listed = useMemo(() => [...nodes].sort((a, b) => a.x - b.x || a.y - b.y).slice(0, mostListed), [nodes])
  if (listed.length === 0) return null
  return (
    <ul className="preview-steps" aria-label="Nodes">
      {listed.map((node) => (
        <li key={node.id}>
          <a title={node.moduleId} href={buildHash(['workflows', workflowId], { node: String(node.nodeId) })}>
            <span className="muted num">{node.nodeId}</span>
            <Icon name={moduleIcon(node.icon)} />
            <span className="ellipsis">{node.name}</span>
          </a>
        </li>
      ))}
      {nodes.length > listed.length && (
        <li className="muted between">{plural(nodes.length - listed.length, 'node')} more</li>
      )}
    </ul>
  )
}
