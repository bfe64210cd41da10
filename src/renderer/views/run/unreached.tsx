import { plainText, type Json } from '../../../contract/json.ts'
import { maskParam } from '../../../contract/secrets.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { skippedOf } from '../../components/workflow-graph/graph-marks.ts'
import type { GraphNode } from '../../components/workflow-graph/graph-model.ts'
import { definitionNow } from '../../stores/added-modules.ts'
import { ChainLine } from './chain-line.tsx'
import { savedNode, showValue } from '../../step/node-params.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

/** A node that the run did not execute: why, and what it is set to. */
export function Unreached({ detail, node, workflow }: { detail: RunDetail; node: GraphNode; workflow: Json }) {
  const { id: runId, state } = detail.summary
  const answer = useAnswer('run.chain', { runId, nodeId: node.nodeId })
  const definition = definitionNow(node.moduleType, node.moduleId)
  const { params } = savedNode(workflow, node.nodeId)
  const labels = new Map((definition?.params ?? []).map((param) => [param.id, plainText(param.label)] as const))
  const isRunning = state === 'running' || state === 'paused'
  const isSkipped = skippedOf(detail.unreached).some(({ nodeId }) => nodeId === node.nodeId)
  const why = isSkipped ? 'Why it was skipped' : 'Why it was not reached'
  return (
    <section className="column" aria-label="Inspector">
      <div className="inspector-head">
        <div className="line">
          <Icon name={moduleIcon(definition?.icon ?? node.icon)} size={14} />
          <h2 className="ellipsis">{node.name}</h2>
          <span className="mono muted nowrap">node {node.nodeId}</span>
          <span className="tag">{isRunning ? 'not yet reached' : isSkipped ? 'skipped' : 'not reached'}</span>
        </div>
      </div>
      <div className="scroll grow" tabIndex={0} aria-label={why}>
        <div className="section">
          <h2>{why}</h2>
          <div className="why">
            {isRunning ? (
              <p>The run has not come to its end.</p>
            ) : answer?.ok && answer.data ? (
              <ChainLine runId={runId} chain={answer.data} label={why} />
            ) : (
              answer && !answer.ok && <p>{answer.error.message}</p>
            )}
          </div>
        </div>
        {Object.keys(params).length > 0 && (
          <table className="kv">
            <thead>
              <tr>
                <th>Parameter</th>
                <th>As set</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(params).map(([id, value]) => (
                <tr key={id}>
                  <th scope="row" title={id}>
                    {labels.get(id) ?? id}
                  </th>
                  <td>{showValue(maskParam(id, value))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  )
}
