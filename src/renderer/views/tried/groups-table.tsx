import type { ReactNode } from 'react'
import { NodeLink } from './tried-frame.tsx'
import { PlainTable } from '../../components/plain-table.tsx'

interface Group {
  readonly nodeId: number | null
  readonly before: string
  readonly after: string
  readonly count: number
}

interface GroupsTableProps<G extends Group> {
  readonly label: string
  readonly workflowId: string | null
  readonly groups: readonly G[]
  /** The heads of what was, of what is, and of the column behind these. */
  readonly heads: readonly [before: string, after: string, why: string]
  readonly why: (group: G) => ReactNode
  readonly example: (group: G) => ReactNode
}

/** Runs that part at the same node in the same way, a row each. */
export function GroupsTable<G extends Group>({ label, workflowId, groups, heads, why, example }: GroupsTableProps<G>) {
  return (
    <PlainTable label={label} heads={['Runs', 'First at', ...heads, 'For example']} className="tried-groups">
      {groups.map((group, row) => (
        <tr key={row}>
          <td className="mono">{group.count}</td>
          <td>
            {group.nodeId === null ? 'the start or end' : <NodeLink workflowId={workflowId} nodeId={group.nodeId} />}
          </td>
          <td>{group.before}</td>
          <td>{group.after}</td>
          <td>{why(group)}</td>
          <td>{example(group)}</td>
        </tr>
      ))}
    </PlainTable>
  )
}
