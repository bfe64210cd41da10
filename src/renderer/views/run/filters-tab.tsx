import { useMemo } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { FilterBench } from '../../components/hash-path/filter-bench.tsx'
import { showValue } from './node-params.ts'

/** The node's filter, and which items of its input passed. */
export function FiltersTab({
  detail,
  step,
  filters,
  show
}: {
  detail: RunDetail
  step: RunStep
  filters: JsonMap
  show: (tab: string, path: ValuePath) => void
}) {
  const runId = detail.summary.id
  const data = useMemo(() => ({ runId, step: step.step, which: 'input' as const }), [runId, step.step])
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Filters">
      <div className="section">
        <h2>Node filter</h2>
        <dl className="props">
          {Object.entries(filters)
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd className="mono">{showValue(value)}</dd>
              </div>
            ))}
        </dl>
      </div>
      <div className="section">
        <h2>Items that pass {step.derived.includes('input') && <span className="tag derived">derived input</span>}</h2>
        <FilterBench data={data} filters={filters} onReveal={(at) => show('input', at)} />
      </div>
    </div>
  )
}
