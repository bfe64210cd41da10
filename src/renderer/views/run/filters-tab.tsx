import { useMemo } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import type { StepValue } from '../../../contract/operations.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { FilterBench } from '../../components/hash-path/filter-bench.tsx'
import { showValue } from '../../step/node-params.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

interface Props {
  readonly detail: RunDetail
  readonly step: RunStep
  readonly show: (tab: string, path: ValuePath) => void
}

/** Filter :: Generic notes its parameters as a filter of the path (Module_generic_filter_data::exec). */
const pathFilterOf = ({ selector, hash_path, operator, value, value_list }: JsonMap): JsonMap => ({
  selector: selector ?? '',
  path: hash_path ?? '',
  operator: operator ?? '',
  value: (operator === 'in_or' ? value_list : value) ?? ''
})

/** What a filter of the path keeps and drops of what this node saw; its parameters as they were used. */
function PathFilter(props: Props) {
  const { detail, step } = props
  const answer = useAnswer('run.text', { runId: detail.summary.id, step: step.step, which: 'params', path: [] })
  const params = useMemo(() => (answer?.ok ? (JSON.parse(answer.data.text) as JsonMap) : null), [answer])
  if (answer && !answer.ok) return <FailureState failure={answer.error} />
  if (params === null) return <Loading label="Reading the filter" />
  const title = `Filter ${showValue(params['filtering-label'])}`
  return <Filter {...props} title={title} filters={pathFilterOf(params)} />
}

/** The node's filter, and which items of what it saw passed. */
export function FiltersTab({ filters, ...props }: Props & { readonly filters: JsonMap }) {
  if (props.step.moduleId === 'generic-filter-data') return <PathFilter {...props} />
  return <Filter {...props} title="Node filter" filters={filters} />
}

function Filter({ detail, step, title, filters, show }: Props & { readonly title: string; readonly filters: JsonMap }) {
  const runId = detail.summary.id
  // A post holds what nodes see; the data of other runs are whole, and nodes see them through the filters before.
  const which: StepValue = step.derived.includes('input') ? 'input' : 'view'
  const isWhole =
    which === 'input' || !detail.steps.some((one) => one.moduleId === 'generic-filter-data' && one.step < step.step)
  const data = useMemo(() => ({ runId, step: step.step, which }), [runId, step.step, which])
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Filters">
      <div className="section">
        <h2>{title}</h2>
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
        <FilterBench
          data={data}
          filters={filters}
          {...(isWhole ? { onReveal: (at: ValuePath) => show('input', at) } : {})}
        />
      </div>
    </div>
  )
}
