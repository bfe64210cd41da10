import { useEffect, useRef } from 'react'
import { addCommands } from '../../stores/commands.ts'
import { SearchInput } from '../search-input.tsx'

/** The one box in which lists are searched. `/` goes to it; Escape empties it, and an arrow down or Escape in an empty one goes to the list. */
export function SearchBox({
  label,
  placeholder,
  group,
  value,
  onChange
}: {
  /** As in `Search runs`. */
  label: string
  placeholder: string
  /** Where its shortcut is listed. */
  group: string
  value: string
  onChange: (text: string) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(
    () =>
      addCommands([
        {
          id: `${group}.search`,
          title: label,
          group,
          keys: '/',
          run: () => (field.current?.focus(), field.current?.select())
        }
      ]),
    [label, group]
  )
  const toList = () => document.querySelector<HTMLElement>('.main [role="grid"], .main [role="treegrid"]')?.focus()
  return (
    <SearchInput
      ref={field}
      aria-label={label}
      title={`${label} (/)`}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') onChange('')
        else if (event.key === 'Escape' || event.key === 'ArrowDown') toList()
        else return
        event.preventDefault()
      }}
    />
  )
}
