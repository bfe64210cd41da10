import { useId } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import type { DataSource } from '../../../contract/operations.ts'
import { HashPathField } from '../hash-path/hash-path-field.tsx'
import { FilterBench } from '../hash-path/filter-bench.tsx'
import { filterFields, filterOperators, textOf } from './param-options.ts'

interface NodeFiltersProps {
  readonly filters: JsonMap
  readonly disabled: boolean
  readonly onChange: (next: JsonMap) => void
  readonly data?: DataSource
  /** False: the items are shown elsewhere. */
  readonly bench?: boolean
}

/** The four fields of a node filter, and what passes it. */
export function NodeFilters({ filters, disabled, onChange, data, bench = true }: NodeFiltersProps) {
  const id = useId()
  const text = (name: (typeof filterFields)[number]): string => textOf(filters[name])
  // MISP saves all four fields together.
  const set = (name: string, value: string) =>
    onChange({ selector: '', value: '', operator: '', path: '', ...filters, [name]: value })
  const operator = text('operator')
  const known = filterOperators.some((one) => one.value === operator)
  const some = filterFields.some((name) => text(name) !== '')
  return (
    <div className="node-filters">
      <div className="param-row">
        <label htmlFor={`${id}-selector`}>Element selector</label>
        <HashPathField
          id={`${id}-selector`}
          label="Element selector"
          disabled={disabled}
          placeholder="Event._AttributeFlattened.{n}"
          value={text('selector')}
          onChange={(value) => set('selector', value)}
          {...(data ? { data } : {})}
        />
      </div>
      <div className="param-row">
        <label htmlFor={`${id}-path`}>Hash path in each item</label>
        <HashPathField
          id={`${id}-path`}
          label="Hash path in each item"
          disabled={disabled}
          placeholder="Tag.{n}.name"
          value={text('path')}
          base={text('selector')}
          operator={operator}
          onChange={(value) => set('path', value)}
          {...(data ? { data } : {})}
        />
      </div>
      <div className="param-pair">
        <div className="param-row">
          <label htmlFor={`${id}-operator`}>Operator</label>
          <select
            id={`${id}-operator`}
            className="field"
            disabled={disabled}
            value={operator}
            onChange={(event) => set('operator', event.target.value)}
          >
            {!known && <option value={operator}>{operator} (not offered by MISP’s editor)</option>}
            {filterOperators.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
        </div>
        <div className="param-row">
          <label htmlFor={`${id}-value`}>Value</label>
          <input
            id={`${id}-value`}
            className="field"
            spellCheck={false}
            disabled={disabled || operator === 'any_value'}
            placeholder="tlp:red"
            value={text('value')}
            onChange={(event) => set('value', event.target.value)}
          />
        </div>
      </div>
      {data && some && bench && <FilterBench data={data} filters={filters} />}
    </div>
  )
}
