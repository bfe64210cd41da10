import { useEffect, useState } from 'react'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { findBuiltIn } from '../../../engine/modules/table.ts'
import { client } from '../../client/client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { savedNode, showValue } from './node-params.ts'

/** The parameters after defaults and templates; small, so they are fetched whole. */
function useRendered(runId: string, step: number): JsonMap | null {
  const [rendered, setRendered] = useState<JsonMap | null>(null)
  useEffect(() => {
    let wanted = true
    void client.call('run.text', { runId, step, which: 'params', path: [] }).then((answer) => {
      if (!wanted || !answer.ok) return
      const value: unknown = JSON.parse(answer.data.text)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) setRendered(value as JsonMap)
    })
    return () => {
      wanted = false
    }
  }, [runId, step])
  return rendered
}

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a ?? '') === JSON.stringify(b ?? '')

export function ParametersTab({ detail, step, workflow }: { detail: RunDetail; step: RunStep; workflow: Json }) {
  const rendered = useRendered(detail.summary.id, step.step)
  const saved = savedNode(workflow, step.nodeId)
  const definition = findBuiltIn(step.moduleType, step.moduleId)
  const labels = new Map((definition?.params ?? []).map((param) => [param.id, String(param.label)] as const))
  const ids = [
    ...new Set([
      ...(definition?.params.map((param) => param.id) ?? []),
      ...Object.keys(saved.params),
      ...Object.keys(rendered ?? {})
    ])
  ]
  const filters = Object.entries(saved.filters).filter(([, value]) => value !== '')
  if (ids.length === 0 && filters.length === 0)
    return <EmptyState title="No parameters">This module has none.</EmptyState>
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Parameters">
      <table className="kv">
        <thead>
          <tr>
            <th>Parameter</th>
            <th>As set</th>
            <th>As used</th>
          </tr>
        </thead>
        <tbody>
          {ids.map((id) => {
            const used = rendered?.[id]
            const set = saved.params[id]
            return (
              <tr key={id}>
                <th scope="row" title={id}>
                  {labels.get(id) ?? id}
                </th>
                <td>{set === undefined ? <span className="muted">not set</span> : showValue(set)}</td>
                <td>
                  {rendered === null ? '' : same(used, set) ? <span className="muted">same</span> : showValue(used)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {filters.length > 0 && (
        <div className="section">
          <h2>Node filter</h2>
          <dl className="props">
            {filters.map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd className="mono">{showValue(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  )
}
