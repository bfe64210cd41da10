import { useState } from 'react'
import type { Placeholder } from '../../../contract/effects.ts'
import { CheckRow } from '../form-row.tsx'
import { Icon } from '../icons.tsx'

type Placeholders = { readonly [moduleId: string]: Placeholder }

export const blankPlaceholder: Placeholder = { type: 'action', success: true, errors: [], blocking: false }

interface FieldsProps {
  /** Of the module. */
  readonly id: string
  readonly value: Placeholder
  readonly onChange: (next: Partial<Placeholder>) => void
  /** What the module is, when the graph says so. */
  readonly fixedType?: boolean
}

/** What a module without code would return. */
export function PlaceholderFields({ id: moduleId, value: one, onChange, fixedType = false }: FieldsProps) {
  return (
    <>
      {!fixedType && (
        <select
          className="field"
          aria-label={`Type of ${moduleId}`}
          value={one.type}
          onChange={(event) => onChange({ type: event.target.value as Placeholder['type'] })}
        >
          <option value="action">action</option>
          <option value="logic">logic</option>
        </select>
      )}
      <select
        className="field"
        aria-label={`Result of ${moduleId}`}
        value={String(one.success)}
        onChange={(event) => onChange({ success: event.target.value === 'true' })}
      >
        <option value="true">{one.type === 'logic' ? 'true' : 'success'}</option>
        <option value="false">{one.type === 'logic' ? 'false' : 'failure'}</option>
      </select>
      <input
        className="field grow"
        aria-label={`Error of ${moduleId}`}
        placeholder="error (optional)"
        value={one.errors[0] ?? ''}
        onChange={(event) => onChange({ errors: event.target.value === '' ? [] : [event.target.value] })}
      />
      <CheckRow
        style={{ margin: 0 }}
        label="blocking"
        checked={one.blocking}
        onChange={(blocking) => onChange({ blocking })}
      />
    </>
  )
}

/** For modules that nobody here has the code of: what they would return. */
export function PlaceholderRows({ value, onChange }: { value: Placeholders; onChange: (next: Placeholders) => void }) {
  const [id, setId] = useState('')
  const set = (moduleId: string, next: Partial<Placeholder>) =>
    onChange({ ...value, [moduleId]: { ...(value[moduleId] ?? blankPlaceholder), ...next } })
  const add = () => {
    if (id.trim() === '') return
    onChange({ ...value, [id.trim()]: blankPlaceholder })
    setId('')
  }
  return (
    <>
      <h2 className="mock-heading">Placeholders for unknown modules</h2>
      {Object.entries(value).map(([moduleId, one]) => (
        <div key={moduleId} className="mock-line" role="group" aria-label={`Placeholder of ${moduleId}`}>
          <span className="mono" style={{ minWidth: 140 }}>
            {moduleId}
          </span>
          <PlaceholderFields id={moduleId} value={one} onChange={(next) => set(moduleId, next)} />
          <button
            className="btn quiet icon"
            aria-label={`Remove placeholder of ${moduleId}`}
            onClick={() => onChange(Object.fromEntries(Object.entries(value).filter(([name]) => name !== moduleId)))}
          >
            <Icon name="trash" />
          </button>
        </div>
      ))}
      <div className="mock-line">
        <input
          className="field mono"
          aria-label="Module without implementation"
          placeholder="module id"
          value={id}
          onChange={(event) => setId(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <button className="btn" disabled={id.trim() === ''} onClick={add}>
          <Icon name="plus" /> Add placeholder
        </button>
      </div>
    </>
  )
}
