import type { GraphReport } from '../../contract/editing.ts'
import { addedNow } from '../stores/added-modules.ts'
import './graph-report.css'

/** Modules of the service and custom ones are known here, whatever the host's report, which knows what ships, says. */
const here = (report: GraphReport): GraphReport => ({
  ...report,
  unknownModules: report.unknownModules.filter(({ moduleId }) => !addedNow().has(moduleId))
})

export function notesOf(report: GraphReport): number {
  const { unknownModules, changedVersions, goneParams } = here(report)
  return unknownModules.length + changedVersions.length + goneParams.length
}

/** What does not fit the modules that are here. All of it is kept as it came. */
export function GraphReportList({ report: given, onNode }: { report: GraphReport; onNode?: (nodeId: number) => void }) {
  const report = here(given)
  if (notesOf(report) === 0) return null
  const node = (nodeId: number) =>
    onNode ? (
      <button className="link" onClick={() => onNode(nodeId)}>
        Node {nodeId}
      </button>
    ) : (
      `Node ${nodeId}`
    )
  return (
    <ul className="graph-report" aria-label="Mismatches">
      {report.unknownModules.map(({ nodeId, moduleId }) => (
        <li key={`u${nodeId}`}>
          {node(nodeId)}: unknown module <code>{moduleId}</code>, kept as a placeholder
        </li>
      ))}
      {report.changedVersions.map(({ nodeId, moduleId, saved, previous, here }) => (
        <li key={`v${nodeId}`}>
          {node(nodeId)}: <code>{moduleId}</code> saved with version {saved}
          {previous !== '?' && previous !== saved ? ` (before that ${previous})` : ''}, here {here}
        </li>
      ))}
      {report.goneParams.map(({ nodeId, moduleId, params }) => (
        <li key={`p${nodeId}`}>
          {node(nodeId)}: <code>{moduleId}</code> no longer has the parameter{params.length === 1 ? '' : 's'}{' '}
          {params.join(', ')}
        </li>
      ))}
    </ul>
  )
}
