// What is searched for, and in what.
import { useEffect, useRef, useState } from 'react'
import { findOperators } from '../../../contract/finding.ts'
import type { FindOperator } from '../../../contract/finding.ts'
import { Icon } from '../../components/icons.tsx'
import { SearchInput } from '../../components/search-input.tsx'
import { searchRuns, takesList } from '../../stores/run-search.ts'
import type { Asked, FindKind } from '../../stores/run-search.ts'

const kinds: Readonly<Record<FindKind, { readonly label: string; readonly hint: string }>> = {
  text: { label: 'Text', hint: '198.51.100.7, tlp:red, part of a text' },
  key: { label: 'Keys', hint: 'to_ids' },
  path: { label: 'Hash path', hint: 'Event.Attribute.{n}.value' }
}

/** As IF :: Generic names them. */
const operatorLabels: Readonly<Record<FindOperator, string>> = {
  any_value: 'Any value',
  equals: 'Equals',
  not_equals: 'Not equals',
  in: 'In',
  not_in: 'Not in',
  in_or: 'In (or)',
  in_and: 'In (and)',
  not_in_or: 'Not in (or)',
  not_in_and: 'Not in (and)'
}

export function SearchForm({ asked }: { asked: Asked }) {
  const [form, setForm] = useState(asked)
  const field = useRef<HTMLInputElement>(null)
  const address = JSON.stringify(asked)
  useEffect(() => setForm(asked), [address])
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  const set = (part: Partial<Asked>) => setForm({ ...form, ...part })
  const { kind, operator } = form
  return (
    <form
      role="search"
      className="find-form"
      onSubmit={(event) => {
        event.preventDefault()
        searchRuns(form)
      }}
    >
      <select
        className="field"
        aria-label="Search in"
        value={kind}
        onChange={(event) => set({ kind: event.target.value as FindKind })}
      >
        {Object.entries(kinds).map(([id, { label }]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <SearchInput
        ref={field}
        className={kind === 'path' ? 'mono find-query' : 'find-query'}
        aria-label="Search for"
        placeholder={kinds[kind].hint}
        maxLength={kind === 'path' ? 10_000 : 1000}
        value={form.query}
        onChange={(event) => set({ query: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          document.querySelector<HTMLElement>('.main [role="grid"]')?.focus()
        }}
      />
      {kind === 'path' && (
        <select
          className="field"
          aria-label="Operator"
          value={operator}
          onChange={(event) => set({ operator: event.target.value as FindOperator })}
        >
          {findOperators.map((name) => (
            <option key={name} value={name}>
              {operatorLabels[name]}
            </option>
          ))}
        </select>
      )}
      {kind === 'path' && operator !== 'any_value' && <Value form={form} set={set} />}
      {kind !== 'path' && (
        <label className="check">
          <input
            type="checkbox"
            checked={form.matchCase}
            onChange={(event) => set({ matchCase: event.target.checked })}
          />
          <span>Match case</span>
        </label>
      )}
      <button className="btn primary" type="submit" disabled={form.query === ''}>
        <Icon name="search" /> Search
      </button>
    </form>
  )
}

function Value({ form, set }: { form: Asked; set: (part: Partial<Asked>) => void }) {
  if (!takesList(form.operator))
    return (
      <input
        className="field mono"
        aria-label="Value"
        placeholder="Value"
        value={form.value}
        onChange={(event) => set({ value: event.target.value })}
      />
    )
  return (
    <textarea
      className="area mono"
      rows={2}
      aria-label="Values, one a line"
      placeholder="One a line"
      value={form.value}
      onChange={(event) => set({ value: event.target.value })}
    />
  )
}
