import { useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { Suggestions, useSuggestions } from '../suggestions.tsx'
import type { Option } from './param-options.ts'

interface PickerProps {
  readonly id: string
  readonly label: string
  readonly values: readonly string[]
  readonly options: readonly Option[]
  readonly multiple: boolean
  /** MISP's picker takes new values too. */
  readonly create: boolean
  readonly disabled: boolean
  readonly placeholder: string
  readonly onChange: (values: readonly string[]) => void
}

const maxShown = 100

/**
 * MISP's picker: chips and a list to choose from. What MISP's database holds is not all known here, so a value can always be typed; one that is not
 * offered is marked.
 */
export function PickerField(props: PickerProps) {
  const { id, label, values, options, multiple, create, disabled, placeholder, onChange } = props
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const labels = new Map(options.map((option) => [option.value, option.label]))
  const wanted = text.trim().toLowerCase()
  const offered = options
    .filter((option) => option.value !== '' && !values.includes(option.value))
    .filter((option) => `${option.label} ${option.value}`.toLowerCase().includes(wanted))
    .slice(0, maxShown)
  const typed = text.trim()
  const fresh = typed !== '' && !labels.has(typed) && !values.includes(typed)
  const items = [
    ...offered.map((option) => ({
      key: option.value,
      text: option.label,
      note: option.label === option.value ? '' : option.value
    })),
    ...(fresh ? [{ key: typed, text: typed, note: create || options.length === 0 ? 'new' : 'not in the list' }] : [])
  ]
  const add = (value: string) => {
    if (value === '') return
    onChange(multiple ? [...values.filter((one) => one !== value), value] : [value])
    setText('')
    // An open list would cover what is below.
    list.close()
  }
  const list = useSuggestions(id, items, (item) => add(item.key))
  const remove = (value: string) => {
    onChange(values.filter((one) => one !== value))
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (list.onKeyDown(event)) return
    if (event.key === 'Backspace' && text === '' && values.length > 0) remove(values.at(-1) ?? '')
    else if ((event.key === 'Enter' || event.key === ',') && typed !== '') {
      event.preventDefault()
      add(typed)
    }
  }
  return (
    <div className={`picker${disabled ? ' disabled' : ''}`} onMouseDown={(event) => focusInside(event, input.current)}>
      {values.map((value) => (
        <span key={value} className="param-chip" title={value}>
          {labels.get(value) ?? value}
          {options.length > 0 && !labels.has(value) && !create && (
            <span className="muted" title="Not in World">
              {' '}
              ?
            </span>
          )}
          {!disabled && (
            <button aria-label={`Remove ${labels.get(value) ?? value}`} onClick={() => remove(value)} tabIndex={-1}>
              ×
            </button>
          )}
        </span>
      ))}
      <input
        ref={input}
        id={id}
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        {...list.inputProps}
        aria-label={label}
        placeholder={values.length === 0 ? placeholder || (create ? 'Type and press Enter' : 'Select or type') : ''}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          list.open()
        }}
        onFocus={list.open}
        onClick={list.open}
        onBlur={() => {
          list.close()
          if (fresh && create) add(typed)
          else setText('')
        }}
        onKeyDown={onKeyDown}
      />
      <Suggestions state={list} label={`Values of ${label}`} />
    </div>
  )
}

function focusInside(event: React.MouseEvent, input: HTMLInputElement | null): void {
  if (event.target !== event.currentTarget) return
  event.preventDefault()
  input?.focus()
}
