import type { DataSource, WorkflowSource } from '../../../contract/operations.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { buildHash } from '../../stores/router.ts'

/** What the workflow mentions and the world does not hold, before it runs. */
export function WorldNeeds({ workflow, data }: { workflow: WorkflowSource | null; data: DataSource | null }) {
  const { answer } = useLatest('run.needs', workflow ? { workflow, ...(data ? { data } : {}) } : null, 400)
  if (!workflow || !answer?.ok) return null
  const needs = answer.data
  return (
    <div className="section">
      <h2>Missing from World</h2>
      {needs.length === 0 ? (
        <p className="muted" style={{ fontSize: 12 }}>
          Nothing: World has every organisation, tag and list used by the workflow.
        </p>
      ) : (
        <>
          <ul className="needs" aria-label="Missing from World">
            {needs.map((need, i) => (
              <li key={i}>
                {need.text} <span className="muted">· node {need.nodeId}</span>
                {need.missing.length > 5 && (
                  <div className="mono muted ellipsis" title={need.missing.join('\n')}>
                    {need.missing.slice(5).join(', ')}
                  </div>
                )}
              </li>
            ))}
          </ul>
          <p style={{ fontSize: 12 }}>
            {needs.some((need) => need.part !== 'settings') && <a href={buildHash(['connect'])}>Import from MISP</a>}{' '}
            {needs.some((need) => need.part === 'settings') && (
              <a href={buildHash(['triggers'])}>Enable triggers and modules</a>
            )}
          </p>
        </>
      )}
    </div>
  )
}
