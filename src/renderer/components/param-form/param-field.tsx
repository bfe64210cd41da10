import { useId } from 'react'
import type { ReactNode } from 'react'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition, ParamDefinition } from '../../../contract/modules.ts'
import type { DataSource } from '../../../contract/operations.ts'
import { HashPathField } from '../hash-path/hash-path-field.tsx'
import {
  effective,
  isHashPath,
  isMultiple,
  isOn,
  isTemplate,
  labelOf,
  listOf,
  optionsOf,
  textOf
} from './param-options.ts'
import type { Option } from './param-options.ts'
import { PickerField } from './picker-field.tsx'
import { CheckRow } from '../form-row.tsx'
import { TemplateField } from './template-field.tsx'

export interface ParamFieldProps {
  readonly param: ParamDefinition
  readonly definition: ModuleDefinition
  readonly params: JsonMap
  readonly disabled: boolean
  readonly onChange: (value: Json) => void
  readonly onReset: () => void
  readonly data?: DataSource
  /** Selector whose items a path is read in. */
  readonly base?: string
}

/** One parameter: label, marks, and the field that its type asks for. */
export function ParamField(props: ParamFieldProps) {
  const { param, params, disabled, onReset } = props
  const id = useId()
  const isSet = Object.hasOwn(params, param.id)
  const hasDefault = param['default'] !== undefined && textOf(param['default']) !== ''
  const standard = !isSet || textOf(params[param.id]) === textOf(param['default'])
  return (
    <div className="param-row" data-param={param.id}>
      <div className="param-label">
        <label htmlFor={id}>{labelOf(param)}</label>
        {isTemplate(param) && (
          <span className="tag" title="Rendered as a Jinja2 template over the roaming data">
            Jinja
          </span>
        )}
        {isHashPath(param) && (
          <span className="tag" title="A CakePHP hash path over the roaming data">
            hash path
          </span>
        )}
        <span className="grow" />
        {hasDefault && standard && <span className="param-default">default</span>}
        {hasDefault && !standard && !disabled && (
          <button className="param-reset" onClick={onReset} title={`Reset to ${textOf(param['default'])}`}>
            reset
          </button>
        )}
      </div>
      <FieldOf {...props} id={id} />
    </div>
  )
}

function FieldOf(props: ParamFieldProps & { readonly id: string }): ReactNode {
  const { param, params, onChange, id, definition, data, base } = props
  const disabled = props.disabled
  const value = effective(param, params)
  const label = labelOf(param)
  const placeholder = textOf(param['placeholder'])
  const shared = { id, disabled, label, placeholder }
  if (isHashPath(param)) {
    const operator = textOf(params['operator'] ?? definition.params.find((one) => one.id === 'operator')?.['default'])
    return (
      <HashPathField
        {...shared}
        value={textOf(value)}
        onChange={onChange}
        operator={operator}
        {...(data ? { data } : {})}
        {...(base === undefined ? {} : { base })}
      />
    )
  }
  if (isTemplate(param))
    return (
      <TemplateField
        {...shared}
        value={textOf(value)}
        onChange={onChange}
        multiline={param.type === 'textarea'}
        moduleId={definition.id}
        {...(data ? { data } : {})}
      />
    )
  switch (param.type) {
    case 'select':
      return <SelectField {...shared} value={textOf(value)} options={optionsOf(param)} onChange={onChange} />
    case 'picker':
      return (
        <PickerField
          {...shared}
          values={listOf(value)}
          options={optionsOf(param)}
          multiple={isMultiple(param)}
          create={param['picker_create_new'] === true}
          onChange={(values) => onChange(isMultiple(param) ? [...values] : (values[0] ?? ''))}
        />
      )
    case 'checkbox':
      return <CheckField {...shared} value={value} options={optionsOf(param)} onChange={onChange} />
    case 'radio':
      return <RadioField {...shared} value={textOf(value)} options={optionsOf(param)} onChange={onChange} />
    case 'textarea':
      return (
        <textarea
          id={id}
          className="area mono"
          rows={3}
          spellCheck={false}
          disabled={disabled}
          placeholder={placeholder}
          value={textOf(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    default:
      return (
        <input
          id={id}
          className="field"
          spellCheck={false}
          disabled={disabled}
          placeholder={placeholder}
          value={textOf(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      )
  }
}

interface ChoiceProps {
  readonly id: string
  readonly label: string
  readonly disabled: boolean
  readonly options: readonly Option[]
  readonly onChange: (value: Json) => void
}

/** A value that is none of the options stays, and is said to be none. */
function SelectField({ id, value, options, onChange, disabled }: ChoiceProps & { value: string }) {
  const known = options.some((option) => option.value === value)
  return (
    <select
      id={id}
      className="field"
      disabled={disabled}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {!known && <option value={value}>{value === '' ? 'Choose…' : `${value} (not an available option)`}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label || '–'}
        </option>
      ))}
    </select>
  )
}

/** With options a list of checks, else one. */
function CheckField({ id, label, value, options, onChange, disabled }: ChoiceProps & { value: Json }) {
  if (options.length === 0)
    return (
      <label className="check">
        <input
          id={id}
          type="checkbox"
          disabled={disabled}
          checked={isOn(value)}
          onChange={(event) => onChange(event.target.checked ? '1' : '0')}
        />
        <span>{isOn(value) ? 'Yes' : 'No'}</span>
      </label>
    )
  const chosen = listOf(value)
  return (
    <div role="group" aria-label={label} id={id}>
      {options.map((option) => (
        <CheckRow
          key={option.value}
          label={option.label}
          disabled={disabled}
          checked={chosen.includes(option.value)}
          onChange={(on) => onChange(on ? [...chosen, option.value] : chosen.filter((one) => one !== option.value))}
        />
      ))}
    </div>
  )
}

function RadioField({ id, label, value, options, onChange, disabled }: ChoiceProps & { value: string }) {
  return (
    <div role="radiogroup" aria-label={label} id={id} className="param-radios">
      {options.map((option) => (
        <label key={option.value} className="check">
          <input
            type="radio"
            name={id}
            disabled={disabled}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  )
}
