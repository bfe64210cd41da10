import type { Coverage } from '../../../contract/coverage.ts'
import type { Json } from '../../../contract/json.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { keysOf, nodeInfo, outputLabel } from '../../stores/editor-model.ts'
import { buildHash } from '../../stores/router.ts'
import { PlainTable } from '../../components/plain-table.tsx'

interface CoverageTableProps {
  readonly coverage: Coverage
  readonly workflow: Json
  readonly workflowId: string
}

/** What never ran stands out by its word, not by its colour alone. */
const Told = ({ count }: { count: number }) => (count === 0 ? <b className="tried-never">never</b> : <>{count}×</>)

/** `2.output_1->3` as people read it: by what the output means, where there are several. */
function edgeWords(key: string, outputs: readonly string[]): string {
  const [output = '', target = ''] = key.slice(key.indexOf('.') + 1).split('->')
  return `${outputs.length > 1 ? `${outputLabel(outputs, output)} ` : ''}→ node ${target}`
}

/** Node by node: how often it ran, both sides of a condition with each value, and where it went from there. */
export function CoverageTable({ coverage: { nodes, edges, conditions }, workflow, workflowId }: CoverageTableProps) {
  const graph = workflowGraph(workflow)
  const infos = keysOf(graph).flatMap((key) => nodeInfo(graph, key) ?? [])
  return (
    <PlainTable label="What has run" heads={['Node', 'Ran', 'Condition', 'Connections']} className="tried-table">
      {infos.map(({ nodeId, title, outputs }) => {
        const condition = conditions[nodeId]
        return (
          <tr key={nodeId}>
            <td>
              <a href={buildHash(['workflows', workflowId], { node: String(nodeId) })}>
                {nodeId} {title}
              </a>
            </td>
            <td>
              <Told count={nodes[nodeId] ?? 0} />
            </td>
            <td>
              {condition && (
                <>
                  <div>
                    true <Told count={condition.true} />, false <Told count={condition.false} />
                  </div>
                  {Object.entries(condition.alternatives).map(([value, hits]) => (
                    <div key={value}>
                      <span className="mono">{value}</span>: found <Told count={hits} />, not found{' '}
                      <Told count={condition.without[value] ?? 0} />
                    </div>
                  ))}
                </>
              )}
            </td>
            <td>
              {Object.entries(edges)
                .filter(([key]) => key.startsWith(`${nodeId}.`))
                .map(([key, hits]) => (
                  <div key={key}>
                    {edgeWords(key, outputs)}: <Told count={hits} />
                  </div>
                ))}
            </td>
          </tr>
        )
      })}
    </PlainTable>
  )
}
