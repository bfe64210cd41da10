// The parameters of a module as MISP's editor offers them, each with its proper field, and the node filter below.
import { useId, useMemo, useState } from 'react'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { triggerData } from '../../../engine/modules/describe/trigger-data.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { DataSource } from '../../../contract/operations.ts'
import { addedNow, modulesNow, profileNow } from '../../stores/added-modules.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { NodeFilters } from './node-filters.tsx'
import { ParamField } from './param-field.tsx'
import { Sentence } from './sentence.tsx'
import { baseOf, filterFields, isShown, textOf } from './param-options.ts'
import './param-form.css'

export interface ParamFormProps {
  readonly definition: ModuleDefinition
  /** As saved in the node (`indexed_params`); what is missing has its default. */
  readonly params: JsonMap
  /** `saved_filters` of the node. */
  readonly filters: JsonMap
  readonly onChange: (next: { readonly params: JsonMap; readonly filters: JsonMap }) => void
  /** Data that the node would see: for completion, previews and the bench. */
  readonly data?: DataSource
  readonly disabled?: boolean
  /** The trigger of the node's workflow; null or absent: none is known. */
  readonly trigger?: string | null
}

const noFilter: JsonMap = { selector: '', value: '', operator: '', path: '' }

export function ParamForm({
  definition,
  params,
  filters,
  onChange,
  data,
  disabled = false,
  trigger = null
}: ParamFormProps) {
  const resolved = useResolved(definition, data)
  const sentence = useMemo(() => {
    const explain = modulesNow().explain(definition.module_type, definition.id, addedNow())
    const start = trigger === null ? undefined : triggerData(modulesNow(), trigger)
    return explain?.({ params, filters, ...(start ? { data: start } : {}) }) ?? null
  }, [definition, params, filters, trigger])
  const set = (id: string, value: Json) => onChange({ params: { ...params, [id]: value }, filters })
  const reset = (id: string) =>
    onChange({ params: Object.fromEntries(Object.entries(params).filter(([name]) => name !== id)), filters })
  const shown = resolved.params.filter((param) => isShown(param, resolved, params))
  const gone = Object.keys(params).filter((id) => !resolved.params.some((param) => param.id === id))
  return (
    <div className="param-form">
      {sentence && (
        <p className="param-sentence" aria-live="polite" aria-label="What the module does with these parameters">
          <Sentence text={sentence.text} />
        </p>
      )}
      {shown.length === 0 && gone.length === 0 && <p className="muted">This module has no parameters.</p>}
      {shown.map((param) => (
        <ParamField
          key={param.id}
          param={param}
          definition={resolved}
          params={params}
          disabled={disabled}
          onChange={(value) => set(param.id, value)}
          onReset={() => reset(param.id)}
          {...(data ? { data } : {})}
          {...baseOf(param, resolved, params)}
        />
      ))}
      {gone.length > 0 && <GoneParams params={params} ids={gone} onRemove={disabled ? null : reset} />}
      {resolved.support_filters && (
        <FilterSection
          filters={filters}
          disabled={disabled}
          onChange={(next) => onChange({ params, filters: next })}
          {...(data ? { data } : {})}
        />
      )}
    </div>
  )
}

/** Options that MISP takes from its database come from the workspace's world and the data; until then the definition's own. */
function useResolved(definition: ModuleDefinition, data: DataSource | undefined): ModuleDefinition {
  const wanted = definition.params.some((param) => param.type === 'picker' || param.type === 'select')
  const { answer } = useLatest(
    'modules.resolve',
    wanted ? { moduleId: definition.id, profile: profileNow(), ...(data ? { data } : {}) } : null,
    0
  )
  return answer?.ok && answer.data.id === definition.id ? answer.data : definition
}

/** Parameters that the module no longer has: MISP keeps them, so they are shown and kept. */
function GoneParams({
  params,
  ids,
  onRemove
}: {
  params: JsonMap
  ids: readonly string[]
  onRemove: ((id: string) => void) | null
}) {
  return (
    <div className="param-gone" role="group" aria-label="Parameters unknown to this version">
      <span className="muted">Unknown to this version of the module, kept unchanged:</span>
      {ids.map((id) => (
        <span key={id} className="param-chip" title={textOf(params[id])}>
          {id} = {textOf(params[id]).slice(0, 30) || '""'}
          {onRemove && (
            <button aria-label={`Remove ${id}`} onClick={() => onRemove(id)}>
              ×
            </button>
          )}
        </span>
      ))}
    </div>
  )
}

function FilterSection({
  filters,
  disabled,
  onChange,
  data
}: {
  filters: JsonMap
  disabled: boolean
  onChange: (next: JsonMap) => void
  data?: DataSource
}) {
  const active = filterFields.some((name) => textOf(filters[name]) !== '')
  const [open, setOpen] = useState(active)
  const id = useId()
  return (
    <section className="param-filters">
      <div className="param-filters-head">
        <button className="btn quiet" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {open ? '▾' : '▸'} Node filter
        </button>
        {active ? <span className="tag accent">on</span> : <span className="muted">applies to every attribute</span>}
        {active && !disabled && (
          <button className="btn quiet" onClick={() => onChange(noFilter)}>
            Clear
          </button>
        )}
      </div>
      <div id={id} hidden={!open}>
        {open && <NodeFilters filters={filters} disabled={disabled} onChange={onChange} {...(data ? { data } : {})} />}
      </div>
    </section>
  )
}
